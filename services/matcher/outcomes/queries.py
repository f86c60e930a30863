"""SQL of outcomes and models: the blind views of both, the matcher's own notes, and where a model is."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, delete, func, insert, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from shared.db.engine import ReadSession, WriteSession
from shared.models.base import Json
from shared.models.learning import AskedPair, ModelFit, ScoredPair

_FACTS = (
    "mentorship_id", "cycle_id", "mentee_id", "mentor_id", "kind", "started_at", "ended_at", "completed",
    "first_met_at", "mentee_asked", "mentor_asked", "mentee_satisfaction", "mentor_satisfaction",
)  # fmt: skip
_CHANGING = ", ".join(f"{fact} = excluded.{fact}" for fact in _FACTS[5:])
_NOTE = f"""
    INSERT INTO matching.pair_outcome ({", ".join(_FACTS)})
    SELECT {", ".join(_FACTS)} FROM matching.blind_outcome WHERE {{which}} = :key
    ON CONFLICT (mentorship_id) DO UPDATE SET {_CHANGING}, noted_at = now()
"""  # noqa: S608 — names from our code


def note_outcome(session: WriteSession, mentorship_id: UUID) -> None:
    """What became of one mentorship, as the blind view tells it now."""
    session.execute(text(_NOTE.format(which="mentorship_id")), {"key": mentorship_id})


def note_outcomes_of(session: WriteSession, program_id: UUID) -> None:
    """The same for a whole program: what came by import, or before there were messages of it."""
    session.execute(text(_NOTE.format(which="program_id")), {"key": program_id})


def read_outcomes(session: ReadSession, program_id: UUID) -> Sequence[RowMapping]:
    """Every noted mentorship of a program, with its cycle's first day; the oldest cycle and pair first."""
    statement = text(
        "SELECT o.*, c.starts_on FROM matching.pair_outcome o JOIN matching.blind_cycle c USING (cycle_id)"
        " WHERE c.program_id = :key ORDER BY c.starts_on, o.cycle_id, o.started_at, o.mentorship_id"
    )
    return session.execute(statement, {"key": program_id}).mappings().all()


def read_scored_pairs(session: ReadSession, program_id: UUID) -> dict[tuple[UUID, UUID], RowMapping]:
    """The pairs that became mentorships, as they were scored in the run that proposed them."""
    statement = text(
        "SELECT s.* FROM matching.scored_pair s JOIN matching.blind_outcome o"
        " ON o.mentee_id = s.mentee_id AND o.mentor_id = s.mentor_id AND o.run_id = s.run_id WHERE o.program_id = :key"
    )
    rows = session.execute(statement, {"key": program_id}).mappings()
    return {(row["mentee_id"], row["mentor_id"]): row for row in rows}


def read_asked_pairs(session: ReadSession, program_id: UUID) -> dict[tuple[UUID, UUID], RowMapping]:
    """The pairs that became mentorships by request, as they were scored in the suggestions."""
    statement = text(
        "SELECT a.*, NULL AS propensity FROM matching.asked_pair a JOIN matching.blind_outcome o"
        " ON o.mentee_id = a.mentee_id AND o.mentor_id = a.mentor_id WHERE o.program_id = :key"
    )
    rows = session.execute(statement, {"key": program_id}).mappings()
    return {(row["mentee_id"], row["mentor_id"]): row for row in rows}


def read_suggestion(session: ReadSession, mentee_id: UUID, mentor_id: UUID) -> RowMapping | None:
    """A suggestion as it stands on the mentee's list, with the kinds of mentoring that the mentee wishes for."""
    statement = text(
        "SELECT s.rank, s.kind, s.score, s.explanation, p.kinds FROM matching.suggestion s"
        " JOIN matching.blind_participant p ON p.participant_id = s.mentee_id"
        " WHERE s.mentee_id = :mentee AND s.mentor_id = :mentor"
    )
    found = session.execute(statement, {"mentee": mentee_id, "mentor": mentor_id})
    return found.mappings().one_or_none()


def keep_asked_pair(session: WriteSession, pair: Json) -> None:
    """Keep a pair as it was scored when it was asked for first."""
    session.execute(upsert(AskedPair).values(**pair).on_conflict_do_nothing())


def read_model(session: ReadSession, model_id: UUID) -> RowMapping | None:
    statement = text("SELECT * FROM matching.blind_model WHERE model_id = :key")
    return session.execute(statement, {"key": model_id}).mappings().one_or_none()


def replace_scored_pairs(session: WriteSession, run_id: UUID, pairs: list[Json]) -> None:
    """Keep a draft's pairs as they were scored; whatever an earlier try left is gone."""
    session.execute(delete(ScoredPair).where(ScoredPair.run_id == run_id))
    if pairs:
        session.execute(insert(ScoredPair), [{"run_id": run_id, **pair} for pair in pairs])


def claim_model(session: WriteSession, model_id: UUID, worker: str, lease_seconds: float) -> bool:
    """Take up a model that nobody works on: new, or its worker's heartbeat is older than the lease."""
    mine: Json = {"worker": worker, "heartbeat_at": func.clock_timestamp()}
    stale = ModelFit.heartbeat_at < func.now() - func.make_interval(0, 0, 0, 0, 0, 0, lease_seconds)
    statement = upsert(ModelFit).values(model_id=model_id, **mine)
    statement = statement.on_conflict_do_update(
        index_elements=[ModelFit.model_id],
        set_=mine,
        where=ModelFit.finished_at.is_(None) & or_(stale, ModelFit.worker == worker),
    )
    return session.scalar(statement.returning(ModelFit.model_id)) is not None


def is_model_finished(session: ReadSession, model_id: UUID) -> bool:
    return session.scalar(select(ModelFit.finished_at).where(ModelFit.model_id == model_id)) is not None


def move_model(session: WriteSession, model_id: UUID, worker: str, **values: Any) -> bool:
    """Where a model is, or its end; False if it is no longer this worker's."""
    mine = (ModelFit.model_id == model_id, ModelFit.worker == worker, ModelFit.finished_at.is_(None))
    step = update(ModelFit).where(*mine).values(heartbeat_at=func.clock_timestamp(), **values)
    return session.execute(step.returning(ModelFit.model_id)).first() is not None
