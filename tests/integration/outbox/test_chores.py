"""Every hour the API does what is overdue, and each chore by itself."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from services.api.inbox import Chore, make_inbox
from services.api.services import Services
from shared.clock import FixedClock
from shared.contracts.messages import HourPassed, Queue
from shared.db.actor import SYSTEM
from shared.db.engine import Database, WriteSession
from shared.models.matching import MentoringRequest, OfferState
from shared.outbox.inbox import Envelope, Outcome
from tests.factories import rows
from tests.factories.cast import Cast


@pytest.fixture
def overdue(as_owner: Database, cast: Cast, clock: FixedClock) -> MentoringRequest:
    """A request whose time to answer is over."""
    with as_owner.writing(SYSTEM) as session:
        long_ago = clock.at - timedelta(days=1)
        people = cast.participants
        return rows.make_request(session, people["outsider"], people["mentor"], respond_by=long_ago)


def an_hour() -> Envelope:
    payload = {"hour_id": str(uuid4())}
    return Envelope(message_id=uuid4(), queue=Queue.API, name=HourPassed.name(), version=1, payload=payload)


def state_of(database: Database, request: MentoringRequest) -> str | None:
    with database.reading(SYSTEM) as session:
        return session.scalar(select(MentoringRequest.state).where(MentoringRequest.id == request.id))


def test_an_hour_later_what_is_overdue_has_expired(
    services: Services, as_owner: Database, overdue: MentoringRequest
) -> None:
    inbox, hour = make_inbox(services), an_hour()
    assert [inbox.receive(hour), inbox.receive(hour)] == [Outcome.DONE, Outcome.DUPLICATE]
    assert state_of(as_owner, overdue) == OfferState.EXPIRED


def test_a_chore_that_fails_keeps_no_other_from_being_done(
    services: Services, as_owner: Database, overdue: MentoringRequest
) -> None:
    def fail(_session: WriteSession, _services: Services) -> None:
        raise RuntimeError("the moon is in the wrong house")

    def expire(session: WriteSession, _services: Services) -> None:
        session.get_one(MentoringRequest, overdue.id).state = OfferState.EXPIRED

    chores: list[Chore] = [fail, expire]
    assert make_inbox(services, chores).receive(an_hour()) is Outcome.SET_BACK
    assert state_of(as_owner, overdue) == OfferState.EXPIRED
