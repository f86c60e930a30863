"""Nobody else's page may act in a visitor's name.

Every request that changes something must come from our own pages (Sec-Fetch-Site, else Origin) and carry the token
of the browser it comes from, as the form field `csrf_token` or the header X-CSRF-Token. This is checked before
anything else, log-ins included. Exempt is what carries no authority of a browser: one-click unsubscribing by a mail
program (RFC 8058; its own signed token), reports of the content policy, and API calls without a session cookie.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

import structlog
from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.api.answering import answer_error, is_api
from services.api.cookies import session_token
from services.api.errors import ApiError, ForbiddenError, TooLargeError
from shared.security.signatures import sign, verify
from shared.settings import Settings

log = structlog.get_logger()

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
EXEMPT = ("/unsubscribe/", "/csp-reports")
MAX_BODY_BYTES = 1024 * 1024
FORM_FIELD = "csrf_token"
HEADER = "X-CSRF-Token"
_: Callable[[str], str] = str  # marks a sentence for the catalogs
ADVICE = _("Load the page again and repeat what you did; your browser may have cleared its cookies in between.")
ADVICE_FOR_PROGRAMS = f"Send {HEADER} with `csrf_token` of GET /api/v1/me, and all cookies of the same log-in."


def form_token(settings: Settings, browser: str) -> str:
    """The token for the forms of one browser: an HMAC of its random name."""
    return sign(settings.secret_key.get_secret_value(), "form token", browser)


class CsrfMiddleware:
    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS:
            await self.app(scope, receive, send)
            return
        body = await _read_body(receive)
        request = Request(scope, _replay(body, receive))
        problem = TooLargeError(MAX_BODY_BYTES) if body is None else await self._problem(request)
        if problem:
            log.warning("request refused", problem=problem.code, method=scope["method"])
            response = await run_in_threadpool(answer_error, request, problem)
            await response(scope, receive, send)
            return
        await self.app(scope, _replay(body, receive), send)

    async def _problem(self, request: Request) -> ApiError | None:
        if self._is_exempt(request):
            return None
        if not self._is_same_site(request):
            return ForbiddenError(_("This came from another site."), ADVICE, code="cross_site")
        if not self._is_token_right(request, await _submitted_token(request)):
            return _wrong_token(request)
        return None

    def _is_exempt(self, request: Request) -> bool:
        path = request.url.path
        return path.startswith(EXEMPT) or (is_api(path) and not session_token(request, self.settings))

    def _is_same_site(self, request: Request) -> bool:
        fetch_site = request.headers.get("sec-fetch-site")
        if fetch_site is not None:
            return fetch_site in ("same-origin", "none")
        origin = request.headers.get("origin")
        return origin is None or urlsplit(origin).netloc in self._own_hosts(request)

    def _own_hosts(self, request: Request) -> set[str]:
        return {urlsplit(self.settings.public_url).netloc, request.headers.get("host", "")}

    def _is_token_right(self, request: Request, submitted: str) -> bool:
        secret = self.settings.secret_key.get_secret_value()
        return verify(secret, "form token", request.state.browser_token, submitted)


def _wrong_token(request: Request) -> ForbiddenError:
    if is_api(request.url.path):
        return ForbiddenError(f"The header {HEADER} is missing or wrong.", ADVICE_FOR_PROGRAMS, code="form_token")
    return ForbiddenError(_("This form is no longer valid."), ADVICE, code="form_token")


async def _submitted_token(request: Request) -> str:
    header = request.headers.get(HEADER)
    if header is not None:
        return header
    try:
        async with request.form() as form:
            field = form.get(FORM_FIELD, "")
    except HTTPException:  # what calls itself a form and is none carries no token either
        return ""
    return field if isinstance(field, str) else ""


async def _read_body(receive: Receive) -> bytes | None:
    """The whole body, or None if it is larger than we take."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_BODY_BYTES:
            return None
        if not message.get("more_body", False):
            break
    return b"".join(parts)


def _replay(body: bytes | None, receive: Receive) -> Receive:
    """The body once more, then whatever the browser sends next (that it hung up)."""
    sent = False

    async def receive_again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body or b"", "more_body": False}

    return receive_again
