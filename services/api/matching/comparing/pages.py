"""Two drafts side by side."""

from math import ceil
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from services.api.edge import Reading, SignedIn
from services.api.errors import NotFoundError
from services.api.matching.comparing import queries, service
from services.api.matching.comparing.queries import PAGE_SIZE, OtherPair
from services.api.matching.runs.pages import LedProgram, led_run
from services.api.matching.runs.queries import RunLine
from services.api.matching.telling import run_state_label, tell
from services.api.web.rendering import page_of, render
from shared.explanations.words import Reader
from shared.models.matching import MatchRun

router = APIRouter(prefix="/lead/{slug}/runs/{run_id}")
MOST_OTHERS = 12


@router.get("/compare")
def compare_runs(
    request: Request,
    _visitor: SignedIn,
    program: LedProgram,
    line: Annotated[RunLine, Depends(led_run)],
    session: Reading,
    other: Annotated[UUID | None, Query(alias="with")] = None,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    choices = queries.comparable_runs(session, line.run, MOST_OTHERS)
    chosen = _chosen(line.run, choices, other)
    found = service.compare(session, line.run, chosen) if chosen else None
    language = page_of(request).locale
    context = {
        "program": program,
        "line": line,
        "run": line.run,
        "choices": choices,
        "comparison": found,
        "mentees": service.differing_page(session, line.run.id, chosen.id, page) if found and chosen else [],
        "why": lambda pair: first_reason(pair, language),
        "page_number": page,
        "pages": ceil(found.differing / PAGE_SIZE) if found else 0,
        "run_state_label": run_state_label,
    }
    return render(request, "matching/compare.html", context)


def first_reason(pair: OtherPair, language: str) -> str:
    """The strongest reason for a pair, in a sentence."""
    return next(iter(tell(pair.explanation, Reader.LEAD, language).reasons), "")


def _chosen(run: MatchRun, choices: list[MatchRun], other: UUID | None) -> MatchRun | None:
    """The run that is named; else the draft that this one revises, else the newest."""
    known = {choice.id: choice for choice in choices}
    if other is not None and other not in known:
        raise NotFoundError
    wanted = other or (run.base_run_id if run.base_run_id in known else None)
    return known[wanted] if wanted else next(iter(choices), None)
