"""The request id, the log line and the time of every request."""

import re
from time import perf_counter
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.telemetry.context import request_id_scope
from shared.telemetry.metrics import REQUEST_SECONDS

ACCEPTED = re.compile(r"[A-Za-z0-9._-]{8,64}")
UNROUTED = "(none)"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER = "(other)"
QUIET = frozenset({"/healthz", "/readyz", "/metrics"})

log = structlog.get_logger()


class TracingMiddleware:
    """Takes over a well-formed X-Request-ID or makes one, answers with it, logs and measures by route template."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope).get("x-request-id", "")
        with request_id_scope(asked if ACCEPTED.fullmatch(asked) else uuid4().hex) as request_id:
            scope.setdefault("state", {})["request_id"] = request_id
            await self._measured(scope, receive, send, request_id)

    async def _measured(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        started, status = perf_counter(), 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        finally:
            _note(scope, status, perf_counter() - started)


def _note(scope: Scope, status: int, seconds: float) -> None:
    # A client may invent methods; each would be a series of its own.
    method, route = scope["method"] if scope["method"] in METHODS else OTHER, route_template(scope)
    REQUEST_SECONDS.labels(method, route, str(status)).observe(seconds)
    if route not in QUIET and not scope["path"].startswith("/static/"):
        log.info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))


def route_template(scope: Scope) -> str:
    """`/mentorships/{id}` rather than the address itself: few labels, and no ids or tokens in metrics and logs."""
    return str(getattr(scope.get("route"), "path", UNROUTED))
