"""Ending one kind of mail with one click, without logging in (RFC 8058)."""

from fastapi import APIRouter, Request, Response

from services.api.accounts import queries
from services.api.edge import CurrentServices, Writing
from services.api.errors import NotFoundError
from services.api.services import Services
from services.api.web.rendering import render
from shared.security.unsubscribe_links import Unwanted, read_unsubscribe_token

router = APIRouter()


@router.get("/unsubscribe/{token}")
def unsubscribe_page(request: Request, token: str, services: CurrentServices) -> Response:
    """Asks; a GET changes nothing, since mail scanners open links."""
    _read(services, token)
    return render(request, "accounts/unsubscribe.html", {"done": False, "token": token})


@router.post("/unsubscribe/{token}")
def unsubscribe(request: Request, token: str, session: Writing, services: CurrentServices) -> Response:
    """By the button of the page, or by a mail program on its own (`List-Unsubscribe=One-Click`)."""
    unwanted = _read(services, token)
    if not queries.unsubscribe(session, unwanted.account_id, unwanted.template):
        raise NotFoundError
    return render(request, "accounts/unsubscribe.html", {"done": True, "token": token})


def _read(services: Services, token: str) -> Unwanted:
    unwanted = read_unsubscribe_token(services.settings.secret_key.get_secret_value(), token)
    if unwanted is None:
        raise NotFoundError
    return unwanted
