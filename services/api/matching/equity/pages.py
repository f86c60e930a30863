"""The *Equity* tab of a run, for its leads; each look is noted."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from services.api.edge import SignedIn, Writing
from services.api.matching.equity import service, wording
from services.api.matching.equity.figures import figures
from services.api.matching.runs.pages import LedProgram, led_run
from services.api.matching.runs.queries import RunLine
from services.api.matching.telling import run_state_label
from services.api.oversight.audit import record
from services.api.web.rendering import render

router = APIRouter(prefix="/lead/{slug}/runs/{run_id}")


@router.get("/equity")
def show_equity(
    request: Request,
    visitor: SignedIn,
    program: LedProgram,
    line: Annotated[RunLine, Depends(led_run)],
    session: Writing,
) -> Response:
    report = service.read_report(session, line.run.id)
    record(session, visitor, "equity.viewed", "match_run", line.run.id, program.id)
    context = {
        "program": program,
        "line": line,
        "run": line.run,
        "report": report,
        "figures": figures(line.run.id, report) if report else [],
        "wording": wording,
        "run_state_label": run_state_label,
    }
    return render(request, "matching/equity.html", context)
