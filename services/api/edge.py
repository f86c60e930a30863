"""Where a request meets the application: who asks, and the one transaction in which all of it happens."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from ipaddress import ip_address, ip_network
from typing import Annotated

from fastapi import Depends, Request, Security

from services.api.accounts.sessions import resolve_visitor
from services.api.cookies import session_token
from services.api.describing import session_cookie
from services.api.errors import LoginRequiredError
from services.api.services import Services, services_of
from services.api.visitor import STRANGER, Shown, Visitor
from services.api.web.rendering import page_of
from services.api.web.translations import reading_as
from shared.clock import Clock
from shared.db.engine import ReadSession, WriteSession


def current_services(request: Request) -> Services:
    return services_of(request.app.state)


CurrentServices = Annotated[Services, Depends(current_services)]


def current_clock(services: CurrentServices) -> Clock:
    return services.clock


CurrentClock = Annotated[Clock, Depends(current_clock)]


def current_visitor(request: Request, services: CurrentServices) -> Visitor:
    """Whoever the session cookie stands for; the page's header learns of it, too."""
    token = session_token(request, services.settings)
    visitor = resolve_visitor(services, token) if token else STRANGER
    show_visitor(request, visitor)
    return visitor


CurrentVisitor = Annotated[Visitor, Depends(current_visitor)]


def show_visitor(request: Request, visitor: Visitor) -> None:
    """Let the layout greet this visitor in their language."""
    if visitor.is_signed_in:
        shown = Shown(visitor.display_name, visitor.role_names)
        page = page_of(request)
        request.state.page = replace(page, actor=shown, locale=visitor.language, time_zone=visitor.time_zone)


async def speak_language(request: Request, _visitor: CurrentVisitor) -> AsyncIterator[None]:
    """Word everything within this request (form errors, too) in the visitor's language."""
    page = page_of(request)
    with reading_as(page.locale, page.time_zone):
        yield


def signed_in(visitor: CurrentVisitor, _told: Annotated[str | None, Security(session_cookie)]) -> Visitor:
    """Raises LoginRequiredError: pages lead to the log-in and back, the API answers 401."""
    if not visitor.is_signed_in:
        raise LoginRequiredError
    return visitor


SignedIn = Annotated[Visitor, Depends(signed_in)]


def reading(services: CurrentServices, visitor: CurrentVisitor) -> Iterator[ReadSession]:
    with services.database.reading(visitor.actor) as session:
        yield session


def writing(services: CurrentServices, visitor: CurrentVisitor) -> Iterator[WriteSession]:
    """Committed when the handler has returned, before its answer leaves; rolled back when it raised."""
    with services.database.writing(visitor.actor) as session:
        yield session


# Scope "function" ends them before the response is sent: what a person was told is done, is done.
Reading = Annotated[ReadSession, Depends(reading, scope="function")]
Writing = Annotated[WriteSession, Depends(writing, scope="function")]


def current_browser(request: Request) -> str:
    """The random name of the browser that asks; challenges and form tokens are bound to it."""
    token: str = request.state.browser_token
    return token


CurrentBrowser = Annotated[str, Depends(current_browser)]


def client_address(request: Request) -> str:
    """What attempts are counted by: an address, or the /64 network of an IPv6 one, of which one line holds them all."""
    return counted_as(request.client.host) if request.client else "unknown"


def counted_as(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(found) if found.version == 4 else str(ip_network((found, 64), strict=False))


ClientAddress = Annotated[str, Depends(client_address)]
