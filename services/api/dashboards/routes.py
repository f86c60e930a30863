"""A program's numbers as JSON, for leads."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.api.dashboards import queries, service
from services.api.dashboards.pages import CurrentMemory, SeenProgram
from services.api.edge import CurrentClock, Reading
from services.api.errors import NotFoundError
from services.api.problems import PROBLEMS

router = APIRouter(prefix="/api/v1/programs/{slug}", tags=["dashboards"], responses=PROBLEMS)


class DashboardOut(BaseModel):
    """The numbers of the current cycle; shares lie between 0 and 1."""

    cycle_id: UUID
    cycle: str = Field(examples=["Spring 2027"])
    mentees: int
    waiting: int = Field(description="Mentees without a mentor so far.")
    mentors: int
    hours_per_month: float = Field(description="What mentors offer a month.")
    slots: int
    free_slots: int
    matched_share: float
    cross_institution_share: float | None
    median_days_to_match: int | None = Field(description="With those who still wait counted (Kaplan-Meier).")
    satisfaction: float | None = Field(description="Mean of 1 to 5.")
    surveys_answered: int
    surveys_asked: int


@router.get("/dashboard", summary="The numbers of a program's current cycle")
def read_dashboard(program: SeenProgram, session: Reading, clock: CurrentClock, memory: CurrentMemory) -> DashboardOut:
    cycles = list(queries.cycles(session, program.id))
    cycle = service.current_cycle(cycles)
    if cycle is None:
        raise NotFoundError
    seen = memory.recall(("overview", program.id), lambda: service.overview(session, cycles, cycle, clock.now()))
    found = seen.numbers
    return DashboardOut(
        cycle_id=seen.cycle.id,
        cycle=seen.cycle.name,
        mentees=found.mentees,
        waiting=found.waiting,
        mentors=found.mentors,
        hours_per_month=found.hours,
        slots=found.slots,
        free_slots=found.free,
        matched_share=found.matched_share,
        cross_institution_share=found.across_share,
        median_days_to_match=found.median_wait,
        satisfaction=found.satisfaction,
        surveys_answered=found.answered,
        surveys_asked=found.asked,
    )
