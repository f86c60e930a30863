"""One's own bandwidth and week as JSON."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from services.api.bandwidth import policy, queries, service
from services.api.bandwidth.schemas import AvailabilityForm, LeastForm, Occasion, PeriodForm
from services.api.edge import CurrentClock, Reading, SignedIn, Writing
from services.api.policies import require
from services.api.problems import PROBLEMS

router = APIRouter(prefix="/api/v1/me", tags=["bandwidth"], responses=PROBLEMS)


class PeriodOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    occasion: Occasion
    starts_on: date
    ends_on: date
    hours_per_month: Decimal
    mentee_slots: int


class BandwidthOut(BaseModel):
    """Periods, and what they come to for the rest of the cycle."""

    participant_id: UUID
    program: str = Field(description="The program's slug.")
    state: str = Field(examples=["active"])
    min_mentees: int
    periods: list[PeriodOut]
    slots: int = Field(description="min(mentee slots, hours ÷ hours a mentorship costs) over the rest of the cycle.")
    active_mentorships: int
    held_offers: int
    free_slots: int


class Week(BaseModel):
    time_zone: str = Field(examples=["America/Chicago"])
    hours: list[str] = Field(description='`"<weekday>-<hour>"` by one\'s own clock, 0 = Monday.', examples=[["1-18"]])


@router.get("/bandwidth", summary="What I offer in each program, and what is left of it")
def list_bandwidth(visitor: SignedIn, session: Reading, clock: CurrentClock) -> list[BandwidthOut]:
    """One entry for each participation as a mentor, the newest cycle first; empty for those who mentor nowhere."""
    mine = queries.program_names(session, [one.participant_id for one in visitor.participates("mentor")])
    return [_bandwidth(session, participant_id, clock.now().date()) for participant_id, _program, _cycle in mine]


@router.post("/bandwidth/{participant_id}/periods", status_code=201, summary="Add a period")
def add_period(participant_id: UUID, form: PeriodForm, visitor: SignedIn, session: Writing) -> PeriodOut:
    """Where periods overlap, the one with the fewest hours holds."""
    return PeriodOut.model_validate(service.add_period(session, visitor, participant_id, form))


@router.put("/bandwidth/periods/{period_id}", summary="Change a period")
def change_period(period_id: UUID, form: PeriodForm, visitor: SignedIn, session: Writing) -> PeriodOut:
    return PeriodOut.model_validate(service.change_period(session, visitor, period_id, form))


@router.delete("/bandwidth/periods/{period_id}", status_code=204, summary="Remove a period")
def remove_period(period_id: UUID, visitor: SignedIn, session: Writing) -> Response:
    service.remove_period(session, visitor, period_id)
    return Response(status_code=204)


@router.put("/bandwidth/{participant_id}/least", summary="Set the fewest mentees I want")
def set_least(
    participant_id: UUID, form: LeastForm, visitor: SignedIn, session: Writing, clock: CurrentClock
) -> BandwidthOut:
    service.set_least(session, visitor, participant_id, form.min_mentees)
    return _bandwidth(session, participant_id, clock.now().date())


@router.post("/bandwidth/{participant_id}/pause", summary="Take a break from new mentees")
def pause(participant_id: UUID, visitor: SignedIn, session: Writing, clock: CurrentClock) -> BandwidthOut:
    """Mentorships go on. Pausing twice is pausing once."""
    service.pause(session, visitor, participant_id)
    return _bandwidth(session, participant_id, clock.now().date())


@router.post("/bandwidth/{participant_id}/return", summary="Be there for new mentees again")
def resume(participant_id: UUID, visitor: SignedIn, session: Writing, clock: CurrentClock) -> BandwidthOut:
    service.resume(session, visitor, participant_id)
    return _bandwidth(session, participant_id, clock.now().date())


@router.get("/availability", summary="My week")
def read_week(visitor: SignedIn, session: Reading) -> Week:
    week = service.read_week(session, visitor)
    return Week(time_zone=week.time_zone, hours=list(week.hours))


@router.put("/availability", summary="Change my week, as a whole")
def save_week(form: AvailabilityForm, visitor: SignedIn, session: Writing) -> Week:
    """A week without hours is kept, but nobody fits by time until it has one."""
    require(policy.may_state_availability(visitor))
    week = service.save_week(session, visitor, form)
    return Week(time_zone=week.time_zone, hours=list(week.hours))


def _bandwidth(session: Reading, participant_id: UUID, today: date) -> BandwidthOut:
    found = service.overview(session, participant_id, today)
    return BandwidthOut(
        participant_id=participant_id,
        program=found.seat.program.slug,
        state=found.seat.participant.state,
        min_mentees=found.seat.profile.min_mentees,
        periods=[PeriodOut.model_validate(period) for period in found.periods],
        slots=found.room.slots,
        active_mentorships=found.room.commitments.active,
        held_offers=found.room.commitments.held,
        free_slots=found.room.free,
    )
