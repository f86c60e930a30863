"""The three cookies: who is logged in, which browser this is, and a message that survives one redirect."""

import base64
import json
from datetime import timedelta

from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response

from services.api.web.rendering import Flash
from shared.security.signatures import sign, verify
from shared.settings import Settings

BROWSER_LIFETIME = timedelta(days=180)
FLASH_LIFETIME = timedelta(minutes=2)


def cookie_name(settings: Settings, suffix: str = "") -> str:
    """`__Host-` pins a cookie to this host over HTTPS; browsers refuse the prefix without HTTPS."""
    return f"{'__Host-' if settings.secure_cookies else ''}belay{suffix}"


def set_cookie(response: Response, settings: Settings, suffix: str, value: str, lifetime: timedelta) -> None:
    response.set_cookie(
        cookie_name(settings, suffix),
        value,
        max_age=int(lifetime.total_seconds()),
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
        path="/",
    )


def forget_cookie(response: Response, settings: Settings, suffix: str = "") -> None:
    response.delete_cookie(
        cookie_name(settings, suffix), secure=settings.secure_cookies, httponly=True, samesite="lax", path="/"
    )


def session_token(request: HTTPConnection, settings: Settings) -> str:
    return request.cookies.get(cookie_name(settings), "")


def browser_token(request: HTTPConnection, settings: Settings) -> str:
    return request.cookies.get(cookie_name(settings, "-browser"), "")


def redirect(url: str, settings: Settings | None = None, flash: Flash | None = None) -> RedirectResponse:
    """Go on elsewhere with GET; `flash` is said at the top of the page that comes next."""
    response = RedirectResponse(url, status_code=303)
    if flash and settings:
        set_cookie(response, settings, "-flash", _write_flash(flash, settings), FLASH_LIFETIME)
    return response


def read_flash(request: HTTPConnection, settings: Settings) -> list[Flash]:
    """The message of the page before, if it is one that we wrote."""
    payload, _, signature = request.cookies.get(cookie_name(settings, "-flash"), "").partition(".")
    if not verify(settings.secret_key.get_secret_value(), "flash", payload, signature):
        return []
    text, tone = json.loads(base64.urlsafe_b64decode(payload))
    return [Flash(text, tone)]


def _write_flash(flash: Flash, settings: Settings) -> str:
    payload = base64.urlsafe_b64encode(json.dumps([flash.text, flash.tone]).encode()).decode()
    return f"{payload}.{sign(settings.secret_key.get_secret_value(), 'flash', payload)}"
