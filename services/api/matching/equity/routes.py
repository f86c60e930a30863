"""The fairness report of a run as JSON, for the leads of the program; each look is noted."""

from typing import Annotated

from fastapi import APIRouter, Depends

from services.api.edge import SignedIn, Writing
from services.api.errors import NotFoundError
from services.api.matching.equity import service
from services.api.matching.equity.report import EquityReport
from services.api.matching.runs.pages import LedProgram, led_run
from services.api.matching.runs.queries import RunLine
from services.api.oversight.audit import record
from services.api.problems import PROBLEMS

router = APIRouter(prefix="/api/v1/programs/{slug}/runs/{run_id}", tags=["match runs"], responses=PROBLEMS)


@router.get("/equity", summary="How groups fare in a run, as far as it may be told")
def read_equity(
    visitor: SignedIn, program: LedProgram, session: Writing, line: Annotated[RunLine, Depends(led_run)]
) -> EquityReport:
    """404 until the draft is there. No group smaller than `smallest` is told, nor can one be worked out."""
    report = service.read_report(session, line.run.id)
    if report is None:
        raise NotFoundError
    record(session, visitor, "equity.viewed", "match_run", line.run.id, program.id)
    return report
