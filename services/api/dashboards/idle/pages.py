"""The list of mentors without bandwidth, for leads."""

from math import ceil
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from services.api.dashboards import queries, service
from services.api.dashboards.idle.service import idle_mentors
from services.api.dashboards.pages import SeenProgram
from services.api.edge import CurrentServices, Reading
from services.api.web.rendering import render

router = APIRouter(prefix="/lead/{slug}")
PAGE_SIZE = 50


@router.get("/mentors-without-bandwidth")
def show_idle_mentors(
    request: Request,
    program: SeenProgram,
    session: Reading,
    services: CurrentServices,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    cycle = service.current_cycle(list(queries.cycles(session, program.id)))
    found = idle_mentors(session, cycle, services.clock.now().date()) if cycle else []
    context = {
        "program": program,
        "mentors": found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        "count": len(found),
        "page_number": page,
        "pages": ceil(len(found) / PAGE_SIZE),
    }
    return render(request, "dashboards/idle.html", context)
