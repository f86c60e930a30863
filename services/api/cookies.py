"""The cookies: who is logged in, which browser this is, a registration under way, where to go after logging in,
and a message that survives one redirect."""

import base64
import json
from datetime import timedelta
from urllib.parse import unquote

from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response

from services.api.web.rendering import Flash
from shared.security.signatures import sign, verify
from shared.settings import Settings

BROWSER_LIFETIME = timedelta(days=180)
FLASH_LIFETIME = timedelta(minutes=2)
REGISTRATION_LIFETIME = timedelta(days=30)
RETURN_LIFETIME = timedelta(minutes=15)

# What follows `belay` (or `__Host-belay`) in the name of a cookie; the session's is the bare name.
BROWSER, FLASH, REGISTRATION, RETURN = "-browser", "-flash", "-registration", "-return"


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
    return request.cookies.get(cookie_name(settings, BROWSER), "")


def registration_token(request: HTTPConnection, settings: Settings) -> str:
    return request.cookies.get(cookie_name(settings, REGISTRATION), "")


def local_path(wanted: str) -> str:
    """A path on this site, or "": never an address that leads elsewhere."""
    is_local = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted and wanted.isprintable()
    return wanted if is_local else ""


def return_path(request: HTTPConnection, settings: Settings) -> str:
    """Where somebody wanted to go before they had to log in; "" if nowhere in particular."""
    return local_path(unquote(request.cookies.get(cookie_name(settings, RETURN), "")))


def redirect(url: str, settings: Settings | None = None, flash: Flash | None = None) -> RedirectResponse:
    """Go on elsewhere with GET; `flash` is said at the top of the page that comes next."""
    response = RedirectResponse(url, status_code=303)
    if flash and settings:
        set_cookie(response, settings, FLASH, _write_flash(flash, settings), FLASH_LIFETIME)
    return response


def read_flash(request: HTTPConnection, settings: Settings) -> list[Flash]:
    """The message of the page before, if it is one that we wrote."""
    payload, _, signature = request.cookies.get(cookie_name(settings, FLASH), "").partition(".")
    if not verify(settings.secret_key.get_secret_value(), "flash", payload, signature):
        return []
    text, tone = json.loads(base64.urlsafe_b64decode(payload))
    return [Flash(text, tone)]


def _write_flash(flash: Flash, settings: Settings) -> str:
    payload = base64.urlsafe_b64encode(json.dumps([flash.text, flash.tone]).encode()).decode()
    return f"{payload}.{sign(settings.secret_key.get_secret_value(), 'flash', payload)}"
