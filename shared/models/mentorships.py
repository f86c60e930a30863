"""Mentorships and their meetings and surveys."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.models.base import PROGRAM, Base, Created, Key, refers


class MentorshipState(StrEnum):
    ACTIVE = "active"
    COMPLETED = "completed"
    CLOSED = "closed"


MENTORSHIP_TRANSITIONS: dict[MentorshipState, frozenset[MentorshipState]] = {
    MentorshipState.ACTIVE: frozenset({MentorshipState.COMPLETED, MentorshipState.CLOSED}),
    MentorshipState.COMPLETED: frozenset(),
    MentorshipState.CLOSED: frozenset(),
}


class MeetingState(StrEnum):
    SCHEDULED = "scheduled"
    HELD = "held"
    CANCELED = "canceled"


class Mentorship(Base):
    """An accepted pair."""

    __tablename__ = "mentorship"
    __table_args__ = (
        UniqueConstraint("cycle_id", "mentee_id", "mentor_id"),
        CheckConstraint(f"state in {tuple(str(s) for s in MentorshipState)}", name="state_known"),
        Index(None, "program_id", "cycle_id"),
        Index(None, "mentee_id"),
        Index(None, "mentor_id"),
        PROGRAM,
    )

    id: Mapped[Key]
    program_id: Mapped[UUID] = mapped_column(refers("program.id"))
    cycle_id: Mapped[UUID] = mapped_column(refers("cycle.id"))
    mentee_id: Mapped[UUID] = mapped_column(refers("participant.id", on_delete="CASCADE"))
    mentor_id: Mapped[UUID] = mapped_column(refers("participant.id", on_delete="CASCADE"))
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default=MentorshipState.ACTIVE)
    started_at: Mapped[Created]
    ended_at: Mapped[datetime | None]
    closure_reason: Mapped[str | None]


class Meeting(Base):
    """A meeting of a pair. `sequence` counts changes, as calendar invites want it (RFC 5545)."""

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint(f"state in {tuple(str(s) for s in MeetingState)}", name="state_known"),
        CheckConstraint("minutes between 10 and 240", name="minutes_range"),
        Index(None, "mentorship_id", "starts_at"),
        PROGRAM,
    )

    id: Mapped[Key]
    program_id: Mapped[UUID] = mapped_column(refers("program.id"))
    mentorship_id: Mapped[UUID] = mapped_column(refers("mentorship.id", on_delete="CASCADE"))
    starts_at: Mapped[datetime]
    minutes: Mapped[int] = mapped_column(default=45)
    place: Mapped[str] = mapped_column(default="")
    sequence: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(default=MeetingState.SCHEDULED)
    arranged_by: Mapped[UUID | None] = mapped_column(refers("account.id", on_delete="SET NULL"))
    created_at: Mapped[Created]


class SurveyResponse(Base):
    """One side's answer to the satisfaction survey of a mentorship (1 to 5); unanswered until `answered_at`.

    `reminded_at`: when a mail asked once more. `told_at`: when the comment came before the program's leads, together
    with those of enough others.
    """

    __tablename__ = "survey_response"
    __table_args__ = (
        UniqueConstraint("mentorship_id", "side"),
        CheckConstraint("side in ('mentee', 'mentor')", name="side_known"),
        CheckConstraint("satisfaction between 1 and 5", name="satisfaction_range"),
        PROGRAM,
    )

    id: Mapped[Key]
    program_id: Mapped[UUID] = mapped_column(refers("program.id"))
    mentorship_id: Mapped[UUID] = mapped_column(refers("mentorship.id", on_delete="CASCADE"))
    side: Mapped[str]
    satisfaction: Mapped[int | None]
    comment: Mapped[str] = mapped_column(default="")
    invited_at: Mapped[Created]
    reminded_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
