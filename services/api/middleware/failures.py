"""The innermost net: what nobody caught becomes a designed answer with all headers, and a line in the log."""

import structlog
from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.api.answering import answer_unexpected, is_database_down

log = structlog.get_logger()


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
            response = await run_in_threadpool(_answer, Request(scope), error)
            await response(scope, receive, send)
            if not is_database_down(error):
                raise


def _answer(request: Request, error: Exception) -> Response:
    try:
        return answer_unexpected(request, error)
    except Exception:  # the error page itself cannot be drawn
        log.exception("error page failed")
        return PlainTextResponse("Something went wrong on our side. Nothing you saved is lost.\n", status_code=500)
