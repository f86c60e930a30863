"""Stating bandwidth and the weekly hours: each change is saved, audited, and told to the matcher."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from services.api.bandwidth import policy, queries
from services.api.bandwidth.queries import Seat
from services.api.bandwidth.schemas import AvailabilityForm, Occasion, PeriodForm
from services.api.bandwidth.strip import NARROW, WIDTH, Strip, draw_strip
from services.api.enrollment import queries as enrollment
from services.api.enrollment.schemas import parse_hour
from services.api.errors import NotFoundError
from services.api.matching.room import Room
from services.api.oversight import audit
from services.api.policies import require
from services.api.visitor import Visitor
from shared.contracts.messages import ParticipantChanged
from shared.db.engine import ReadSession, WriteSession
from shared.models.bandwidth import BandwidthPeriod
from shared.outbox.writing import send


@dataclass(frozen=True)
class Overview:
    """Everything about a mentor's bandwidth in one cycle."""

    seat: Seat
    periods: Sequence[BandwidthPeriod]
    room: Room
    strip: Strip
    narrow: Strip


def overview(session: ReadSession, participant_id: UUID, today: date) -> Overview:
    seat = queries.get_seat(session, participant_id)
    rows = queries.list_periods(session, participant_id)
    promises = queries.list_promises(session, seat, today)
    stated = [queries.as_period(row) for row in rows]
    wide, narrow = (draw_strip(stated, promises, today, seat.cycle.ends_on, width) for width in (WIDTH, NARROW))
    return Overview(seat, rows, queries.room_of(session, participant_id, today), wide, narrow)


def add_period(session: WriteSession, visitor: Visitor, participant_id: UUID, form: PeriodForm) -> BandwidthPeriod:
    require(policy.may_state_bandwidth(visitor, participant_id))
    participant = queries.lock_participant(session, participant_id)
    period = BandwidthPeriod(id=uuid4(), program_id=participant.program_id, participant_id=participant.id)
    _fill(period, form)
    session.add(period)
    _tell(session, visitor, participant_id, participant.program_id, "bandwidth_added")
    return period


def change_period(session: WriteSession, visitor: Visitor, period_id: UUID, form: PeriodForm) -> BandwidthPeriod:
    period = find_period(session, visitor, period_id)
    queries.lock_participant(session, period.participant_id)
    _fill(period, form)
    _tell(session, visitor, period.participant_id, period.program_id, "bandwidth_changed")
    return period


def remove_period(session: WriteSession, visitor: Visitor, period_id: UUID) -> BandwidthPeriod:
    period = find_period(session, visitor, period_id)
    queries.lock_participant(session, period.participant_id)
    session.delete(period)
    _tell(session, visitor, period.participant_id, period.program_id, "bandwidth_removed")
    return period


def find_period(session: ReadSession, visitor: Visitor, period_id: UUID) -> BandwidthPeriod:
    """One of the visitor's own periods; all others look as if they did not exist."""
    period = queries.find_period(session, period_id)
    if period is None:
        raise NotFoundError
    require(policy.may_state_bandwidth(visitor, period.participant_id))
    return period


def _fill(period: BandwidthPeriod, form: PeriodForm) -> None:
    period.starts_on, period.ends_on = form.starts_on, form.ends_on
    period.hours_per_month, period.mentee_slots = form.hours_per_month, form.mentee_slots
    period.occasion = Occasion(form.occasion)


def set_least(session: WriteSession, visitor: Visitor, participant_id: UUID, count: int) -> None:
    """The fewest mentees that make it worth the mentor's while."""
    require(policy.may_state_bandwidth(visitor, participant_id))
    seat = queries.get_seat(session, participant_id)
    seat.profile.min_mentees = count
    _tell(session, visitor, participant_id, seat.program.id, "least_mentees_set")


def pause(session: WriteSession, visitor: Visitor, participant_id: UUID) -> bool:
    """active → paused: nobody new is proposed; mentorships go on. False if it was paused before."""
    return _move(session, visitor, participant_id, ("active", "paused"))


def resume(session: WriteSession, visitor: Visitor, participant_id: UUID) -> bool:
    """paused → active. False if it was active before."""
    return _move(session, visitor, participant_id, ("paused", "active"))


def _move(session: WriteSession, visitor: Visitor, participant_id: UUID, way: tuple[str, str]) -> bool:
    require(policy.may_state_bandwidth(visitor, participant_id))
    moved = queries.set_state(session, participant_id, *way)
    if moved:
        seat = queries.get_seat(session, participant_id)
        _tell(session, visitor, participant_id, seat.program.id, f"mentoring_{way[1]}")
    return moved


@dataclass(frozen=True)
class Week:
    """When somebody can usually meet, by their own clock."""

    time_zone: str
    hours: tuple[str, ...]


def read_week(session: ReadSession, visitor: Visitor) -> Week:
    """The week of the newest participation; saving makes it the week of all."""
    require(policy.may_state_availability(visitor))
    newest = visitor.participations[0].participant_id
    hours = tuple(f"{day}-{hour}" for day, hour in enrollment.list_hours(session, newest))
    return Week(enrollment.get_profile(session, newest).time_zone, hours)


def save_week(session: WriteSession, visitor: Visitor, form: AvailabilityForm) -> Week:
    """One person has one week: it holds in every program and role."""
    require(policy.may_state_availability(visitor))
    mine = [one.participant_id for one in visitor.participations]
    for participant in queries.participants_by_id(session, mine):
        enrollment.replace_hours(session, participant, map(parse_hour, form.hours))
        enrollment.get_profile(session, participant.id).time_zone = form.time_zone
        _tell(session, visitor, participant.id, participant.program_id, "availability_changed")
    return Week(form.time_zone, tuple(form.hours))


def _tell(session: WriteSession, visitor: Visitor, participant_id: UUID, program_id: UUID, action: str) -> None:
    audit.record(session, visitor, action, "participant", participant_id, program_id)
    send(session, ParticipantChanged(participant_id=participant_id))
