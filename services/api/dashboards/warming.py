"""Dashboards are counted and drawn before anybody looks, and again before what is kept grows too old to be shown."""

import structlog
from sqlalchemy.exc import SQLAlchemyError

from services.api.dashboards import figures, queries, service
from services.api.dashboards.supply import supply, supply_key
from services.api.dashboards.survival import median_days
from services.api.enrollment.queries import list_programs
from services.api.services import Services
from services.api.web.translations import DEFAULT_LOCALE
from shared.db.actor import SYSTEM
from shared.db.engine import ReadSession
from shared.models.programs import Program

WARM_SECONDS = 240.0
log = structlog.get_logger()


def warm(services: Services, memory: service.Memory) -> int:
    """Overview and supply of each program where they are missing or old; of how many. A database that is away leaves
    it for later."""
    try:
        with services.database.reading(SYSTEM) as session:
            return sum(_warm_program(session, services, memory, program) for program in list_programs(session))
    except SQLAlchemyError as error:
        log.warning("dashboards were not counted ahead", error=type(error).__name__)
        return 0


def _warm_program(session: ReadSession, services: Services, memory: service.Memory, program: Program) -> bool:
    cycles = list(queries.cycles(session, program.id))
    cycle = service.current_cycle(cycles)
    if cycle is None:
        return False
    now, keys = services.clock.now(), (("overview", program.id), supply_key(session, cycle, DEFAULT_LOCALE))
    if all(memory.holds(key, WARM_SECONDS) for key in keys):
        return False
    seen = memory.count(keys[0], lambda: service.overview(session, cycles, cycle, now))
    figures.map_figure(seen.sites, seen.ropes)
    if len(seen.curve) > 1:
        figures.wait_figure(seen.curve, median_days(seen.curve))
    memory.count(keys[1], lambda: supply(session, cycle, now))
    return True
