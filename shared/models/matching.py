"""Match runs, proposals and requests (written by the api), and what the matcher works out (written by the matcher)."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.models.base import MATCHING, PROGRAM, Base, Created, Json, Key, refers


class RunState(StrEnum):
    REQUESTED = "requested"
    DRAFT = "draft"
    PUBLISHED = "published"
    DISCARDED = "discarded"
    FAILED = "failed"


RUN_TRANSITIONS: dict[RunState, frozenset[RunState]] = {
    RunState.REQUESTED: frozenset({RunState.DRAFT, RunState.FAILED, RunState.DISCARDED}),
    RunState.DRAFT: frozenset({RunState.PUBLISHED, RunState.DISCARDED}),
    RunState.FAILED: frozenset({RunState.DISCARDED}),
    RunState.PUBLISHED: frozenset(),
    RunState.DISCARDED: frozenset(),
}


class OfferState(StrEnum):
    """A proposal or request waits for the mentor and holds a slot while it does."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


OFFER_TRANSITIONS: dict[OfferState, frozenset[OfferState]] = {
    OfferState.OPEN: frozenset({OfferState.ACCEPTED, OfferState.DECLINED, OfferState.EXPIRED, OfferState.WITHDRAWN}),
    OfferState.ACCEPTED: frozenset(),
    OfferState.DECLINED: frozenset(),
    OfferState.EXPIRED: frozenset(),
    OfferState.WITHDRAWN: frozenset(),
}


class MatchRun(Base):
    """A match run as the lead sees it: requested → draft → published | discarded (or failed)."""

    __tablename__ = "match_run"
    __table_args__ = (
        CheckConstraint(f"state in {tuple(str(s) for s in RunState)}", name="state_known"),
        Index(None, "program_id", "cycle_id"),
        PROGRAM,
    )

    id: Mapped[Key]
    program_id: Mapped[UUID] = mapped_column(refers("program.id"))
    cycle_id: Mapped[UUID] = mapped_column(refers("cycle.id"))
    policy_id: Mapped[UUID] = mapped_column(refers("policy.id"))
    state: Mapped[str] = mapped_column(default=RunState.REQUESTED)
    requested_by: Mapped[UUID | None] = mapped_column(refers("account.id"))
    requested_at: Mapped[Created]
    published_by: Mapped[UUID | None] = mapped_column(refers("account.id"))
    published_at: Mapped[datetime | None]


class Proposal(Base):
    """One suggested pair of a published run, held for the mentor until it is answered or expires."""

    __tablename__ = "proposal"
    __table_args__ = (
        UniqueConstraint("run_id", "mentee_id", "mentor_id"),
        CheckConstraint(f"state in {tuple(str(s) for s in OfferState)}", name="state_known"),
        Index(None, "program_id", "cycle_id"),
        Index(None, "mentee_id"),
        Index(None, "mentor_id"),
        PROGRAM,
    )

    id: Mapped[Key]
    program_id: Mapped[UUID] = mapped_column(refers("program.id"))
    cycle_id: Mapped[UUID] = mapped_column(refers("cycle.id"))
    run_id: Mapped[UUID] = mapped_column(refers("match_run.id"))
    mentee_id: Mapped[UUID] = mapped_column(refers("participant.id", on_delete="CASCADE"))
    mentor_id: Mapped[UUID] = mapped_column(refers("participant.id", on_delete="CASCADE"))
    kind: Mapped[str]
    score: Mapped[float]
    explanation: Mapped[Json]
    state: Mapped[str] = mapped_column(default=OfferState.OPEN)
    respond_by: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decline_reason: Mapped[str | None]
    created_at: Mapped[Created]


class MentoringRequest(Base):
    """A mentee asks a mentor (of the suggestions); holds a slot like a proposal does."""

    __tablename__ = "request"
    __table_args__ = (
        CheckConstraint(f"state in {tuple(str(s) for s in OfferState)}", name="state_known"),
        Index("uq_request_open", "mentee_id", "mentor_id", unique=True, postgresql_where=text("state = 'open'")),
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
    kind: Mapped[str] = mapped_column(default="any")
    score: Mapped[float] = mapped_column(default=0.0)
    explanation: Mapped[Json] = mapped_column(default=dict)
    message: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default=OfferState.OPEN)
    respond_by: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decline_reason: Mapped[str | None]
    created_at: Mapped[Created]


class Embedding(Base):
    """The vector of a text, by the hash of its content and the model: computed once, float32 little-endian."""

    __tablename__ = "embedding"
    __table_args__ = MATCHING

    content_hash: Mapped[bytes] = mapped_column(primary_key=True)
    model: Mapped[str] = mapped_column(primary_key=True)
    vector: Mapped[bytes]
    created_at: Mapped[Created]


class RunResult(Base):
    """The matcher's side of a run: where it is, and when done what came out.

    `heartbeat_at` is a lease: a second worker takes the run up only when it has gone stale.
    """

    __tablename__ = "run_result"
    __table_args__ = MATCHING

    run_id: Mapped[UUID] = mapped_column(ForeignKey("program.match_run.id", ondelete="CASCADE"), primary_key=True)
    phase: Mapped[str] = mapped_column(default="waiting")
    progress: Mapped[float] = mapped_column(default=0.0)
    worker: Mapped[str] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(default=1, server_default="1")
    started_at: Mapped[Created]
    heartbeat_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]
    report: Mapped[dict[str, Any] | None]
    certificate: Mapped[bytes | None]
    error: Mapped[str | None]


class CycleProgress(Base):
    """How far the first embedding of a cycle's people has come."""

    __tablename__ = "cycle_progress"
    __table_args__ = MATCHING

    cycle_id: Mapped[UUID] = mapped_column(ForeignKey("program.cycle.id", ondelete="CASCADE"), primary_key=True)
    texts: Mapped[int] = mapped_column(default=0)
    embedded: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


class DraftPair(Base):
    """One pair of a draft, with the explanation (reason codes, contributions that add up to the score)."""

    __tablename__ = "draft_pair"
    __table_args__ = (Index(None, "run_id", "score"), MATCHING)

    run_id: Mapped[UUID] = mapped_column(ForeignKey("program.match_run.id", ondelete="CASCADE"), primary_key=True)
    mentee_id: Mapped[UUID] = mapped_column(primary_key=True)
    mentor_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    score: Mapped[float]
    explanation: Mapped[Json]


class DraftUnmatched(Base):
    """A mentee's slot that the draft leaves open, and why."""

    __tablename__ = "draft_unmatched"
    __table_args__ = MATCHING

    run_id: Mapped[UUID] = mapped_column(ForeignKey("program.match_run.id", ondelete="CASCADE"), primary_key=True)
    mentee_id: Mapped[UUID] = mapped_column(primary_key=True)
    slot: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    reasons: Mapped[list[Any]]


class MentorPrice(Base):
    """The congestion price of a mentor, from the last solved match of the cycle; suggestions reckon with it."""

    __tablename__ = "mentor_price"
    __table_args__ = MATCHING

    cycle_id: Mapped[UUID] = mapped_column(ForeignKey("program.cycle.id", ondelete="CASCADE"), primary_key=True)
    mentor_id: Mapped[UUID] = mapped_column(primary_key=True)
    price: Mapped[float]


class SuggestionList(Base):
    """That a mentee's suggestions are computed, and from which state of the world."""

    __tablename__ = "suggestion_list"
    __table_args__ = MATCHING

    mentee_id: Mapped[UUID] = mapped_column(ForeignKey("program.participant.id", ondelete="CASCADE"), primary_key=True)
    computed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    eligible: Mapped[int] = mapped_column(default=0)


class Suggestion(Base):
    """A mentor suggested to a mentee, in order of rank, with reasons."""

    __tablename__ = "suggestion"
    __table_args__ = MATCHING

    mentee_id: Mapped[UUID] = mapped_column(ForeignKey("program.participant.id", ondelete="CASCADE"), primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[UUID]
    kind: Mapped[str]
    score: Mapped[float]
    explanation: Mapped[Json]
