"""Reads and writes of mentorships and their meetings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, literal, or_, select, update

from services.api.matching.queries import among
from shared.db.engine import ReadSession, WriteSession
from shared.models.accounts import Account
from shared.models.base import Json
from shared.models.enrollment import Participant
from shared.models.matching import MentoringRequest, OfferState, Proposal
from shared.models.mentorships import (
    MENTORSHIP_TRANSITIONS,
    Meeting,
    MeetingState,
    Mentorship,
    MentorshipState,
    SurveyResponse,
)
from shared.vocabulary.mentoring import Role

MOST_MEETINGS = 50

MEETING_TRANSITIONS: dict[MeetingState, frozenset[MeetingState]] = {
    MeetingState.SCHEDULED: frozenset({MeetingState.HELD, MeetingState.CANCELED}),
    MeetingState.HELD: frozenset(),
    MeetingState.CANCELED: frozenset(),
}


@dataclass(frozen=True)
class Contact:
    """How to reach somebody: only for the partner in a mentorship."""

    account_id: UUID
    email: str
    time_zone: str


def find_mentorship(session: ReadSession, mentorship_id: UUID) -> Mentorship | None:
    return session.get(Mentorship, mentorship_id)


def mentorships_of(session: ReadSession, participant_ids: Iterable[UUID]) -> list[Mentorship]:
    """What these participants are or were part of, active ones first, then the newest."""
    ids = list(participant_ids)
    theirs = or_(among(Mentorship.mentee_id, ids), among(Mentorship.mentor_id, ids))
    order = (Mentorship.state != MentorshipState.ACTIVE, Mentorship.started_at.desc(), Mentorship.id)
    return list(session.scalars(select(Mentorship).where(theirs).order_by(*order)))


def contact_of(session: ReadSession, participant_id: UUID) -> Contact | None:
    found = select(Account.id, Account.email, Account.time_zone).join(Participant, Participant.account_id == Account.id)
    row = session.execute(found.where(Participant.id == participant_id, Account.closed_at.is_(None))).first()
    return Contact(*row) if row else None


def explanation_of(session: ReadSession, mentorship: Mentorship) -> Json:
    """Why the two were matched: from the proposal or request that became this mentorship."""
    for table in (Proposal, MentoringRequest):
        accepted = select(table.explanation).where(
            table.cycle_id == mentorship.cycle_id,
            table.mentee_id == mentorship.mentee_id,
            table.mentor_id == mentorship.mentor_id,
            table.state == OfferState.ACCEPTED,
        )
        if explanation := session.scalar(accepted.limit(1)):
            return dict(explanation)
    return {}


def meetings_of(session: ReadSession, mentorship_id: UUID) -> list[Meeting]:
    """The meetings of a pair, the latest first."""
    theirs = select(Meeting).where(Meeting.mentorship_id == mentorship_id).order_by(Meeting.starts_at.desc())
    return list(session.scalars(theirs.limit(MOST_MEETINGS)))


def next_meetings(session: ReadSession, mentorship_ids: Iterable[UUID], now: datetime) -> dict[UUID, Meeting]:
    """The next scheduled meeting of each mentorship."""
    coming = select(Meeting).where(
        among(Meeting.mentorship_id, mentorship_ids), Meeting.state == MeetingState.SCHEDULED, Meeting.starts_at > now
    )
    found: dict[UUID, Meeting] = {}
    for meeting in session.scalars(coming.order_by(Meeting.starts_at)):
        found.setdefault(meeting.mentorship_id, meeting)
    return found


def find_meeting(session: ReadSession, mentorship_id: UUID, meeting_id: UUID) -> Meeting | None:
    return session.scalar(select(Meeting).where(Meeting.id == meeting_id, Meeting.mentorship_id == mentorship_id))


def add_meeting(session: WriteSession, meeting: Meeting) -> Meeting:
    session.add(meeting)
    session.flush()
    return meeting


def lock_mentorship(session: WriteSession, mentorship_id: UUID) -> Mentorship:
    return session.get_one(Mentorship, mentorship_id, with_for_update=True, populate_existing=True)


def end_mentorship(session: WriteSession, mentorship: Mentorship, to: MentorshipState, now: datetime, why: str) -> bool:
    """active → completed | closed; False if it had ended already."""
    sources = [state for state, targets in MENTORSHIP_TRANSITIONS.items() if to in targets]
    step = update(Mentorship).where(Mentorship.id == mentorship.id, Mentorship.state.in_(sources))
    step = step.values(state=to, ended_at=now, closure_reason=why)
    return session.execute(step.returning(Mentorship.id)).first() is not None


def move_meeting(session: WriteSession, meeting_id: UUID, to: MeetingState, **values: Any) -> bool:
    """scheduled → held | canceled; False if it was neither any more. Every change counts up the invite's sequence."""
    sources = [state for state, targets in MEETING_TRANSITIONS.items() if to in targets]
    step = update(Meeting).where(Meeting.id == meeting_id, Meeting.state.in_(sources))
    step = step.values(state=to, sequence=Meeting.sequence + 1, **values)
    return session.execute(step.returning(Meeting.id)).first() is not None


def cancel_coming_meetings(session: WriteSession, mentorship_id: UUID, now: datetime) -> list[UUID]:
    """Everything still ahead of a pair that parts; which meetings they were."""
    ahead = update(Meeting).where(
        Meeting.mentorship_id == mentorship_id, Meeting.state == MeetingState.SCHEDULED, Meeting.starts_at > now
    )
    canceled = ahead.values(state=MeetingState.CANCELED, sequence=Meeting.sequence + 1)
    return list(session.scalars(canceled.returning(Meeting.id)))


def invite_to_surveys(session: WriteSession, began_by: datetime, now: datetime) -> list[tuple[UUID, UUID]]:
    """Ask both sides of every active mentorship that began by a moment and was not asked yet.

    The surveys that were opened, each with its mentorship.
    """
    opened: list[tuple[UUID, UUID]] = []
    for side in Role:
        due = select(
            func.gen_random_uuid(), Mentorship.program_id, Mentorship.id, literal(side.value), literal(""),
            literal(now),
        ).where(
            Mentorship.state == MentorshipState.ACTIVE,
            Mentorship.started_at <= began_by,
            ~select(SurveyResponse.id).where(
                SurveyResponse.mentorship_id == Mentorship.id, SurveyResponse.side == side.value
            ).exists(),
        )  # fmt: skip
        columns = ["id", "program_id", "mentorship_id", "side", "comment", "invited_at"]
        asked = insert(SurveyResponse).from_select(columns, due)
        rows = session.execute(asked.returning(SurveyResponse.id, SurveyResponse.mentorship_id))
        opened += [(survey, mentorship) for survey, mentorship in rows]
    return opened


def remind_of_surveys(session: WriteSession, since: datetime, until: datetime, now: datetime) -> list[UUID]:
    """Note one reminder for each unanswered survey, opened in between, of a mentorship that goes on; which ones."""
    active = select(Mentorship.id).where(Mentorship.state == MentorshipState.ACTIVE)
    open_ones = update(SurveyResponse).where(
        SurveyResponse.answered_at.is_(None),
        SurveyResponse.reminded_at.is_(None),
        SurveyResponse.invited_at.between(since, until),
        SurveyResponse.mentorship_id.in_(active),
    )
    return list(session.scalars(open_ones.values(reminded_at=now).returning(SurveyResponse.id)))


def survey_of(session: ReadSession, mentorship_id: UUID, side: Role) -> SurveyResponse | None:
    mine = select(SurveyResponse).where(
        SurveyResponse.mentorship_id == mentorship_id, SurveyResponse.side == side.value
    )
    return session.scalar(mine)


def answer_survey(session: WriteSession, survey: SurveyResponse, **answer: Any) -> bool:
    """An answer is given once; False if there is one already."""
    step = update(SurveyResponse).where(SurveyResponse.id == survey.id, SurveyResponse.answered_at.is_(None))
    return session.execute(step.values(**answer).returning(SurveyResponse.id)).first() is not None
