"""Match runs, proposals and requests (written by the api), and what the matcher works out (written by the matcher)."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.models.base import MATCHING, PROGRAM, Base, Created, Json, Key, refers


class RunPurpose(StrEnum):
    """What a run is asked for: a match, additions to a published match, or the answer to a what-if question."""

    MATCH = "match"
    ADDITIONS = "additions"
    WHAT_IF = "what_if"


class RunState(StrEnum):
    REQUESTED = "requested"
    DRAFT = "draft"
    ANSWERED = "answered"
    PUBLISHED = "published"
    DISCARDED = "discarded"
    FAILED = "failed"


RUN_TRANSITIONS: dict[RunState, frozenset[RunState]] = {
    RunState.REQUESTED: frozenset({RunState.DRAFT, RunState.ANSWERED, RunState.FAILED, RunState.DISCARDED}),
    RunState.DRAFT: frozenset({RunState.PUBLISHED, RunState.DISCARDED}),
    RunState.ANSWERED: frozenset({RunState.DISCARDED}),
    RunState.FAILED: frozenset({RunState.DISCARDED}),
    RunState.PUBLISHED: frozenset({RunState.DRAFT}),  # taken back before its first notice left
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


class PairRule(StrEnum):
    """What a lead decided about a pair before a run: it must be made, or must not."""

    PIN = "pin"
    FORBID = "forbid"


class MatchRun(Base):
    """A match run as the lead sees it: requested → draft → published | discarded (or failed).

    `base_run_id` is the draft that this one revises, or the published run that it adds to. `asked` is the question of
    a what-if. `notices_at` is when a published run's first notice leaves; until then it can be taken back.
    """

    __tablename__ = "match_run"
    __table_args__ = (
        CheckConstraint(f"state in {tuple(str(s) for s in RunState)}", name="state_known"),
        CheckConstraint(f"purpose in {tuple(str(p) for p in RunPurpose)}", name="purpose_known"),
        Index(None, "program_id", "cycle_id"),
        PROGRAM,
    )

    id: Mapped[Key]
    program_id: Mapped[UUID] = mapped_column(refers("program.id"))
    cycle_id: Mapped[UUID] = mapped_column(refers("cycle.id"))
    policy_id: Mapped[UUID] = mapped_column(refers("policy.id"))
    state: Mapped[str] = mapped_column(default=RunState.REQUESTED)
    purpose: Mapped[str] = mapped_column(default=RunPurpose.MATCH, server_default=RunPurpose.MATCH)
    base_run_id: Mapped[UUID | None] = mapped_column(refers("match_run.id"))
    asked: Mapped[Json] = mapped_column(default=dict, server_default=text("'{}'"))
    requested_by: Mapped[UUID | None] = mapped_column(refers("account.id"))
    requested_at: Mapped[Created]
    published_by: Mapped[UUID | None] = mapped_column(refers("account.id"))
    published_at: Mapped[datetime | None]
    notices_at: Mapped[datetime | None]


class RunRule(Base):
    """A pair that a run must make, or must not: the lead's decision on an earlier draft."""

    __tablename__ = "run_rule"
    __table_args__ = (CheckConstraint(f"rule in {tuple(str(r) for r in PairRule)}", name="rule_known"), PROGRAM)

    run_id: Mapped[UUID] = mapped_column(refers("match_run.id", on_delete="CASCADE"), primary_key=True)
    mentee_id: Mapped[UUID] = mapped_column(refers("participant.id", on_delete="CASCADE"), primary_key=True)
    mentor_id: Mapped[UUID] = mapped_column(refers("participant.id", on_delete="CASCADE"), primary_key=True)
    program_id: Mapped[UUID] = mapped_column(refers("program.id"))
    rule: Mapped[str]


class Proposal(Base):
    """One suggested pair of a published run, held for the mentor until it is answered or expires.

    Its two people see it from `opens_at` on, when the notices leave.
    """

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
    opens_at: Mapped[datetime] = mapped_column(server_default=func.now())
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
    interest_scale: Mapped[bytes | None]  # the table of the percentile scale, so that later arrivals are measured on it
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
    """One pair of a draft, with the explanation (reason codes, contributions that add up to the score).

    `alternatives`: what else this place could have had (see `shared.contracts.alternatives`).
    """

    __tablename__ = "draft_pair"
    __table_args__ = (Index(None, "run_id", "score"), Index(None, "run_id", "mentor_id"), MATCHING)

    run_id: Mapped[UUID] = mapped_column(ForeignKey("program.match_run.id", ondelete="CASCADE"), primary_key=True)
    mentee_id: Mapped[UUID] = mapped_column(primary_key=True)
    mentor_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    score: Mapped[float]
    explanation: Mapped[Json]
    alternatives: Mapped[list[Any]] = mapped_column(default=list, server_default=text("'[]'"))


class DraftUnmatched(Base):
    """A mentee's slot that the draft leaves open, and why."""

    __tablename__ = "draft_unmatched"
    __table_args__ = MATCHING

    run_id: Mapped[UUID] = mapped_column(ForeignKey("program.match_run.id", ondelete="CASCADE"), primary_key=True)
    mentee_id: Mapped[UUID] = mapped_column(primary_key=True)
    slot: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    reasons: Mapped[list[Any]]
    alternatives: Mapped[list[Any]] = mapped_column(default=list, server_default=text("'[]'"))


class MentorPrice(Base):
    """The congestion price of a mentor, from the last solved match of the cycle in which they had a slot to give."""

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
