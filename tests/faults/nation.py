"""Twelve mentees, five mentors with two slots each, and the order to match them."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared.contracts.messages import MatchRunRequested
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.models.enrollment import Profile
from shared.models.matching import DraftPair, MatchRun, RunResult
from shared.models.programs import Cycle, Institution
from shared.outbox.writing import send
from tests.factories import rows

MENTEES, MENTORS, PAIRS = 12, 5, 10


def request_run(api: Database) -> UUID:
    """The run's id; its message is in the outbox."""
    with api.writing(SYSTEM) as session:
        program = rows.make_program(session)
        cycle, policy = rows.make_cycle(session, program), rows.make_policy(session, program)
        site = rows.make_institution(session)
        for number in range(MENTEES + MENTORS):
            role = "mentee" if number < MENTEES else "mentor"
            _enroll(session, cycle, role, site, number)
        run = rows.make_run(session, cycle, policy)
        send(session, MatchRunRequested(run_id=run.id))
        return run.id


def _enroll(session: Session, cycle: Cycle, role: str, site: Institution, number: int) -> None:
    person = rows.make_participant(session, cycle, role, site, rows.make_account(session))
    profile = session.get_one(Profile, person.id)
    profile.statements = dict.fromkeys(profile.statements, f"ultrasound, hills and story number {number}")


def pairs_of(database: Database, run_id: UUID) -> int:
    with database.reading(SYSTEM) as session:
        return session.scalar(select(func.count()).where(DraftPair.run_id == run_id)) or 0


def is_concluded(database: Database, run_id: UUID) -> bool:
    with database.reading(SYSTEM) as session:
        return bool(session.scalar(select(RunResult.finished_at).where(RunResult.run_id == run_id)))


def worker_of(database: Database, run_id: UUID) -> str | None:
    """Who holds the run, or held it last."""
    with database.reading(SYSTEM) as session:
        return session.scalar(select(RunResult.worker).where(RunResult.run_id == run_id))


def state_of(database: Database, run_id: UUID) -> str | None:
    with database.reading(SYSTEM) as session:
        return session.scalar(select(MatchRun.state).where(MatchRun.id == run_id))
