"""Who the people of matches are and how much room they have: what runs, offers, suggestions, mentorships share."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from services.api.matching.room import Commitments, Room, mentor_slots
from services.api.mentorships.times import WeeklyHours
from shared.bandwidth import Period
from shared.contacts import without_contacts
from shared.costs import hours_for, kinds_given
from shared.db.actor import SYSTEM, acting_as
from shared.db.engine import ReadSession, WriteSession
from shared.models.accounts import Account
from shared.models.bandwidth import AvailabilityHour, BandwidthPeriod
from shared.models.enrollment import DimensionAnswer, Exclusion, Participant, Profile
from shared.models.matching import MentoringRequest, OfferState, Proposal
from shared.models.mentorships import Mentorship, MentorshipState
from shared.models.programs import Cycle, Institution, Policy, Program
from shared.vocabulary.mentoring import Kind, Role
from shared.vocabulary.specialties import SPECIALTIES
from shared.vocabulary.stages import Stage
from shared.wishes import open_wishes


@dataclass(frozen=True)
class Person:
    """A participant as a card shows them: no address, no identity."""

    participant_id: UUID
    program_id: UUID
    cycle_id: UUID
    role: Role
    name: str
    pronouns: str
    stage: Stage
    institution: str
    city: str
    state: str
    specialties: tuple[str, ...]
    statements: dict[str, Any]
    slots_wanted: int
    takes_part: bool

    @property
    def specialty(self) -> str:
        """The name of the dearest specialty, or nothing."""
        return SPECIALTIES.get(self.specialties[0], "") if self.specialties else ""


def among(column: Any, ids: Iterable[UUID]) -> ColumnElement[bool]:
    """Column in ids, as one array: a nation's worth would be too many parameters."""
    chosen: ColumnElement[bool] = column == any_(literal(list(ids), ARRAY(Uuid)))
    return chosen


def people(session: ReadSession, participant_ids: Iterable[UUID]) -> dict[UUID, Person]:
    """These participants, with names."""
    rows = session.execute(_people().where(among(Participant.id, participant_ids)))
    return {row.Participant.id: _person(row) for row in rows}


def people_of_account(session: ReadSession, account_id: UUID, role: Role) -> list[Person]:
    """An account's participations in a role, the newest cycle first."""
    mine = _people().join(Cycle, Cycle.id == Participant.cycle_id)
    mine = mine.where(Participant.account_id == account_id, Participant.role == role)
    return [_person(row) for row in session.execute(mine.order_by(Cycle.starts_on.desc(), Participant.id))]


def _people() -> Any:
    return (
        select(Participant, Profile, Account.name, Account.pronouns, Account.closed_at, Institution)
        .join(Profile, Profile.participant_id == Participant.id)
        .join(Account, Account.id == Participant.account_id)
        .join(Institution, Institution.id == Participant.institution_id)
    )


def _person(row: Any) -> Person:
    enrolled, profile, site = row.Participant, row.Profile, row.Institution
    return Person(
        participant_id=enrolled.id,
        program_id=enrolled.program_id,
        cycle_id=enrolled.cycle_id,
        role=Role(enrolled.role),
        name=row.name,
        pronouns=row.pronouns,
        stage=Stage(enrolled.stage),
        institution=site.name,
        city=site.city,
        state=site.state,
        specialties=tuple(profile.specialties),
        statements=_hidden_until_matched(profile.statements),
        slots_wanted=len(profile.kinds),
        takes_part=enrolled.state == "active" and row.closed_at is None,
    )


def _hidden_until_matched(statements: dict[str, Any]) -> dict[str, Any]:
    """The texts of a card, without ways to reach the writer; an import may bring several texts of one facet."""
    return {
        facet: [*map(without_contacts, given)] if isinstance(given, list) else without_contacts(given)
        for facet, given in statements.items()
    }


def lock_people(session: WriteSession, participant_ids: Iterable[UUID]) -> dict[UUID, Participant]:
    """Lock participants in one order (so that two transactions never wait for each other) until the end."""
    wanted = select(Participant).where(among(Participant.id, participant_ids)).order_by(Participant.id)
    locked = session.scalars(wanted.with_for_update(), execution_options={"populate_existing": True})
    return {participant.id: participant for participant in locked}


def program_by_slug(session: ReadSession, slug: str) -> Program | None:
    return session.scalar(select(Program).where(Program.slug == slug))


def mentor_room(session: ReadSession, mentor_ids: Collection[UUID], today: date) -> dict[UUID, Room]:
    """The room of mentors for what is left of their cycle."""
    periods, spans = _periods(session, mentor_ids), _spans(session, mentor_ids)
    costs = _costs(session, mentor_ids)
    taken = commitments(session, mentor_ids, Role.MENTOR)
    return {
        mentor: Room(mentor_slots(periods.get(mentor, ()), spans[mentor], today, cost), taken[mentor], cost)
        for mentor, cost in costs.items()
    }


def mentee_room(session: ReadSession, mentee_ids: Collection[UUID]) -> dict[UUID, Room]:
    """How many mentors mentees wish for, and what they have."""
    wanted = select(Profile.participant_id, func.cardinality(Profile.kinds))
    rows = session.execute(wanted.where(among(Profile.participant_id, mentee_ids)))
    taken = commitments(session, mentee_ids, Role.MENTEE)
    return {mentee: Room(slots, taken[mentee]) for mentee, slots in rows}


def wishes_open(session: ReadSession, mentee_ids: Collection[UUID]) -> dict[UUID, tuple[Kind, ...]]:
    """The wishes of mentees that neither a mentorship nor an open offer takes."""
    live = ((Mentorship, MentorshipState.ACTIVE), (Proposal, OfferState.OPEN), (MentoringRequest, OfferState.OPEN))
    taken = [
        select(pairs.mentee_id, pairs.kind).where(among(pairs.mentee_id, mentee_ids), pairs.state == state)
        for pairs, state in live
    ]
    held = defaultdict[UUID, list[Kind]](list)
    for mentee, kind in session.execute(union_all(*taken)):
        held[mentee].append(Kind(kind))
    wanted = select(Profile.participant_id, Profile.kinds).where(among(Profile.participant_id, mentee_ids))
    return {mentee: open_wishes([*map(Kind, kinds)], held[mentee]) for mentee, kinds in session.execute(wanted)}


def commitments(session: ReadSession, ids: Collection[UUID], role: Role) -> defaultdict[UUID, Commitments]:
    """Active mentorships and held offers of participants on their side of the pair."""
    active = _count(session, ids, Mentorship, role, Mentorship.state == MentorshipState.ACTIVE)
    proposed = _count(session, ids, Proposal, role, Proposal.state == OfferState.OPEN)
    asked = _count(session, ids, MentoringRequest, role, MentoringRequest.state == OfferState.OPEN)
    found = defaultdict[UUID, Commitments](Commitments)
    for person in {*active, *proposed, *asked}:
        found[person] = Commitments(active.get(person, 0), proposed.get(person, 0) + asked.get(person, 0))
    return found


Paired = type[Mentorship] | type[Proposal] | type[MentoringRequest]


def side_of(pairs: Paired, role: Role) -> InstrumentedAttribute[UUID]:
    """The column of a pair that holds the mentee or the mentor."""
    return pairs.mentee_id if role is Role.MENTEE else pairs.mentor_id


def _count(session: ReadSession, ids: Collection[UUID], pairs: Paired, role: Role, open_now: Any) -> dict[UUID, int]:
    side = side_of(pairs, role)
    rows = session.execute(select(side, func.count()).where(among(side, ids), open_now).group_by(side))
    return {person: count for person, count in rows}  # noqa: C416 — rows are not tuples to mypy


def _periods(session: ReadSession, mentor_ids: Collection[UUID]) -> dict[UUID, list[Period]]:
    found = defaultdict[UUID, list[Period]](list)
    for row in session.scalars(select(BandwidthPeriod).where(among(BandwidthPeriod.participant_id, mentor_ids))):
        period = Period(row.starts_on, row.ends_on, row.hours_per_month, row.mentee_slots, row.occasion)
        found[row.participant_id].append(period)
    return found


def _spans(session: ReadSession, participant_ids: Collection[UUID]) -> dict[UUID, tuple[date, date]]:
    spans = select(Participant.id, Cycle.starts_on, Cycle.ends_on).join(Cycle, Cycle.id == Participant.cycle_id)
    rows = session.execute(spans.where(among(Participant.id, participant_ids)))
    return {person: (first, last) for person, first, last in rows}


def _costs(session: ReadSession, mentor_ids: Collection[UUID]) -> dict[UUID, Decimal]:
    """Hours a month that one more mentee costs each mentor, by the latest policy of the program."""
    rows = session.execute(
        select(Participant.id, Participant.program_id, Participant.stage, Profile.kinds)
        .join(Profile, Profile.participant_id == Participant.id)
        .where(among(Participant.id, mentor_ids))
    ).all()
    policy = {program: latest_policy(session, program) for program in {row.program_id for row in rows}}
    return {
        row.id: hours_for(policy[row.program_id], kinds_given([Kind(k) for k in row.kinds], Stage(row.stage)))
        for row in rows
    }


def latest_policy(session: ReadSession, program_id: UUID) -> dict[str, Any]:
    """The document of the newest policy version; empty (all defaults) before there is one."""
    newest = select(Policy.document).where(Policy.program_id == program_id).order_by(Policy.version.desc())
    return session.scalar(newest.limit(1)) or {}


def weekly_hours(session: ReadSession, participant_ids: Collection[UUID]) -> dict[UUID, WeeklyHours]:
    """When these people usually can meet, by their own clocks."""
    zones = session.execute(
        select(Profile.participant_id, Profile.time_zone).where(among(Profile.participant_id, participant_ids))
    )
    grids = defaultdict[UUID, set[tuple[int, int]]](set)
    hours = select(AvailabilityHour.participant_id, AvailabilityHour.weekday, AvailabilityHour.hour)
    for person, weekday, hour in session.execute(hours.where(among(AvailabilityHour.participant_id, participant_ids))):
        grids[person].add((weekday, hour))
    return {person: WeeklyHours(ZoneInfo(zone), frozenset(grids[person])) for person, zone in zones}


def settled_pairs(session: ReadSession, mentee_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Pairs of these mentees that must not be proposed (again): matched, waiting for an answer, or declined."""
    matched = select(Mentorship.mentee_id, Mentorship.mentor_id).where(among(Mentorship.mentee_id, mentee_ids))
    offered = (
        select(offers.mentee_id, offers.mentor_id).where(
            among(offers.mentee_id, mentee_ids), offers.state.in_((OfferState.OPEN, OfferState.DECLINED))
        )
        for offers in (Proposal, MentoringRequest)
    )
    return {(mentee, mentor) for mentee, mentor in session.execute(union_all(matched, *offered))}


def excluded_pairs(session: ReadSession, mentee_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Pairs of these mentees that must never be: an evaluator, a block, an earlier pair that went wrong."""
    excluded = select(Exclusion.mentee_id, Exclusion.mentor_id).where(among(Exclusion.mentee_id, mentee_ids))
    return {(mentee, mentor) for mentee, mentor in session.execute(excluded)}


def shown_answers(session: ReadSession, participant_ids: Collection[UUID]) -> list[DimensionAnswer]:
    """Sealed answers that these people chose to show. Read as the system: after a policy said who may see the card."""
    wanted = select(DimensionAnswer).where(
        among(DimensionAnswer.participant_id, participant_ids), DimensionAnswer.may_show
    )
    with acting_as(session, SYSTEM):
        return list(session.scalars(wanted))
