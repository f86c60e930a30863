"""Reads and writes of bandwidth periods, of what is promised against them, and of weekly hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select, update

from services.api.bandwidth.strip import Promise
from services.api.matching.queries import mentor_room
from services.api.matching.room import Room
from shared.bandwidth import Period
from shared.costs import hours_for, kinds_given
from shared.db.engine import ReadSession, WriteSession
from shared.models.bandwidth import BandwidthPeriod
from shared.models.enrollment import Participant, Profile
from shared.models.matching import MentoringRequest, OfferState, Proposal
from shared.models.mentorships import Mentorship, MentorshipState
from shared.models.programs import Cycle, Policy, Program
from shared.vocabulary.mentoring import Kind
from shared.vocabulary.stages import Stage


@dataclass(frozen=True)
class Seat:
    """A mentor's place in a cycle of a program."""

    participant: Participant
    profile: Profile
    cycle: Cycle
    program: Program


def get_seat(session: ReadSession, participant_id: UUID) -> Seat:
    found = (
        select(Participant, Profile, Cycle, Program)
        .join(Profile, Profile.participant_id == Participant.id)
        .join(Cycle, Cycle.id == Participant.cycle_id)
        .join(Program, Program.id == Participant.program_id)
        .where(Participant.id == participant_id)
    )
    return Seat(*session.execute(found).one())


def program_names(session: ReadSession, participant_ids: Sequence[UUID]) -> list[tuple[UUID, str, str]]:
    """(participant, program, cycle) in the order of the newest cycle."""
    found = (
        select(Participant.id, Program.name, Cycle.name)
        .join(Program, Program.id == Participant.program_id)
        .join(Cycle, Cycle.id == Participant.cycle_id)
        .where(Participant.id.in_(participant_ids))
    )
    rows = session.execute(found.order_by(Cycle.starts_on.desc(), Program.name))
    return [(participant, program, cycle) for participant, program, cycle in rows]


def list_periods(session: ReadSession, participant_id: UUID) -> Sequence[BandwidthPeriod]:
    mine = select(BandwidthPeriod).where(BandwidthPeriod.participant_id == participant_id)
    return session.scalars(mine.order_by(BandwidthPeriod.starts_on, BandwidthPeriod.ends_on)).all()


def find_period(session: ReadSession, period_id: UUID) -> BandwidthPeriod | None:
    return session.get(BandwidthPeriod, period_id)


def as_period(row: BandwidthPeriod) -> Period:
    return Period(row.starts_on, row.ends_on, row.hours_per_month, row.mentee_slots, row.occasion)


def room_of(session: ReadSession, participant_id: UUID, today: date) -> Room:
    """Slots of what is left of the cycle, and what takes them."""
    return mentor_room(session, [participant_id], today)[participant_id]


def list_promises(session: ReadSession, seat: Seat, today: date) -> list[Promise]:
    mentor, stage = seat.participant.id, Stage(seat.participant.stage)
    newest = select(Policy.document).where(Policy.program_id == seat.program.id).order_by(Policy.version.desc())
    policy = session.scalar(newest.limit(1)) or {}
    active = select(Mentorship.started_at, Mentorship.kind).where(
        Mentorship.mentor_id == mentor, Mentorship.state == MentorshipState.ACTIVE
    )

    def cost(kind: str) -> Decimal:
        return hours_for(policy, kinds_given([Kind(kind)], stage))

    promised = [Promise(started.date(), cost(kind)) for started, kind in session.execute(active)]
    return [*promised, *(Promise(today, cost(kind), is_held=True) for kind in _held_kinds(session, mentor))]


def _held_kinds(session: ReadSession, mentor_id: UUID) -> list[str]:
    offers = (
        select(offer.kind).where(offer.mentor_id == mentor_id, offer.state == OfferState.OPEN)
        for offer in (Proposal, MentoringRequest)
    )
    return [kind for found in offers for kind in session.scalars(found)]


def lock_participant(session: WriteSession, participant_id: UUID) -> Participant:
    """So that no offer is accepted against bandwidth that is just being changed."""
    return session.scalars(select(Participant).where(Participant.id == participant_id).with_for_update()).one()


def set_state(session: WriteSession, participant_id: UUID, before: str, after: str) -> bool:
    """active ↔ paused; False if the participant was not in the state before."""
    changed = update(Participant).where(Participant.id == participant_id, Participant.state == before)
    return session.execute(changed.values(state=after).returning(Participant.id)).first() is not None


def participants_by_id(session: ReadSession, ids: Sequence[UUID]) -> Sequence[Participant]:
    return session.scalars(select(Participant).where(Participant.id.in_(ids)).order_by(Participant.id)).all()
