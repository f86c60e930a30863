"""All SQL of the demo."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, insert, select

from infra.demo.records.tables import Tables
from shared.db.engine import ReadSession, WriteSession
from shared.models.accounts import Account
from shared.models.enrollment import Participant
from shared.models.matching import MatchRun, RunResult, RunState, SuggestionList
from shared.models.oversight import AuditEvent
from shared.models.programs import Cycle, Program
from shared.vocabulary.mentoring import Role

CHUNK = 5_000


@dataclass(frozen=True)
class Standing:
    """Where a run is: our state of it, the matcher's phase and progress, its report or error."""

    state: str
    phase: str
    progress: float
    report: dict[str, object] | None
    error: str | None


def find_program(session: ReadSession, slug: str) -> UUID | None:
    return session.scalar(select(Program.id).where(Program.slug == slug))


def open_cycle(session: ReadSession, program_id: UUID) -> UUID | None:
    """The cycle of the program that can be matched."""
    joinable = select(Cycle.id).where(Cycle.program_id == program_id, Cycle.state.in_(("open", "running")))
    return session.scalar(joinable.order_by(Cycle.starts_on.desc()).limit(1))


def insert_tables(session: WriteSession, tables: Tables) -> int:
    """All rows, in the order of the tables; how many."""
    for table, rows in tables.items():
        for at in range(0, len(rows), CHUNK):
            session.execute(insert(table), rows[at : at + CHUNK])
    return sum(map(len, tables.values()))


def add_run(session: WriteSession, run: MatchRun) -> MatchRun:
    session.add(run)
    session.flush()
    return run


def add_audit_line(session: WriteSession, event: AuditEvent) -> None:
    session.add(event)


def latest_run(session: ReadSession, cycle_id: UUID) -> UUID | None:
    """The newest run of the cycle that has not failed or been thrown away."""
    alive = (RunState.REQUESTED, RunState.DRAFT, RunState.PUBLISHED)
    runs = select(MatchRun.id).where(MatchRun.cycle_id == cycle_id, MatchRun.state.in_(alive))
    return session.scalar(runs.order_by(MatchRun.requested_at.desc()).limit(1))


def standing_of(session: ReadSession, run_id: UUID) -> Standing:
    columns = (RunResult.phase, RunResult.progress, RunResult.report, RunResult.error)
    run = select(MatchRun.state, *columns).outerjoin(RunResult, RunResult.run_id == MatchRun.id)
    state, phase, progress, report, error = session.execute(run.where(MatchRun.id == run_id)).one()
    return Standing(state, phase or "waiting", progress or 0.0, report, error)


def has_suggestions(session: ReadSession, mentee_id: UUID) -> bool:
    return session.scalar(select(SuggestionList.mentee_id).where(SuggestionList.mentee_id == mentee_id)) is not None


def find_mentee(session: ReadSession, cycle_id: UUID, email: str) -> UUID | None:
    """The mentee of the cycle who has this address."""
    mine = select(Participant.id).join(Account, Account.id == Participant.account_id)
    mine = mine.where(Account.email == email, Participant.cycle_id == cycle_id, Participant.role == Role.MENTEE)
    return session.scalar(mine)


def count_people(session: ReadSession, cycle_id: UUID) -> dict[str, int]:
    """Participants of a cycle by role."""
    counted = select(Participant.role, func.count()).where(Participant.cycle_id == cycle_id)
    return {role: count for role, count in session.execute(counted.group_by(Participant.role))}  # noqa: C416 — rows, not tuples
