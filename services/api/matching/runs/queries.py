"""Reads and writes of match runs and their drafts. A draft itself is written by the matcher; we only read it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, insert, literal, select, tuple_, update

from shared.db.engine import ReadSession, WriteSession
from shared.models.enrollment import Participant, Profile
from shared.models.matching import (
    RUN_TRANSITIONS,
    DraftPair,
    MatchRun,
    OfferState,
    Proposal,
    RunPurpose,
    RunResult,
    RunState,
)
from shared.models.programs import Cycle, Policy
from shared.vocabulary.mentoring import Kind, Role

Pair = tuple[UUID, UUID]


@dataclass(frozen=True)
class RunLine:
    """A run with what a list or a page's head says of it. `phase` and `progress` are the matcher's side."""

    run: MatchRun
    cycle: Cycle
    policy_version: int
    phase: str
    progress: float
    error: str | None
    started_at: datetime | None
    finished_at: datetime | None
    has_certificate: bool


@dataclass(frozen=True)
class WhoIsIn:
    """Who a new run would match."""

    mentees: int
    slots_wanted: int
    mentors: int


def find_run(session: ReadSession, run_id: UUID | None) -> MatchRun | None:
    return session.get(MatchRun, run_id) if run_id else None


_RESULT = (RunResult.phase, RunResult.progress, RunResult.error, RunResult.started_at, RunResult.finished_at)


def run_lines(session: ReadSession, program_id: UUID, limit: int) -> list[RunLine]:
    """The latest runs of a program. Reports and certificates stay where they are: they are large."""
    mine = (MatchRun.program_id == program_id) & (MatchRun.purpose != RunPurpose.WHAT_IF)
    return _run_lines(session, mine, limit)


def run_line(session: ReadSession, program_id: UUID, run_id: UUID) -> RunLine | None:
    lines = _run_lines(session, (MatchRun.program_id == program_id) & (MatchRun.id == run_id), 1)
    return lines[0] if lines else None


def _run_lines(session: ReadSession, which: ColumnElement[bool], limit: int) -> list[RunLine]:
    rows = session.execute(
        select(MatchRun, Cycle, Policy.version, *_RESULT, RunResult.certificate.is_not(None))
        .join(Cycle, Cycle.id == MatchRun.cycle_id)
        .join(Policy, Policy.id == MatchRun.policy_id)
        .outerjoin(RunResult, RunResult.run_id == MatchRun.id)
        .where(which)
        .order_by(MatchRun.requested_at.desc())
        .limit(limit)
    )
    return [
        RunLine(run, cycle, version, phase or "waiting", progress or 0.0, error, started, finished, bool(certified))
        for run, cycle, version, phase, progress, error, started, finished, certified in rows
    ]


def report_of(session: ReadSession, run_id: UUID) -> dict[str, object] | None:
    return session.scalar(select(RunResult.report).where(RunResult.run_id == run_id))


def filled_in_report(session: ReadSession, run_id: UUID) -> int | None:
    """How many wishes a draft fills, without reading the rest of its report (a nation's is megabytes)."""
    filled = RunResult.report["coverage"]["slots_filled"].as_integer()
    return session.scalar(select(filled).where(RunResult.run_id == run_id))


def unmatched_in_report(session: ReadSession, run_id: UUID) -> dict[str, int]:
    """Open wishes by their first reason."""
    return session.scalar(select(RunResult.report["unmatched"]).where(RunResult.run_id == run_id)) or {}


def certificate_of(session: ReadSession, run_id: UUID) -> bytes | None:
    return session.scalar(select(RunResult.certificate).where(RunResult.run_id == run_id))


# --- asking for a run ---


def open_cycles(session: ReadSession, program_id: UUID) -> list[Cycle]:
    """Cycles that can be matched, the newest first."""
    mine = select(Cycle).where(Cycle.program_id == program_id, Cycle.state.in_(("open", "running")))
    return list(session.scalars(mine.order_by(Cycle.starts_on.desc())))


def policies(session: ReadSession, program_id: UUID) -> list[Policy]:
    """The program's policy versions, the newest first."""
    mine = select(Policy).where(Policy.program_id == program_id)
    return list(session.scalars(mine.order_by(Policy.version.desc())))


def who_is_in(session: ReadSession, cycle_id: UUID) -> WhoIsIn:
    active = (Participant.cycle_id == cycle_id) & (Participant.state == "active")
    mentee = Participant.role == Role.MENTEE
    counted = select(
        func.count().filter(mentee),
        func.coalesce(func.sum(func.cardinality(Profile.kinds)).filter(mentee), 0),
        func.count().filter(~mentee),
    ).join(Profile, Profile.participant_id == Participant.id)
    mentees, wanted, mentors = session.execute(counted.where(active)).one()
    return WhoIsIn(mentees, wanted, mentors)


def overtaken_by(session: ReadSession, run: MatchRun) -> UUID | None:
    """The match that was published after this draft was asked for, if there is one."""
    later = select(MatchRun.id).where(
        MatchRun.cycle_id == run.cycle_id, MatchRun.state == RunState.PUBLISHED,
        MatchRun.published_at > run.requested_at,
    )  # fmt: skip
    newest = later.order_by(MatchRun.published_at.desc()).limit(1)
    return session.scalar(newest) if run.state == RunState.DRAFT else None


def lock_cycle(session: WriteSession, cycle_id: UUID) -> None:
    """One run at a time is asked for in a cycle."""
    session.execute(select(Cycle.id).where(Cycle.id == cycle_id).with_for_update())


def run_under_way(session: ReadSession, cycle_id: UUID) -> UUID | None:
    waiting = select(MatchRun.id).where(MatchRun.cycle_id == cycle_id, MatchRun.state == RunState.REQUESTED)
    return session.scalar(waiting.limit(1))


def add_run(session: WriteSession, run: MatchRun) -> MatchRun:
    session.add(run)
    session.flush()
    return run


def move_run(
    session: WriteSession, run_id: UUID, to: RunState, *, start: RunState | None = None, **values: object
) -> bool:
    """Change a run's state if the table of transitions has that step; False if it is elsewhere by now.

    `start` allows the step from that one state only.
    """
    sources = [state for state, targets in RUN_TRANSITIONS.items() if to in targets and start in {None, state}]
    step = update(MatchRun).where(MatchRun.id == run_id, MatchRun.state.in_(sources))
    return session.execute(step.values(state=to, **values).returning(MatchRun.id)).first() is not None


# --- publishing ---


def lock_run(session: WriteSession, run_id: UUID) -> MatchRun:
    return session.get_one(MatchRun, run_id, with_for_update=True, populate_existing=True)


def draft_pairs(session: ReadSession, run_id: UUID) -> dict[Pair, Kind]:
    """Mentee and mentor of every pair of a draft with the kind that it would be, the best score first."""
    pairs = select(DraftPair.mentee_id, DraftPair.mentor_id, DraftPair.kind).where(DraftPair.run_id == run_id)
    rows = session.execute(pairs.order_by(DraftPair.score.desc(), DraftPair.mentee_id, DraftPair.mentor_id))
    return {(mentee, mentor): Kind(kind) for mentee, mentor, kind in rows}


def insert_proposals(
    session: WriteSession, run: MatchRun, respond_by: datetime, left_out: Collection[Pair]
) -> Sequence[UUID]:
    """Turn a draft into open proposals, in one statement; their ids."""
    drafted = select(
        func.gen_random_uuid(), literal(run.program_id), literal(run.cycle_id), DraftPair.run_id,
        DraftPair.mentee_id, DraftPair.mentor_id, DraftPair.kind, DraftPair.score, DraftPair.explanation,
        literal(str(OfferState.OPEN)), literal(respond_by),
    ).where(DraftPair.run_id == run.id)  # fmt: skip
    if left_out:
        drafted = drafted.where(tuple_(DraftPair.mentee_id, DraftPair.mentor_id).not_in(left_out))
    columns = [
        "id", "program_id", "cycle_id", "run_id", "mentee_id", "mentor_id", "kind", "score", "explanation", "state",
        "respond_by",
    ]  # fmt: skip
    return session.scalars(insert(Proposal).from_select(columns, drafted).returning(Proposal.id)).all()


def hide_proposals(session: WriteSession, run_id: UUID, until: datetime) -> None:
    """Its two people see a proposal when its notice leaves, not before."""
    session.execute(update(Proposal).where(Proposal.run_id == run_id).values(opens_at=until))


def proposals_of_run(session: ReadSession, run_id: UUID) -> list[UUID]:
    return list(session.scalars(select(Proposal.id).where(Proposal.run_id == run_id)))


def delete_open_proposals(session: WriteSession, run_id: UUID) -> int:
    """Forget proposals that nobody has answered; how many there were."""
    unanswered = delete(Proposal).where(Proposal.run_id == run_id, Proposal.state == OfferState.OPEN)
    return len(session.execute(unanswered.returning(Proposal.id)).all())
