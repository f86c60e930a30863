"""The lead's overview, supply and demand, and the coordinator's site page."""

from collections.abc import Callable
from contextvars import copy_context
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from services.api.dashboards import figures, queries, service
from services.api.dashboards.policy import may_see_dashboard, may_see_site
from services.api.dashboards.supply import Supply, supply, supply_key
from services.api.dashboards.survival import median_days
from services.api.edge import CurrentServices, Reading, SignedIn
from services.api.errors import NotFoundError
from services.api.matching.queries import program_by_slug
from services.api.policies import require
from services.api.services import Services
from services.api.visitor import Visitor
from services.api.web.rendering import page_of, render
from shared.db.engine import ReadSession
from shared.models.programs import Program

router = APIRouter()
led = APIRouter(prefix="/lead/{slug}")
T = TypeVar("T")


def seen_program(slug: str, visitor: SignedIn, session: Reading) -> Program:
    program = program_by_slug(session, slug)
    require(may_see_dashboard(visitor, program))
    assert program is not None  # noqa: S101 — the policy has just said so
    return program


SeenProgram = Annotated[Program, Depends(seen_program)]


def memory_of(request: Request) -> service.Memory:
    """This process's memory of aggregates."""
    return service.memory_in(request.app.state)


CurrentMemory = Annotated[service.Memory, Depends(memory_of)]


def beside(services: Services, visitor: Visitor, make: Callable[[ReadSession], T]) -> Callable[[], T]:
    """The same for a transaction of its own, that may last longer than the request, in the same language."""
    surroundings = copy_context()

    def work() -> T:
        with services.database.reading(visitor.actor) as session:
            return surroundings.run(make, session)

    return work


@led.get("")
def show_overview(
    request: Request,
    program: SeenProgram,
    session: Reading,
    visitor: SignedIn,
    services: CurrentServices,
    memory: CurrentMemory,
) -> Response:
    cycles = list(queries.cycles(session, program.id))
    cycle = service.current_cycle(cycles)
    context: dict[str, Any] = {"program": program, "overview": None, "map": None, "waits": None}
    if cycle:
        def look(of: ReadSession) -> service.Overview:
            return service.overview(of, cycles, cycle, services.clock.now())

        key = ("overview", program.id)
        seen = memory.recall(key, lambda: look(session), beside(services, visitor, look))
        median = median_days(seen.curve)
        context |= {"overview": seen, "map": figures.map_figure(seen.sites, seen.ropes)}
        context["waits"] = figures.wait_figure(seen.curve, median) if len(seen.curve) > 1 else None
    return render(request, "dashboards/overview.html", context)


@led.get("/supply")
def show_supply(
    request: Request,
    program: SeenProgram,
    session: Reading,
    visitor: SignedIn,
    services: CurrentServices,
    memory: CurrentMemory,
) -> Response:
    cycle = service.current_cycle(list(queries.cycles(session, program.id)))

    seen = None
    if cycle:
        def look(of: ReadSession) -> Supply:
            return supply(of, cycle, services.clock.now())

        key = supply_key(session, cycle, page_of(request).locale)
        seen = memory.recall(key, lambda: look(session), beside(services, visitor, look), drawn=True)
    return render(request, "dashboards/supply.html", {"program": program, "cycle": cycle, "supply": seen})


@router.get("/site/{institution_id}")
def show_site(request: Request, institution_id: UUID, visitor: SignedIn, session: Reading) -> Response:
    require(may_see_site(visitor, institution_id))
    institution = queries.find_institution(session, institution_id)
    if institution is None:
        raise NotFoundError
    programs = [g.program_id for g in visitor.roles if g.institution_id == institution_id and g.program_id]
    people = [row for program in programs for row in queries.site_figures(session, program, institution_id)]
    return render(request, "dashboards/site.html", {"institution": institution, "people": people})


router.include_router(led)
