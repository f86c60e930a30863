"""Learning from outcomes: what became of mentorships, pairs as they were scored, models and their cards."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from shared.models.base import MATCHING, PROGRAM, Base, Created, Json, Key, refers


class ModelState(StrEnum):
    """A lead asks for a model, reads its card, and adopts or refuses it."""

    REQUESTED = "requested"
    READY = "ready"
    FAILED = "failed"
    ADOPTED = "adopted"
    REFUSED = "refused"


MODEL_TRANSITIONS: dict[ModelState, frozenset[ModelState]] = {
    ModelState.REQUESTED: frozenset({ModelState.READY, ModelState.FAILED}),
    ModelState.READY: frozenset({ModelState.ADOPTED, ModelState.REFUSED}),
    ModelState.FAILED: frozenset(),
    ModelState.ADOPTED: frozenset(),
    ModelState.REFUSED: frozenset(),
}


class OutcomeModel(Base):
    """A version of what outcomes say about a program's weights, as its leads see it.

    `policy_id` is the hand-set policy that the weights are pulled towards, `adopted_policy_id` the version of the
    policy that adopting made. One model at a time is being learned.
    """

    __tablename__ = "outcome_model"
    __table_args__ = (
        UniqueConstraint("program_id", "version"),
        CheckConstraint(f"state in {tuple(str(s) for s in ModelState)}", name="state_known"),
        Index("uq_outcome_model_requested", "program_id", unique=True, postgresql_where=text("state = 'requested'")),
        PROGRAM,
    )

    id: Mapped[Key]
    program_id: Mapped[UUID] = mapped_column(refers("program.id"))
    version: Mapped[int]
    policy_id: Mapped[UUID] = mapped_column(refers("policy.id"))
    state: Mapped[str] = mapped_column(default=ModelState.REQUESTED)
    requested_by: Mapped[UUID | None] = mapped_column(refers("account.id"))
    requested_at: Mapped[Created]
    decided_by: Mapped[UUID | None] = mapped_column(refers("account.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    adopted_policy_id: Mapped[UUID | None] = mapped_column(refers("policy.id"))


class ModelFit(Base):
    """The matcher's side of a model: where it is, and when done its card (`shared.contracts.model_card`)."""

    __tablename__ = "model_fit"
    __table_args__ = MATCHING

    model_id: Mapped[UUID] = mapped_column(ForeignKey("program.outcome_model.id", ondelete="CASCADE"), primary_key=True)
    phase: Mapped[str] = mapped_column(default="waiting")
    progress: Mapped[float] = mapped_column(default=0.0)
    worker: Mapped[str] = mapped_column(default="")
    started_at: Mapped[Created]
    heartbeat_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]
    card: Mapped[Json | None]
    error: Mapped[str | None]


class PairOutcome(Base):
    """What became of a mentorship, as far as the matcher may know: dates and satisfaction, no name and no comment."""

    __tablename__ = "pair_outcome"
    __table_args__ = (Index(None, "cycle_id"), MATCHING)

    mentorship_id: Mapped[UUID] = mapped_column(
        ForeignKey("program.mentorship.id", ondelete="CASCADE"), primary_key=True
    )
    cycle_id: Mapped[UUID] = mapped_column(ForeignKey("program.cycle.id", ondelete="CASCADE"))
    mentee_id: Mapped[UUID]
    mentor_id: Mapped[UUID]
    kind: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    completed: Mapped[bool]
    first_met_at: Mapped[datetime | None]
    mentee_asked: Mapped[bool]
    mentor_asked: Mapped[bool]
    mentee_satisfaction: Mapped[int | None]
    mentor_satisfaction: Mapped[int | None]
    noted_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ScoredPair(Base):
    """A pair of a draft as it was scored then, kept for learning.

    `features` in [0, 1] and `applies` (how far each applied to the mentee's slot) are in the order of
    `shared.explanations.features.FEATURES`; `kind` is that of the slot; `rank` is the mentor's among all whom the
    mentee could have had (1 is best; None in the largest runs); `propensity` is the chance of the pair in a run that
    explored. A policy's version names the model, if its weights come from one.
    """

    __tablename__ = "scored_pair"
    __table_args__ = (Index(None, "mentee_id", "mentor_id"), MATCHING)

    run_id: Mapped[UUID] = mapped_column(ForeignKey("program.match_run.id", ondelete="CASCADE"), primary_key=True)
    mentee_id: Mapped[UUID] = mapped_column(primary_key=True)
    mentor_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    policy_version: Mapped[int]
    features: Mapped[list[float]] = mapped_column(ARRAY(Double()))
    applies: Mapped[list[float]] = mapped_column(ARRAY(Double()))
    score: Mapped[float]
    rank: Mapped[int | None]
    propensity: Mapped[float | None]


class AskedPair(Base):
    """A pair that a mentee asked for from the suggestions, as it was scored there; see `ScoredPair`."""

    __tablename__ = "asked_pair"
    __table_args__ = MATCHING

    mentee_id: Mapped[UUID] = mapped_column(ForeignKey("program.participant.id", ondelete="CASCADE"), primary_key=True)
    mentor_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    features: Mapped[list[float]] = mapped_column(ARRAY(Double()))
    applies: Mapped[list[float]] = mapped_column(ARRAY(Double()))
    score: Mapped[float]
    rank: Mapped[int]
    kept_at: Mapped[Created]
