"""What these tests arrange: people beyond the cast, and a look at what was sent."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.models.enrollment import Participant
from shared.models.matching import MatchRun, RunState
from shared.models.messaging import OutboxMessage
from tests.factories import matching, rows
from tests.factories.cast import Cast


def new_person(session: Session, cast: Cast, role: str, **account: str) -> Participant:
    return rows.make_participant(session, cast.cycle, role, cast.institution, rows.make_account(session, **account))


def new_draft(session: Session, cast: Cast, pairs: list[tuple[Participant, Participant]]) -> MatchRun:
    run = rows.make_run(session, cast.cycle, cast.policy, state=RunState.DRAFT)
    matching.make_draft(session, run, pairs)
    return run


def sent(database: Database, name: str) -> list[dict[str, str]]:
    """The payloads of the messages of a name, once for each queue."""
    with database.reading(SYSTEM) as session:
        return list(session.scalars(select(OutboxMessage.payload).where(OutboxMessage.name == name)))
