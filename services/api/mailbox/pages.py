"""All mails of the demo. A mail is shown in a frame of its own, in which nothing can run or load."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import HTMLResponse, Response

from services.api.accounts.demo import DemoServices, demo_only
from services.api.edge import Reading
from services.api.errors import NotFoundError
from services.api.mailbox.queries import on_their_way
from services.api.mailbox.reading import list_mails, read_mail
from services.api.middleware.security_headers import content_policy
from services.api.web.rendering import render

router = APIRouter(prefix="/demo/mail", dependencies=[Depends(demo_only)])

PER_PAGE = 50
FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; "
    "sandbox allow-same-origin allow-top-navigation-by-user-activation"
)


@router.get("")
def mailbox(
    request: Request,
    services: DemoServices,
    session: Reading,
    to: str = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    first = (page - 1) * PER_PAGE
    listing = list_mails(services.settings.mail_directory, to.strip(), slice(first, first + PER_PAGE))
    context = {
        "mails": listing.mails,
        "total": listing.total,
        "on_their_way": on_their_way(session),
        "to": to,
        "number": page,
        "pages": max(1, -(-listing.total // PER_PAGE)),
        "page_url": f"/demo/mail?{urlencode({'to': to})}&page=" if to else "/demo/mail?page=",
        "now": services.clock.now(),
    }
    return render(request, "mailbox/mailbox.html", context)


@router.get("/{mail_id}")
def mail(request: Request, mail_id: UUID, services: DemoServices) -> Response:
    letter = read_mail(services.settings.mail_directory, mail_id)
    headers = {"Content-Security-Policy": content_policy(services.settings, frame_src="'self'")}
    return render(request, "mailbox/mail.html", {"letter": letter}, headers=headers)


@router.get("/{mail_id}/html")
def mail_as_it_looks(mail_id: UUID, services: DemoServices) -> Response:
    letter = read_mail(services.settings.mail_directory, mail_id)
    # Its links are to open in place of the mailbox, not inside the frame.
    shown = letter.html.replace("<head>", '<head><base target="_top">', 1)
    return HTMLResponse(shown, headers={"Content-Security-Policy": FRAME_POLICY})


@router.get("/{mail_id}/invite.ics")
def invite(mail_id: UUID, services: DemoServices) -> Response:
    letter = read_mail(services.settings.mail_directory, mail_id)
    if not letter.invite:
        raise NotFoundError
    return Response(letter.invite, media_type="text/calendar", headers={"Content-Disposition": "attachment"})
