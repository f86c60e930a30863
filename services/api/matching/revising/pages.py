"""The lead's workbench on a draft: keep, keep apart, move, release; and additions to a published match."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from services.api.cookies import redirect
from services.api.edge import CurrentServices, Reading, SignedIn, Writing
from services.api.errors import InvalidError, NotFoundError
from services.api.forms import SubmittedForm, parse_form
from services.api.matching.queries import Person, people
from services.api.matching.revising import queries, service
from services.api.matching.revising.schemas import Revision
from services.api.matching.runs.pages import LedProgram, led_run, to_run_under_way
from services.api.matching.runs.queries import RunLine
from services.api.matching.runs.service import RunUnderWayError
from services.api.matching.telling import kind_label, line_of, run_state_label, tell_unmatched
from services.api.services import Services
from services.api.web.rendering import Flash, page_of, render
from services.api.web.translations import gettext as _
from shared.contracts.alternatives import Alternative
from shared.db.engine import ReadSession
from shared.models.matching import MatchRun
from shared.models.programs import Program

router = APIRouter(prefix="/lead/{slug}/runs/{run_id}")
MOST_NAMED = 8


@router.post("/revise")
def revise_draft(
    visitor: SignedIn,
    program: LedProgram,
    line: Annotated[RunLine, Depends(led_run)],
    services: CurrentServices,
    session: Writing,
    form: SubmittedForm,
) -> Response:
    wanted, errors = parse_form(Revision, form)
    if wanted is None:
        raise InvalidError(errors)
    try:
        run = service.revise(session, visitor, line.run, wanted)
    except RunUnderWayError as busy:
        return to_run_under_way(services, program, busy)
    return _to_run(services, program, run, _("Matching again with your decision. The draft before it stays as it is."))


@router.post("/additions")
def request_additions(
    visitor: SignedIn,
    program: LedProgram,
    line: Annotated[RunLine, Depends(led_run)],
    services: CurrentServices,
    session: Writing,
) -> Response:
    try:
        run = service.add_late(session, visitor, line.run)
    except RunUnderWayError as busy:
        return to_run_under_way(services, program, busy)
    return _to_run(services, program, run, _("Looking for the best additions. Everything published stays as it is."))


@router.get("/unmatched/{mentee_id}/{slot}")
def show_place(
    mentee_id: UUID,
    slot: int,
    request: Request,
    program: LedProgram,
    line: Annotated[RunLine, Depends(led_run)],
    session: Reading,
    mentor: str = "",
) -> Response:
    """One open wish: why it is open, who could fill it, and what that costs."""
    place = queries.open_place(session, line.run.id, mentee_id, slot)
    who = people(session, [mentee_id])
    if place is None or mentee_id not in who:
        raise NotFoundError
    context = {
        "program": program,
        "line": line,
        "run": line.run,
        "mentee": who[mentee_id],
        "kind": kind_label(place.kind),
        "reasons": tell_unmatched(place.reasons, page_of(request).locale),
        **others_context(session, line.run, place.alternatives, mentor),
    }
    return render(request, "matching/place.html", context)


def others_context(session: ReadSession, run: MatchRun, alternatives: list[Any], named: str = "") -> dict[str, Any]:
    """What the list of other mentors needs, on the page of a pair and of an open wish."""
    name = named.strip()[:80]
    return {
        "others": told_alternatives(session, alternatives),
        "named": queries.mentors_named(session, run.cycle_id, name, MOST_NAMED) if name else [],
        "name": name,
        "line_of": line_of,
        "run_state_label": run_state_label,
    }


def told_alternatives(session: ReadSession, stored: list[Any]) -> list[tuple[Person, Alternative]]:
    """The other mentors for a wish with their names; those who have left since are left out."""
    found = [Alternative.model_validate(one) for one in stored]
    who = people(session, [one.mentor_id for one in found])
    return [(who[one.mentor_id], one) for one in found if one.mentor_id in who]


def _to_run(services: Services, program: Program, run: MatchRun, sentence: str) -> Response:
    return redirect(f"/lead/{program.slug}/runs/{run.id}", services.settings, Flash(sentence, "info"))
