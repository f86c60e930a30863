"""A small nation in a real database, and the matcher's inbox on it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.matcher.interests.model import HashingModel
from services.matcher.suggestions import SuggestionDesk
from services.matcher.tasks import make_inbox
from shared.contracts.messages import Message
from shared.db.engine import Database
from shared.models.enrollment import Participant, Profile
from shared.models.matching import MatchRun
from shared.models.programs import Cycle, Policy
from shared.outbox.inbox import Envelope, Inbox, Outcome
from tests.factories import rows

STATEMENTS = (
    "ultrasound in emergency medicine and teaching",
    "rural family medicine with obstetrics",
    "research in cardiology and a doctorate",
    "surgery as the first physician of my family",
)


@dataclass(frozen=True)
class Nation:
    """Ids only: the session that made them is closed."""

    cycle_id: UUID
    run_id: UUID
    mentees: tuple[UUID, ...]
    mentors: tuple[UUID, ...]


@pytest.fixture
def owner(as_owner: Database) -> Iterator[Session]:
    with Session(as_owner.engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def nation(owner: Session) -> Nation:
    """Twelve mentees and five mentors with two slots each: two mentees stay without."""
    program = rows.make_program(owner)
    cycle = rows.make_cycle(owner, program)
    policy = rows.make_policy(owner, program)
    sites = [rows.make_institution(owner) for _ in range(3)]
    mentees = [_enroll(owner, cycle, "mentee", sites[n % 3], n) for n in range(12)]
    mentors = [_enroll(owner, cycle, "mentor", sites[n % 3], n) for n in range(5)]
    run = rows.make_run(owner, cycle, policy)
    owner.commit()
    return Nation(cycle.id, run.id, tuple(p.id for p in mentees), tuple(p.id for p in mentors))


def _enroll(owner: Session, cycle: Cycle, role: str, site: object, number: int) -> Participant:
    person = rows.make_participant(owner, cycle, role, site, rows.make_account(owner))  # type: ignore[arg-type]
    profile = owner.get_one(Profile, person.id)
    profile.statements = {"wish": f"{STATEMENTS[number % 4]} {number}"}
    return person


@pytest.fixture
def inbox(as_matcher: Database) -> Inbox:
    model = HashingModel()
    return make_inbox(as_matcher, model, SuggestionDesk(as_matcher, model))


@pytest.fixture
def receive(inbox: Inbox) -> Callable[[Message], Outcome]:
    """Deliver a message as the broker would, each time as a new delivery."""

    def deliver(message: Message) -> Outcome:
        return inbox.receive(
            Envelope(
                message_id=uuid4(),
                queue=message.queues[0],
                name=message.name(),
                version=message.version,
                payload=message.model_dump(mode="json"),
            )
        )

    return deliver


@pytest.fixture
def another_run(owner: Session, nation: Nation) -> UUID:
    cycle = owner.get_one(Cycle, nation.cycle_id)
    policy = owner.scalars(select(Policy)).one()
    run: MatchRun = rows.make_run(owner, cycle, policy)
    owner.commit()
    return run.id
