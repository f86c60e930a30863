"""The innermost net: what nobody caught becomes a designed answer with all headers, and a line in the log."""

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.api.answering import answer_unexpected, is_database_down


class FailureMiddleware:
    """Answers 503 when the database does not answer, else 500; the latter is raised on, for the server to see."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_noting_start(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, send_noting_start)
        except Exception as error:
            if started:
                raise
            response = await run_in_threadpool(answer_unexpected, Request(scope), error)
            await response(scope, receive, send)
            if not is_database_down(error):
                raise
