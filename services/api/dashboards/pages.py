"""The lead's overview, supply and demand, and the coordinator's site page."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from services.api.dashboards import figures, queries, service
from services.api.dashboards.policy import may_see_dashboard, may_see_site
from services.api.dashboards.recruiting import recruiting, recruiting_figure
from services.api.dashboards.survival import median_days
from services.api.edge import CurrentClock, Reading, SignedIn
from services.api.errors import NotFoundError
from services.api.matching.queries import program_by_slug
from services.api.policies import require
from services.api.web.rendering import page_of, render
from shared.models.programs import Cycle, Program

router = APIRouter()
led = APIRouter(prefix="/lead/{slug}")


def seen_program(slug: str, visitor: SignedIn, session: Reading) -> Program:
    program = program_by_slug(session, slug)
    require(may_see_dashboard(visitor, program))
    assert program is not None  # noqa: S101 — the policy has just said so
    return program


SeenProgram = Annotated[Program, Depends(seen_program)]


def memory_of(request: Request) -> service.Memory:
    """This process's memory of aggregates."""
    if not hasattr(request.app.state, "dashboards"):
        request.app.state.dashboards = service.Memory()
    memory: service.Memory = request.app.state.dashboards
    return memory


CurrentMemory = Annotated[service.Memory, Depends(memory_of)]


@led.get("")
def show_overview(
    request: Request, program: SeenProgram, session: Reading, clock: CurrentClock, memory: CurrentMemory
) -> Response:
    cycles = list(queries.cycles(session, program.id))
    cycle = service.current_cycle(cycles)
    context: dict[str, Any] = {"program": program, "overview": None, "map": None, "waits": None}
    if cycle:
        seen = memory.recall(("overview", program.id), lambda: service.overview(session, cycles, cycle, clock.now()))
        median = median_days(seen.curve)
        context |= {"overview": seen, "map": figures.map_figure(seen.sites, seen.ropes)}
        context["waits"] = figures.wait_figure(seen.curve, median) if len(seen.curve) > 1 else None
    return render(request, "dashboards/overview.html", context)


@led.get("/supply")
def show_supply(
    request: Request, program: SeenProgram, session: Reading, clock: CurrentClock, memory: CurrentMemory
) -> Response:
    cycle = service.current_cycle(list(queries.cycles(session, program.id)))

    def gaps(of: Cycle) -> dict[str, list[figures.Gap]]:
        day = max(clock.now().date(), of.starts_on)
        return {by: queries.supply_and_demand(session, of.id, day, by) for by in ("specialty", "stage", "state")}

    found = memory.recall(("supply", program.id, page_of(request).locale), lambda: gaps(cycle)) if cycle else {}
    recruit = memory.recall(("recruit", program.id), lambda: recruiting(session, cycle.id)) if cycle else None
    context = {
        "program": program,
        "cycle": cycle,
        "recruit": recruit,
        "recruit_figure": recruiting_figure(recruit) if recruit else None,
        "specialties": figures.specialty_figure(found.get("specialty", [])),
        "unnamed": figures.unnamed(found.get("specialty", [])),
        "stages": figures.labeled_stages(found.get("stage", [])),
        "states": figures.labeled_states(found.get("state", [])),
    }
    return render(request, "dashboards/supply.html", context)


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
