"""Reads of what the matcher suggests, and the writes of asking."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from shared.db.engine import ReadSession, WriteSession
from shared.models.enrollment import Participant
from shared.models.matching import (
    CycleProgress,
    MentoringRequest,
    OfferState,
    Proposal,
    Suggestion,
    SuggestionList,
)
from shared.models.mentorships import Mentorship
from shared.models.programs import Cycle

MOST_SUGGESTIONS = 12


def suggestion_list(session: ReadSession, mentee_id: UUID) -> SuggestionList | None:
    """That the matcher has looked for this mentee; None while it has not."""
    return session.get(SuggestionList, mentee_id)


def suggestions(session: ReadSession, mentee_id: UUID) -> list[Suggestion]:
    """Suggested mentors who still take part, the best first."""
    taking_part = select(Suggestion).join(Participant, Participant.id == Suggestion.mentor_id)
    mine = taking_part.where(Suggestion.mentee_id == mentee_id, Participant.state == "active")
    return list(session.scalars(mine.order_by(Suggestion.rank).limit(MOST_SUGGESTIONS)))


def find_suggestion(session: ReadSession, mentee_id: UUID, mentor_id: UUID) -> Suggestion | None:
    wanted = select(Suggestion).where(Suggestion.mentee_id == mentee_id, Suggestion.mentor_id == mentor_id)
    return session.scalar(wanted)


def was_freed(session: ReadSession, mentee_id: UUID, since: datetime) -> bool:
    """Whether an offer or a mentorship of this mentee ended after `since`."""
    ended = [
        select(one.id).where(one.mentee_id == mentee_id, one.decided_at > since, one.state != OfferState.ACCEPTED)
        for one in (Proposal, MentoringRequest)
    ]
    ended.append(select(Mentorship.id).where(Mentorship.mentee_id == mentee_id, Mentorship.ended_at > since))
    return any(session.scalar(one.limit(1)) is not None for one in ended)


def cycle_of(session: ReadSession, cycle_id: UUID) -> Cycle:
    return session.get_one(Cycle, cycle_id)


def embedding_progress(session: ReadSession, cycle_id: UUID) -> CycleProgress | None:
    """How far the first reading of everybody's texts has come."""
    return session.get(CycleProgress, cycle_id)


def add_request(
    session: WriteSession, suggestion: Suggestion, mentee: Participant, message: str, respond_by: datetime
) -> MentoringRequest:
    request = MentoringRequest(
        program_id=mentee.program_id,
        cycle_id=mentee.cycle_id,
        mentee_id=mentee.id,
        mentor_id=suggestion.mentor_id,
        kind=suggestion.kind,
        score=suggestion.score,
        explanation=suggestion.explanation,
        message=message,
        respond_by=respond_by,
    )
    session.add(request)
    session.flush()
    return request
