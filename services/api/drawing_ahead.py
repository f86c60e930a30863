"""What a draft shows is drawn when it arrives, so that the lead who waits for it does not wait for its charts too."""

from uuid import UUID

import structlog

from services.api.dashboards.recruiting import recruiting, recruiting_figure
from services.api.matching.drafts.figures import draft_figures
from services.api.matching.equity import service as equity
from services.api.matching.equity.figures import figures as equity_figures
from services.api.matching.runs.service import read_report
from services.api.services import Services
from shared.contracts.messages import MatchRunDrafted
from shared.db.engine import ReadSession, WriteSession
from shared.models.matching import MatchRun

log = structlog.get_logger()


def draw_ahead(session: WriteSession, _services: Services, drafted: MatchRunDrafted) -> None:
    """The draft, its Equity tab and where to recruit next; the drawings stay where every process finds them."""
    try:
        _draw(session, drafted.run_id)
    except Exception:  # a draft is not held back by a picture: the page draws it, or says what is wrong
        log.exception("a draft's charts were not drawn ahead", run_id=str(drafted.run_id))


def _draw(session: ReadSession, run_id: UUID) -> None:
    if report := read_report(session, run_id):
        draft_figures(report)
    if fairness := equity.read_report(session, run_id):
        equity_figures(fairness)
    run = session.get(MatchRun, run_id)
    if run and (worth := recruiting(session, run.cycle_id)):
        recruiting_figure(worth)
