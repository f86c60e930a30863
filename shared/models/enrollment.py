"""Registrations, participants, what they wrote, what matters to them, and what they consented to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from shared.models.base import PROGRAM, Base, Created, Key, refers


class Registration(Base):
    """A registration under way: each step saved, all answers sealed, resumable from any device."""

    __tablename__ = "registration"
    __table_args__ = (
        CheckConstraint("state in ('draft', 'submitted', 'confirmed')", name="state_known"),
        Index(None, "email"),
        PROGRAM,
    )

    id: Mapped[Key]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    email: Mapped[str] = mapped_column(default="")
    cycle_id: Mapped[UUID] = mapped_column(refers("cycle.id"))
    step: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(default="draft")
    sealed_answers: Mapped[bytes]
    created_at: Mapped[Created]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())
    expires_at: Mapped[datetime]


class Participant(Base):
    """An account enrolled in a cycle in one role; somebody who is both has two participants."""

    __tablename__ = "participant"
    __table_args__ = (
        UniqueConstraint("cycle_id", "account_id", "role"),
        CheckConstraint("role in ('mentee', 'mentor')", name="role_known"),
        CheckConstraint("state in ('active', 'paused', 'withdrawn')", name="state_known"),
        Index(None, "program_id", "cycle_id", "role"),
        Index(None, "account_id"),
        Index(None, "institution_id"),
        PROGRAM,
    )

    id: Mapped[Key]
    program_id: Mapped[UUID] = mapped_column(refers("program.id"))
    cycle_id: Mapped[UUID] = mapped_column(refers("cycle.id"))
    account_id: Mapped[UUID] = mapped_column(refers("account.id", on_delete="CASCADE"))
    institution_id: Mapped[UUID] = mapped_column(refers("institution.id"))
    role: Mapped[str]
    stage: Mapped[str]
    state: Mapped[str] = mapped_column(default="active")
    registered_at: Mapped[Created]


class Profile(Base):
    """What a participant wrote and chose. The matcher reads it through the blind view, without the account.

    `statements` holds texts by facet: wish, goals, interests (mentees); offer, expertise, interests (mentors).
    """

    __tablename__ = "profile"
    __table_args__ = PROGRAM

    participant_id: Mapped[UUID] = mapped_column(refers("participant.id", on_delete="CASCADE"), primary_key=True)
    program_id: Mapped[UUID] = mapped_column(refers("program.id"))
    statements: Mapped[dict[str, Any]] = mapped_column(default=dict)
    specialties: Mapped[list[str]] = mapped_column(ARRAY(TEXT), default=list)  # ranked, first is dearest
    languages: Mapped[list[str]] = mapped_column(ARRAY(TEXT), default=lambda: ["en"])
    kinds: Mapped[list[str]] = mapped_column(ARRAY(TEXT), default=lambda: ["any"])  # slots wanted | kinds offered
    meeting_mode: Mapped[str] = mapped_column(default="either")
    working_style: Mapped[str] = mapped_column(default="")
    site_preference: Mapped[str] = mapped_column(default="no_preference")
    regions: Mapped[list[str]] = mapped_column(ARRAY(TEXT), default=list)  # states one has or wants ties to
    different_perspective: Mapped[bool] = mapped_column(default=False)
    min_mentees: Mapped[int] = mapped_column(default=0)
    time_zone: Mapped[str]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


class DimensionAnswer(Base):
    """One exact answer, sealed, with its three switches, all off at first.

    `account_id` lets row-level security show a row to its owner only. `counted_at` is when reports began to count it:
    an answer waits until enough others have come with it (services/api/dashboards/suppression.py).
    """

    __tablename__ = "dimension_answer"
    __table_args__ = (
        CheckConstraint("importance between 0 and 3", name="importance_range"),
        Index(None, "participant_id"),
        Index(None, "account_id"),
        PROGRAM,
    )

    id: Mapped[Key]
    program_id: Mapped[UUID] = mapped_column(refers("program.id"))
    account_id: Mapped[UUID] = mapped_column(refers("account.id", on_delete="CASCADE"))
    participant_id: Mapped[UUID] = mapped_column(refers("participant.id", on_delete="CASCADE"))
    dimension_id: Mapped[UUID] = mapped_column(refers("dimension.id"))
    sealed: Mapped[bytes]
    may_match: Mapped[bool] = mapped_column(default=False)
    may_show: Mapped[bool] = mapped_column(default=False)
    may_report: Mapped[bool] = mapped_column(default=False)
    importance: Mapped[int] = mapped_column(default=0)
    counted_at: Mapped[datetime | None]


class MatchToken(Base):
    """The keyed token of an answer that its owner opted in to match; all the matcher ever sees of it."""

    __tablename__ = "match_token"
    __table_args__ = PROGRAM

    participant_id: Mapped[UUID] = mapped_column(refers("participant.id", on_delete="CASCADE"), primary_key=True)
    token: Mapped[bytes] = mapped_column(primary_key=True)
    program_id: Mapped[UUID] = mapped_column(refers("program.id"))
    dimension_id: Mapped[UUID] = mapped_column(refers("dimension.id"))
    importance: Mapped[int] = mapped_column(default=0)


class Consent(Base):
    """Somebody agreed to a version of a text (privacy notice, pledge)."""

    __tablename__ = "consent"
    __table_args__ = PROGRAM

    id: Mapped[Key]
    account_id: Mapped[UUID] = mapped_column(refers("account.id", on_delete="CASCADE"))
    program_id: Mapped[UUID] = mapped_column(refers("program.id"))
    subject: Mapped[str]  # privacy | pledge
    version: Mapped[str]
    given_at: Mapped[Created]


class Exclusion(Base):
    """Two participants who must not be matched: an evaluator, a block, an earlier pair that went wrong."""

    __tablename__ = "exclusion"
    __table_args__ = (
        UniqueConstraint("mentee_id", "mentor_id"),
        CheckConstraint("reason in ('evaluator', 'block', 'earlier_pair', 'lead')", name="reason_known"),
        PROGRAM,
    )

    id: Mapped[Key]
    program_id: Mapped[UUID] = mapped_column(refers("program.id"))
    mentee_id: Mapped[UUID] = mapped_column(refers("participant.id", on_delete="CASCADE"))
    mentor_id: Mapped[UUID] = mapped_column(refers("participant.id", on_delete="CASCADE"))
    reason: Mapped[str]
    created_at: Mapped[Created]
