"""Reads and writes of outcome models; their cards are written by the matcher, we only read them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import aliased

from shared.db.engine import ReadSession, WriteSession
from shared.models.base import Json
from shared.models.learning import MODEL_TRANSITIONS, ModelFit, ModelState, OutcomeModel
from shared.models.mentorships import Mentorship
from shared.models.programs import Policy, Program


@dataclass(frozen=True)
class ModelLine:
    """A model with what the matcher says of it. `policy_version` is the hand-set one, `adopted_version` the new."""

    model: OutcomeModel
    policy_version: int
    adopted_version: int | None
    phase: str
    progress: float
    card: Json | None
    error: str | None
    finished_at: datetime | None


def model_lines(session: ReadSession, program_id: UUID) -> list[ModelLine]:
    """The program's models, the newest first."""
    return _lines(session, OutcomeModel.program_id == program_id)


def model_line(session: ReadSession, program_id: UUID, model_id: UUID) -> ModelLine | None:
    lines = _lines(session, (OutcomeModel.program_id == program_id) & (OutcomeModel.id == model_id))
    return lines[0] if lines else None


def _lines(session: ReadSession, which: ColumnElement[bool]) -> list[ModelLine]:
    adopted = aliased(Policy)
    fit = (ModelFit.phase, ModelFit.progress, ModelFit.card, ModelFit.error, ModelFit.finished_at)
    rows = session.execute(
        select(OutcomeModel, Policy.version, adopted.version, *fit)
        .join(Policy, Policy.id == OutcomeModel.policy_id)
        .outerjoin(adopted, adopted.id == OutcomeModel.adopted_policy_id)
        .outerjoin(ModelFit, ModelFit.model_id == OutcomeModel.id)
        .where(which)
        .order_by(OutcomeModel.version.desc())
    )
    return [
        ModelLine(model, version, then, phase or "waiting", progress or 0.0, card, error, finished)
        for model, version, then, phase, progress, card, error, finished in rows
    ]


def lock_program(session: WriteSession, program_id: UUID) -> None:
    """One after the other asks for models and adopts them: versions have no gaps."""
    session.execute(select(Program.id).where(Program.id == program_id).with_for_update())


def is_learning(session: ReadSession, program_id: UUID) -> bool:
    waiting = select(OutcomeModel.id).where(
        OutcomeModel.program_id == program_id, OutcomeModel.state == ModelState.REQUESTED
    )
    return session.scalar(waiting.limit(1)) is not None


def next_model_version(session: ReadSession, program_id: UUID) -> int:
    latest = select(func.max(OutcomeModel.version)).where(OutcomeModel.program_id == program_id)
    return (session.scalar(latest) or 0) + 1


def next_policy_version(session: ReadSession, program_id: UUID) -> int:
    return (session.scalar(select(func.max(Policy.version)).where(Policy.program_id == program_id)) or 0) + 1


def newest_policy(session: ReadSession, program_id: UUID) -> Policy | None:
    return session.scalar(
        select(Policy).where(Policy.program_id == program_id).order_by(Policy.version.desc()).limit(1)
    )


def hand_set_policy(session: ReadSession, program_id: UUID) -> Policy | None:
    """The newest version of which the weights do not come from a model."""
    model = func.coalesce(Policy.document["model"].as_integer(), 0)
    mine = select(Policy).where(Policy.program_id == program_id, model == 0)
    return session.scalar(mine.order_by(Policy.version.desc()).limit(1))


def add_model(session: WriteSession, model: OutcomeModel) -> OutcomeModel:
    session.add(model)
    session.flush()
    return model


def add_policy(session: WriteSession, policy: Policy) -> Policy:
    session.add(policy)
    session.flush()
    return policy


def move_model(session: WriteSession, model_id: UUID, to: ModelState, **values: object) -> bool:
    """Change a model's state if the table of transitions has that step; False if it is elsewhere by now."""
    sources = [state for state, targets in MODEL_TRANSITIONS.items() if to in targets]
    step = update(OutcomeModel).where(OutcomeModel.id == model_id, OutcomeModel.state.in_(sources))
    return session.execute(step.values(state=to, **values).returning(OutcomeModel.id)).first() is not None


def count_started(session: ReadSession, program_id: UUID, now: datetime) -> int:
    """Mentorships of a month or more: of those something is known."""
    old = Mentorship.started_at <= now - timedelta(days=30)
    counted = select(func.count()).select_from(Mentorship).where(Mentorship.program_id == program_id, old)
    return session.scalar(counted) or 0
