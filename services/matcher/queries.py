"""All SQL of the matcher: it reads the blind views and writes the matching schema. No name is within reach."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, RowMapping, delete, func, insert, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from shared.db.engine import ReadSession, WriteSession
from shared.models.base import Json
from shared.models.equity import MenteeStanding
from shared.models.matching import (
    CycleProgress,
    DraftPair,
    DraftUnmatched,
    Embedding,
    MentorPrice,
    RunResult,
    Suggestion,
    SuggestionList,
)

_VIEWS = ("participant", "token", "availability", "bandwidth", "exclusion", "commitment")
_OF_CYCLE = {view: text(f"SELECT * FROM matching.blind_{view} WHERE cycle_id = :cycle") for view in _VIEWS}  # noqa: S608
CHUNK = 2_000


def read_cycle(session: ReadSession, cycle_id: UUID) -> RowMapping | None:
    return _one(session, "SELECT * FROM matching.blind_cycle WHERE cycle_id = :key", cycle_id)


def read_run(session: ReadSession, run_id: UUID) -> RowMapping | None:
    return _one(session, "SELECT * FROM matching.blind_run WHERE run_id = :key", run_id)


def read_run_rules(session: ReadSession, run_id: UUID) -> Sequence[RowMapping]:
    """The lead's decisions about pairs that a run keeps to."""
    statement = text("SELECT mentee_id, mentor_id, rule FROM matching.blind_run_rule WHERE run_id = :run")
    return session.execute(statement, {"run": run_id}).mappings().all()


def read_outcome(session: ReadSession, run_id: UUID) -> RowMapping | None:
    """What a run left: report and certificate."""
    wanted = select(RunResult.report, RunResult.certificate).where(RunResult.run_id == run_id)
    return session.execute(wanted).mappings().one_or_none()


def draft_pairs(session: ReadSession, run_id: UUID) -> Sequence[Row[UUID, UUID]]:
    """Mentee and mentor of every pair of a stored draft."""
    return session.execute(select(DraftPair.mentee_id, DraftPair.mentor_id).where(DraftPair.run_id == run_id)).all()


def read_interest_scale(session: ReadSession, run_id: UUID) -> bytes | None:
    """The table of a finished run's percentile scale (float64, little-endian)."""
    return session.scalar(select(RunResult.interest_scale).where(RunResult.run_id == run_id))


def read_participant(session: ReadSession, participant_id: UUID) -> RowMapping | None:
    return _one(session, "SELECT * FROM matching.blind_participant WHERE participant_id = :key", participant_id)


def _one(session: ReadSession, statement: str, key: UUID) -> RowMapping | None:
    return session.execute(text(statement), {"key": key}).mappings().one_or_none()


def read_view(session: ReadSession, view: str, cycle_id: UUID) -> Sequence[RowMapping]:
    """All rows of a blind view (`participant`, `token`, …) of a cycle."""
    return session.execute(_OF_CYCLE[view], {"cycle": cycle_id}).mappings().all()


def read_view_of(session: ReadSession, view: str, column: str, participant_id: UUID) -> Sequence[RowMapping]:
    """The rows of a blind view that are about one participant."""
    statement = text(f"SELECT * FROM matching.blind_{view} WHERE {column} = :key")  # noqa: S608 — names from our code
    return session.execute(statement, {"key": participant_id}).mappings().all()


def mentors_version(session: ReadSession, cycle_id: UUID) -> tuple[Any, ...]:
    """A value that changes whenever something does on the mentors' side: people, bandwidth, what is held, policy."""
    statement = text(
        "SELECT (SELECT (count(*), max(updated_at)) FROM matching.blind_participant"
        "  WHERE cycle_id = :cycle AND role = 'mentor')::text,"
        " (SELECT (count(*), count(*) FILTER (WHERE state IN ('open', 'active')))"
        "  FROM matching.blind_commitment WHERE cycle_id = :cycle)::text,"
        " (SELECT (count(*), sum(hours_per_month), sum(mentee_slots))"
        "  FROM matching.blind_bandwidth WHERE cycle_id = :cycle)::text,"
        " (SELECT md5(policy::text) FROM matching.blind_cycle WHERE cycle_id = :cycle),"
        " (SELECT sum(price) FROM matching.mentor_price WHERE cycle_id = :cycle)"
    )
    return tuple(session.execute(statement, {"cycle": cycle_id}).one())


def read_embeddings(session: ReadSession, model: str, hashes: Iterable[bytes]) -> dict[bytes, bytes]:
    """The stored vectors of these texts (by content hash), as bytes."""
    wanted = list(hashes)
    found: dict[bytes, bytes] = {}
    for at in range(0, len(wanted), CHUNK):
        statement = select(Embedding.content_hash, Embedding.vector).where(
            Embedding.model == model, Embedding.content_hash.in_(wanted[at : at + CHUNK])
        )
        found.update(dict(session.execute(statement).all()))
    return found


def add_embeddings(session: WriteSession, model: str, vectors: dict[bytes, bytes]) -> None:
    rows = [{"content_hash": content, "model": model, "vector": vector} for content, vector in vectors.items()]
    if rows:
        session.execute(upsert(Embedding).on_conflict_do_nothing(), rows)


def claim_run(session: WriteSession, run_id: UUID, worker: str, lease_seconds: float) -> int | None:
    """Take up a run that nobody works on: new, or its worker's heartbeat is older than the lease.

    How many workers have now taken it up, or None.
    """
    mine = {"worker": worker, "heartbeat_at": func.clock_timestamp(), "error": None}
    statement = (
        upsert(RunResult)
        .values(run_id=run_id, **mine)
        .on_conflict_do_update(
            index_elements=[RunResult.run_id],
            set_={**mine, "attempts": RunResult.attempts + 1},
            where=RunResult.finished_at.is_(None)
            & or_(
                RunResult.heartbeat_at < func.now() - func.make_interval(0, 0, 0, 0, 0, 0, lease_seconds),
                RunResult.worker == worker,
            ),
        )
        .returning(RunResult.attempts)
    )
    return session.scalar(statement)


def is_finished(session: ReadSession, run_id: UUID) -> bool:
    return session.scalar(select(RunResult.finished_at).where(RunResult.run_id == run_id)) is not None


def note_progress(session: WriteSession, run_id: UUID, worker: str, phase: str, progress: float) -> bool:
    """Where the run is; False if it is no longer this worker's."""
    statement = (
        update(RunResult)
        .where(RunResult.run_id == run_id, RunResult.worker == worker, RunResult.finished_at.is_(None))
        .values(phase=phase, progress=progress, heartbeat_at=func.clock_timestamp())
        .returning(RunResult.run_id)
    )
    return session.execute(statement).first() is not None


def finish_run(session: WriteSession, run_id: UUID, worker: str, outcome: Json) -> bool:
    """The last word on a run (report and certificate, or an error); False if it is no longer this worker's."""
    statement = (
        update(RunResult)
        .where(RunResult.run_id == run_id, RunResult.worker == worker, RunResult.finished_at.is_(None))
        .values(finished_at=func.now(), heartbeat_at=func.now(), progress=1.0, **outcome)
        .returning(RunResult.run_id)
    )
    return session.execute(statement).first() is not None


def replace_draft(session: WriteSession, run_id: UUID, pairs: list[Json], unmatched: list[Json]) -> None:
    """Store a run's draft; whatever an earlier try left is gone."""
    for table, rows in ((DraftPair, pairs), (DraftUnmatched, unmatched)):
        session.execute(delete(table).where(table.run_id == run_id))
        if rows:
            session.execute(insert(table), [{"run_id": run_id, **row} for row in rows])


def replace_standings(session: WriteSession, run_id: UUID, standings: list[Json]) -> None:
    """How each mentee fares in a run; whatever an earlier try left is gone."""
    session.execute(delete(MenteeStanding).where(MenteeStanding.run_id == run_id))
    if standings:
        session.execute(insert(MenteeStanding), [{"run_id": run_id, **row} for row in standings])


def replace_prices(session: WriteSession, cycle_id: UUID, prices: dict[UUID, float]) -> None:
    session.execute(delete(MentorPrice).where(MentorPrice.cycle_id == cycle_id))
    if prices:
        rows = [{"cycle_id": cycle_id, "mentor_id": mentor, "price": price} for mentor, price in prices.items()]
        session.execute(insert(MentorPrice), rows)


def read_prices(session: ReadSession, cycle_id: UUID) -> dict[UUID, float]:
    statement = select(MentorPrice.mentor_id, MentorPrice.price).where(MentorPrice.cycle_id == cycle_id)
    return dict(session.execute(statement).all())


def replace_suggestions(session: WriteSession, mentee_id: UUID, eligible: int, suggestions: list[Json]) -> None:
    """A mentee's whole list at once, with the number of mentors it was chosen from."""
    session.execute(delete(Suggestion).where(Suggestion.mentee_id == mentee_id))
    if suggestions:
        session.execute(insert(Suggestion), [{"mentee_id": mentee_id, **row} for row in suggestions])
    values = {"eligible": eligible, "computed_at": func.now()}
    statement = upsert(SuggestionList).values(mentee_id=mentee_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=[SuggestionList.mentee_id], set_=values))


def mentees_suggested(session: ReadSession, mentor_ids: Iterable[UUID]) -> list[UUID]:
    """Mentees on whose list one of these mentors stands."""
    statement = select(Suggestion.mentee_id).where(Suggestion.mentor_id.in_(list(mentor_ids))).distinct()
    return list(session.scalars(statement))


def read_pair(session: ReadSession, source: str, pair_id: UUID) -> RowMapping | None:
    """Mentee and mentor of a run's offers; `source` is proposal or request."""
    statement = f"SELECT mentee_id, mentor_id FROM matching.blind_commitment WHERE source = '{source}' AND id = :key"  # noqa: S608
    return _one(session, statement, pair_id)


def note_cycle_progress(session: WriteSession, cycle_id: UUID, texts: int, embedded: int) -> None:
    values = {"texts": texts, "embedded": embedded, "updated_at": func.now()}
    statement = upsert(CycleProgress).values(cycle_id=cycle_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=[CycleProgress.cycle_id], set_=values))


def today(session: ReadSession) -> date:
    return session.execute(select(func.current_date())).scalar_one()


def now(session: ReadSession) -> datetime:
    """When this transaction began, by the database's clock."""
    return session.execute(select(func.now())).scalar_one()
