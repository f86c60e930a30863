"""The demo's front door: one click logs in as somebody of the synthetic cast. Exists only with BELAY_DEMO."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from services.api.accounts import queries, service
from services.api.accounts.devices import describe_device
from services.api.accounts.pages import start_session
from services.api.accounts.policy import may_use_demo_logins
from services.api.cookies import redirect, session_token
from services.api.edge import CurrentServices, Reading, Writing
from services.api.errors import NotFoundError
from services.api.policies import require
from services.api.services import Services
from services.api.web.rendering import render
from services.api.web.translations import gettext as _
from shared.db.actor import SYSTEM, acting_as
from shared.demo import CAST_DOMAIN


def demo_only(services: CurrentServices) -> Services:
    require(may_use_demo_logins(services.settings))
    return services


DemoServices = Annotated[Services, Depends(demo_only)]

router = APIRouter(dependencies=[Depends(demo_only)])


@dataclass(frozen=True)
class CastMember:
    account_id: UUID
    name: str
    part: str
    about: str


@router.get("/demo")
def demo_page(request: Request, session: Reading) -> Response:
    with acting_as(session, SYSTEM):
        cast = [_introduce(member) for member in queries.list_cast(session, f"@{CAST_DOMAIN}")]
    return render(request, "accounts/demo.html", {"cast": cast})


@router.post("/demo/login/{account_id}")
def log_in_as(request: Request, account_id: UUID, session: Writing, services: DemoServices) -> Response:
    account = queries.find_account_by_id(session, account_id)
    if account is None or not account.email.endswith(f"@{CAST_DOMAIN}"):
        raise NotFoundError
    service.leave_earlier_session(session, services, session_token(request, services.settings))
    device = describe_device(request.headers.get("user-agent", ""))
    entered = service.welcome(session, services, account.id, device)
    response = redirect("/home")
    start_session(response, services.settings, entered.session_token)
    return response


def _introduce(member: queries.CastRow) -> CastMember:
    parts = {
        "operator": (_("Operator"), _("Keeps the platform running.")),
        "lead": (_("Program lead"), _("Runs a program and its matches.")),
        "coordinator": (_("Site coordinator"), _("Looks after one institution's people.")),
        "mentor": (_("Mentor"), _("Gives hours and answers proposals.")),
        "mentee": (_("Trainee"), _("Looks for a mentor and sees suggestions with reasons.")),
    }
    part, about = parts[member.role]
    return CastMember(member.account_id, member.name, part, about)
