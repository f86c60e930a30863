"""What the relay and the inbox make of rows that cannot leave, and of failures that come before their time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from shared.contracts.messages import ParticipantChanged
from shared.db.actor import SYSTEM
from shared.db.engine import Database, WriteSession
from shared.models.messaging import OutboxMessage, OutboxState
from shared.outbox.inbox import MAX_ATTEMPTS, Envelope, Inbox, Outcome
from shared.outbox.queue import make_celery
from shared.outbox.relay import Relay
from shared.outbox.replay import replay
from shared.outbox.sweeper import measure_outbox
from shared.outbox.writing import send
from shared.telemetry.metrics import OUTBOX_ROWS


@pytest.fixture
def relay(as_relay: Database, redis_url: str) -> Iterator[Relay]:
    celery = make_celery("relay", redis_url)
    yield Relay(as_relay, celery)
    celery.close()


@pytest.fixture
def failing(as_matcher: Database) -> Inbox:
    def fail(_session: WriteSession, _message: ParticipantChanged) -> None:
        raise RuntimeError("the moon is in the wrong house")

    inbox = Inbox(as_matcher)
    inbox.on(ParticipantChanged, fail)
    return inbox


def send_some(as_api: Database, number: int = 1) -> list[UUID]:
    """Their ids in the outbox, in order."""
    with as_api.writing(SYSTEM) as session:
        for _ in range(number):
            send(session, ParticipantChanged(participant_id=uuid4()))
        return list(session.scalars(select(OutboxMessage.id)))


def row_of(database: Database, message_id: UUID) -> OutboxMessage:
    with database.reading(SYSTEM) as session:
        return session.get_one(OutboxMessage, message_id)


def envelope_of(row: OutboxMessage) -> Envelope:
    return Envelope(message_id=row.id, queue=row.queue, name=row.name, version=row.version, payload=row.payload)


@pytest.mark.parametrize("change", [{"queue": "of.a.newer.release"}, {"payload": {"participants": [1, 2]}}])
def test_a_row_that_no_queue_can_take_is_set_aside_and_holds_nobody_up(
    as_api: Database, as_owner: Database, relay: Relay, change: dict[str, object]
) -> None:
    odd, sound = send_some(as_api, 2)
    with as_owner.writing(SYSTEM) as session:
        session.execute(update(OutboxMessage).where(OutboxMessage.id == odd).values(**change))
    relay.publish_due()
    assert row_of(relay.database, sound).state == OutboxState.PUBLISHED
    assert row_of(relay.database, odd).state == OutboxState.DEAD
    assert row_of(relay.database, odd).last_error
    assert relay.publish_due() == 0


def test_a_failure_that_is_faster_than_the_relays_commit_counts(
    as_api: Database, relay: Relay, failing: Inbox
) -> None:
    """A batch is marked at its end; a quick worker has failed at its first message by then."""
    (message_id,) = send_some(as_api)
    envelope = envelope_of(row_of(relay.database, message_id))
    with ThreadPoolExecutor(1) as thread:
        with relay.database.writing(SYSTEM) as session:
            held = session.get_one(OutboxMessage, message_id, with_for_update=True)
            received = thread.submit(failing.receive, envelope)
            wait([received], timeout=0.5)
            held.state = OutboxState.PUBLISHED
        assert received.result() is Outcome.SET_BACK
    row = row_of(relay.database, message_id)
    assert (row.state, row.attempts) == (OutboxState.PENDING, 1)


def test_dead_messages_that_were_replayed_are_no_longer_counted(
    as_api: Database, as_owner: Database, relay: Relay
) -> None:
    send_some(as_api)
    with as_owner.writing(SYSTEM) as session:
        session.execute(update(OutboxMessage).values(state=OutboxState.DEAD, attempts=MAX_ATTEMPTS))
    measure_outbox(relay.database)
    assert OUTBOX_ROWS.labels(OutboxState.DEAD)._value.get() == 1
    with relay.database.writing(SYSTEM) as session:
        replay(session)
    measure_outbox(relay.database)
    assert OUTBOX_ROWS.labels(OutboxState.DEAD)._value.get() == 0


def test_a_message_that_keeps_coming_back_is_not_tried_for_ever(
    as_api: Database, relay: Relay, failing: Inbox
) -> None:
    """Every process that took it died over it. Of a message with an effect no death is counted."""
    deadly, done = send_some(as_api, 2)
    relay.publish_due()
    inbox = Inbox(failing.database)
    inbox.on(ParticipantChanged, lambda _session, _message: None)
    envelope = envelope_of(row_of(relay.database, done))
    outcomes = [inbox.receive(envelope, came_back=True) for _ in range(MAX_ATTEMPTS + 1)]
    assert outcomes == [Outcome.DONE, *[Outcome.DUPLICATE] * MAX_ATTEMPTS]

    with failing.database.writing(SYSTEM) as session:
        session.execute(update(OutboxMessage).where(OutboxMessage.id == deadly).values(attempts=MAX_ATTEMPTS - 1))
    assert inbox.receive(envelope_of(row_of(relay.database, deadly)), came_back=True) is Outcome.SET_BACK
    assert row_of(relay.database, deadly).state == OutboxState.DEAD
