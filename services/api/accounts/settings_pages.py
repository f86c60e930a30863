"""One's own settings: how one is addressed, where one is logged in, which mails one wants, who saw one's record."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.api.accounts import history, queries, service
from services.api.accounts.mail_names import mail_name
from services.api.accounts.schemas import PersonForm
from services.api.accounts.time_zones import time_zone_options
from services.api.cookies import redirect
from services.api.edge import CurrentServices, Reading, SignedIn, Writing
from services.api.errors import NotFoundError
from services.api.forms import FormErrors, SubmittedForm, parse_form
from services.api.services import Services
from services.api.visitor import Visitor
from services.api.web.rendering import Flash, render
from services.api.web.translations import LOCALES
from services.api.web.translations import gettext as _
from shared.db.engine import ReadSession

router = APIRouter()


@router.get("/settings")
def settings_page(request: Request, visitor: SignedIn, session: Reading, services: CurrentServices) -> Response:
    return _settings(request, session, services, visitor)


@router.post("/settings")
def save_settings(
    request: Request, form: SubmittedForm, visitor: SignedIn, session: Writing, services: CurrentServices
) -> Response:
    person, errors = parse_form(PersonForm, form)
    if person is None:
        return _settings(request, session, services, visitor, dict(form), errors)
    service.change_person(session, visitor, person)
    return redirect("/settings", services.settings, Flash(_("Your settings are saved.")))


@router.post("/settings/sessions/others/revoke")
def revoke_other_sessions(visitor: SignedIn, session: Writing, services: CurrentServices) -> Response:
    service.end_other_sessions(session, services, visitor)
    return redirect("/settings", services.settings, Flash(_("You are logged out everywhere else.")))


@router.post("/settings/sessions/{session_id}/revoke")
def revoke_session(session_id: UUID, visitor: SignedIn, session: Writing, services: CurrentServices) -> Response:
    if not service.end_session(session, services, visitor, session_id):
        raise NotFoundError
    return redirect("/settings", services.settings, Flash(_("That device is logged out.")))


@router.post("/settings/mails/{template}/wanted")
def want_mail_again(template: str, visitor: SignedIn, session: Writing, services: CurrentServices) -> Response:
    service.want_mail(session, visitor, template)
    return redirect("/settings", services.settings, Flash(_("You will get these e-mails again.")))


@router.get("/settings/history")
def history_page(request: Request, visitor: SignedIn, session: Reading) -> Response:
    """Who did what with one's record; staff's looks at it, too."""
    return render(request, "accounts/history.html", {"lines": history.lines_about(session, visitor)})


def _settings(  # noqa: PLR0913, PLR0917 — a page and what it kept
    request: Request,
    session: ReadSession,
    services: Services,
    visitor: Visitor,
    form: dict[str, object] | None = None,
    errors: FormErrors | None = None,
) -> Response:
    account = queries.get_account(session, visitor.account_id)
    kept = {"name": account.name, "pronouns": account.pronouns}
    kept |= {"language": account.language, "time_zone": account.time_zone}
    context = {
        "form": {**kept, **(form or {})},
        "errors": errors or {},
        "email": account.email,
        "languages": list(LOCALES.items()),
        "time_zones": time_zone_options(account.time_zone),
        "logins": queries.live_logins(session, account.id, services.clock.now()),
        "this_login": visitor.session_id,
        "now": services.clock.now(),
        "unwanted": [(one, mail_name(one)) for one in queries.unwanted_templates(session, account.id)],
    }
    return render(request, "accounts/settings.html", context, status=422 if errors else 200)
