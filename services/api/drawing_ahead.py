"""Charts are drawn before anybody waits for them: in the server's own memory, and for all others in the gallery."""

from threading import Event
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from services.api.dashboards.queries import cycles, drafts_waiting
from services.api.dashboards.recruiting import recruiting, recruiting_figure
from services.api.dashboards.service import Memory, current_cycle
from services.api.dashboards.warming import warm
from services.api.enrollment.queries import list_programs
from services.api.matching.drafts.figures import draft_figures
from services.api.matching.equity import service as equity
from services.api.matching.equity.figures import figures as equity_figures
from services.api.matching.runs.service import read_report
from services.api.services import Services
from services.api.web import charts
from shared.contracts.messages import MatchRunDrafted
from shared.db.actor import SYSTEM
from shared.db.engine import ReadSession, WriteSession
from shared.models.matching import MatchRun

GLANCE_SECONDS = 5.0
log = structlog.get_logger()


def keep_drawn(services: Services, memory: Memory, stopped: Event) -> None:
    """Until the server stops; a glance now and then finds new programs, new drafts and matches that have finished."""
    charts.warm_up()
    drawn: set[UUID] = set()
    while not stopped.is_set():
        warm(services, memory)
        draw_newest(services, drawn)
        stopped.wait(GLANCE_SECONDS)


def draw_newest(services: Services, drawn: set[UUID]) -> None:
    """The newest draft of each program, unless it is in `drawn`. A database that is away leaves it for later."""
    try:
        with services.database.reading(SYSTEM) as session:
            for run_id in _newest_drafts(session) - drawn:
                _draw_kindly(session, run_id)
                drawn.add(run_id)
    except SQLAlchemyError as error:
        log.warning("drafts were not drawn ahead", error=type(error).__name__)


def _newest_drafts(session: ReadSession) -> set[UUID]:
    current = (current_cycle(list(cycles(session, program.id))) for program in list_programs(session))
    return {run_id for cycle in current if cycle for run_id in drafts_waiting(session, cycle.id)[:1]}


def draw_ahead(session: WriteSession, _services: Services, drafted: MatchRunDrafted) -> None:
    """The draft, its Equity tab and where to recruit next; the drawings stay where every process finds them."""
    _draw_kindly(session, drafted.run_id)


def _draw_kindly(session: ReadSession, run_id: UUID) -> None:
    try:
        _draw(session, run_id)
    except Exception:  # a draft is not held back by a picture: the page draws it, or says what is wrong
        log.exception("a draft's charts were not drawn ahead", run_id=str(run_id))


def _draw(session: ReadSession, run_id: UUID) -> None:
    if report := read_report(session, run_id):
        draft_figures(run_id, report)
    if fairness := equity.read_report(session, run_id):
        equity_figures(run_id, fairness)
    run = session.get(MatchRun, run_id)
    if run and (worth := recruiting(session, run.cycle_id)):
        recruiting_figure(worth)
