"""The front door: what this is, which programs are open, who runs them, what happens to one's data."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.api.edge import CurrentVisitor, Reading
from services.api.errors import NotFoundError
from services.api.landing import queries
from services.api.web.rendering import render

router = APIRouter()


@router.get("/")
def show_landing(request: Request, _visitor: CurrentVisitor, session: Reading) -> Response:
    return render(request, "landing/landing.html", {"programs": queries.programs(session)})


@router.get("/programs/{slug}")
def show_program(request: Request, slug: str, _visitor: CurrentVisitor, session: Reading) -> Response:
    program = queries.program(session, slug)
    if program is None:
        raise NotFoundError
    return render(request, "landing/program.html", {"program": program})
