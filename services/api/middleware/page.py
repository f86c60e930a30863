"""What every page knows before anyone asks who is logged in: the form token, the language, the last page's message."""

from babel import negotiate_locale
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.api.cookies import (
    BROWSER,
    BROWSER_LIFETIME,
    FLASH,
    browser_token,
    cookie_name,
    forget_cookie,
    read_flash,
    set_cookie,
)
from services.api.middleware.csrf import form_token
from services.api.web.rendering import PageContext
from services.api.web.translations import DEFAULT_LOCALE, LOCALES
from shared.security.tokens import new_token
from shared.settings import Settings


class PageMiddleware:
    """Puts the PageContext at `request.state.page`; names a browser that comes for the first time."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or (scope["method"] == "GET" and scope["path"].startswith("/static/")):
            await self.app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        known = browser_token(request, self.settings)
        token = known or new_token()
        request.state.browser_token = token
        request.state.page = self._page(request, token)

        async def send_with_cookies(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_page(message):
                self._set_cookies(request, message, "" if known else token)
            await send(message)

        await self.app(scope, receive, send_with_cookies)

    def _page(self, request: HTTPConnection, token: str) -> PageContext:
        return PageContext(
            csrf_token=form_token(self.settings, token),
            locale=preferred_locale(request.headers.get("accept-language", "")),
            demo=self.settings.demo,
            flash=read_flash(request, self.settings),
            path=request.url.path,
        )

    def _set_cookies(self, request: HTTPConnection, message: Message, new_browser: str) -> None:
        cookies = Response()
        if new_browser:
            set_cookie(cookies, self.settings, BROWSER, new_browser, BROWSER_LIFETIME)
        if cookie_name(self.settings, FLASH) in request.cookies:
            forget_cookie(cookies, self.settings, FLASH)
        headers = MutableHeaders(scope=message)
        for value in cookies.headers.getlist("set-cookie"):
            headers.append("set-cookie", value)


def _is_page(message: Message) -> bool:
    return MutableHeaders(scope=message).get("content-type", "").startswith("text/html")


def preferred_locale(accept_language: str) -> str:
    """The language a browser asks for first among those we speak."""
    wanted = [part.split(";")[0].strip() for part in accept_language.split(",") if part.strip()]
    return negotiate_locale(wanted, list(LOCALES), sep="-") or DEFAULT_LOCALE
