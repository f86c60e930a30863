"""After logging in: straight to one's place, or a choice for those who have several."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from services.api.accounts import queries
from services.api.cookies import redirect
from services.api.edge import Reading, SignedIn
from services.api.visitor import Visitor
from services.api.web.rendering import render
from services.api.web.translations import gettext as _
from shared.db.engine import ReadSession

router = APIRouter()


@dataclass(frozen=True)
class Spot:
    """One place that somebody has: where it is, what it is called, what one does there."""

    href: str
    heading: str
    text: str


@router.get("/home")
def home(request: Request, visitor: SignedIn, session: Reading) -> Response:
    spots = spots_of(session, visitor)
    if len(spots) == 1:
        return redirect(spots[0].href)
    programs = [] if spots else queries.open_programs(session)
    return render(request, "accounts/home.html", {"spots": spots, "programs": programs})


def spots_of(session: ReadSession, visitor: Visitor) -> list[Spot]:
    """Every place of this visitor, staff's first."""
    return [*_operator_spots(visitor), *_program_spots(session, visitor), *_participant_spots(visitor)]


def _operator_spots(visitor: Visitor) -> list[Spot]:
    if not visitor.is_operator:
        return []
    return [Spot("/operations", _("Operations"), _("Whether every part of the platform is well."))]


def _program_spots(session: ReadSession, visitor: Visitor) -> list[Spot]:
    led = {grant.program_id for grant in visitor.roles if grant.role == "lead" and grant.program_id}
    sites = {grant.institution_id for grant in visitor.roles if grant.institution_id}
    programs = queries.list_programs(session, led)
    told = _("Overview, supply and demand, match runs.")
    return [
        *(Spot(f"/lead/{slug}", name, told) for slug, name in programs),
        *(Spot(f"/site/{site}", _("My site"), _("How your site's people are doing.")) for site in sorted(sites)),
    ]


def _participant_spots(visitor: Visitor) -> list[Spot]:
    spots = []
    if visitor.participates("mentor"):
        spots.append(Spot("/mentor", _("As a mentor"), _("Requests and proposals to answer, your mentees.")))
    if visitor.participates("mentee"):
        spots.append(Spot("/mentee", _("As a mentee"), _("Your suggestions, proposals and mentorship.")))
    return spots
