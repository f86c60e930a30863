"""Dashboards are counted and drawn once when the process starts, so that no first visitor waits for it."""

import structlog
from sqlalchemy.exc import SQLAlchemyError

from services.api.dashboards import figures, queries, service
from services.api.dashboards.supply import supply
from services.api.dashboards.survival import median_days
from services.api.enrollment.queries import list_programs
from services.api.services import Services
from services.api.web import charts
from services.api.web.translations import DEFAULT_LOCALE
from shared.db.actor import SYSTEM
from shared.db.engine import ReadSession
from shared.models.programs import Program

log = structlog.get_logger()


def warm(services: Services, memory: service.Memory) -> None:
    """Every program's overview and supply, and the drawing engine. A database that is away leaves it for later."""
    charts.warm_up()
    try:
        with services.database.reading(SYSTEM) as session:
            for program in list_programs(session):
                _warm_program(session, services, memory, program)
    except SQLAlchemyError as error:
        log.warning("dashboards were not counted ahead", error=type(error).__name__)


def _warm_program(session: ReadSession, services: Services, memory: service.Memory, program: Program) -> None:
    cycles = list(queries.cycles(session, program.id))
    cycle = service.current_cycle(cycles)
    if cycle is None:
        return
    now = services.clock.now()
    seen = memory.count(("overview", program.id), lambda: service.overview(session, cycles, cycle, now))
    figures.map_figure(seen.sites, seen.ropes)
    if len(seen.curve) > 1:
        figures.wait_figure(seen.curve, median_days(seen.curve))
    memory.count(("supply", program.id, DEFAULT_LOCALE), lambda: supply(session, cycle, now))
