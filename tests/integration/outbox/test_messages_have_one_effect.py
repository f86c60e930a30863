"""A message leaves with its change, arrives once, survives duplicates, failures and a flushed broker."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import redis
from sqlalchemy import func, select, update
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from shared.contracts.messages import CanarySent, Message, ParticipantChanged
from shared.db.actor import SYSTEM
from shared.db.engine import Database, WriteSession
from shared.models.messaging import InboxMessage, OutboxMessage, OutboxState
from shared.outbox.inbox import MAX_ATTEMPTS, Envelope, Inbox, Outcome
from shared.outbox.queue import make_celery
from shared.outbox.relay import Relay
from shared.outbox.replay import replay
from shared.outbox.sweeper import sweep
from shared.outbox.ticks import send_ticks
from shared.outbox.writing import send
from shared.telemetry.context import request_id_scope


class Effects:
    """A handler that counts, and fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.seen: list[UUID] = []
        self.failures = failures

    def __call__(self, _session: WriteSession, message: ParticipantChanged) -> None:
        if self.failures:
            self.failures -= 1
            raise RuntimeError("the moon is in the wrong house")
        self.seen.append(message.participant_id)


@pytest.fixture
def relay(as_relay: Database, redis_url: str) -> Iterator[Relay]:
    celery = make_celery("relay", redis_url)
    yield Relay(as_relay, celery)
    celery.close()


def _send_one(as_api: Database) -> UUID:
    participant = uuid4()
    with as_api.writing(SYSTEM) as session:
        send(session, ParticipantChanged(participant_id=participant))
    return participant


def _length(redis_url: str) -> int:
    with redis.Redis.from_url(redis_url) as client:
        return int(client.llen("matcher"))


def _row(relay: Relay) -> OutboxMessage:
    with relay.database.reading(SYSTEM) as session:
        return session.scalars(select(OutboxMessage)).one()


def _envelope(relay: Relay) -> Envelope:
    row = _row(relay)
    return Envelope(
        message_id=row.id, queue=row.queue, name=row.name, version=row.version, payload=row.payload, request_id=""
    )


def _inbox(as_matcher: Database, effects: Effects) -> Inbox:
    inbox = Inbox(as_matcher)
    inbox.on(ParticipantChanged, effects)
    return inbox


def test_a_message_of_a_change_that_rolled_back_never_leaves(as_api: Database, relay: Relay) -> None:
    class ChangeFailedError(Exception):
        pass

    def change() -> None:
        with as_api.writing(SYSTEM) as session:
            send(session, ParticipantChanged(participant_id=uuid4()))
            raise ChangeFailedError

    with pytest.raises(ChangeFailedError):
        change()
    assert relay.publish_due() == 0


def test_the_relay_publishes_each_due_message_once(as_api: Database, relay: Relay, redis_url: str) -> None:
    _send_one(as_api)
    assert (relay.publish_due(), relay.publish_due()) == (1, 0)
    assert _length(redis_url) == 1
    assert _row(relay).state == OutboxState.PUBLISHED


def test_the_same_message_five_times_has_one_effect(as_api: Database, relay: Relay, as_matcher: Database) -> None:
    participant, effects = _send_one(as_api), Effects()
    inbox = _inbox(as_matcher, effects)
    outcomes = [inbox.receive(_envelope(relay)) for _ in range(5)]
    assert outcomes == [Outcome.DONE, *[Outcome.DUPLICATE] * 4]
    assert effects.seen == [participant]


def test_whoever_follows_a_request_by_its_id_finds_its_message_in_the_log_of_the_receiver(
    as_api: Database, relay: Relay, as_matcher: Database
) -> None:
    with request_id_scope("the-click-of-a-lead"):
        participant = _send_one(as_api)
    with capture_logs(processors=[merge_contextvars]) as lines, request_id_scope(_row(relay).request_id):
        _inbox(as_matcher, Effects()).receive(_envelope(relay))
    (line,) = lines
    assert line["request_id"] == "the-click-of-a-lead"
    assert (line["message"], line["of"], line["outcome"]) == ("ParticipantChanged", str(participant), "done")


def test_a_failing_message_is_set_back_and_leaves_no_note_of_receipt(
    as_api: Database, relay: Relay, as_matcher: Database
) -> None:
    _send_one(as_api)
    relay.publish_due()
    assert _inbox(as_matcher, Effects(failures=1)).receive(_envelope(relay)) is Outcome.SET_BACK
    row = _row(relay)
    assert (row.state, row.attempts) == (OutboxState.PENDING, 1)
    assert "moon" in str(row.last_error)
    with as_matcher.reading() as session:
        assert session.scalar(select(func.count()).select_from(InboxMessage)) == 0


def test_a_poison_message_is_set_aside_with_its_reason_and_can_be_replayed(
    as_api: Database, relay: Relay, as_matcher: Database
) -> None:
    _send_one(as_api)
    inbox = _inbox(as_matcher, Effects(failures=MAX_ATTEMPTS))
    for _ in range(MAX_ATTEMPTS):
        _make_due(relay)
        relay.publish_due()
        inbox.receive(_envelope(relay))
    assert _row(relay).state == OutboxState.DEAD
    with relay.database.writing(SYSTEM) as session:
        assert replay(session) == 1
    relay.publish_due()
    assert inbox.receive(_envelope(relay)) is Outcome.DONE


def _make_due(relay: Relay) -> None:
    with relay.database.writing(SYSTEM) as session:
        session.execute(update(OutboxMessage).values(available_at=func.now()))


@pytest.mark.parametrize("change", [{"version": 99}, {"name": "NobodyKnows"}, {"payload": {"unknown": "x"}}])
def test_a_message_that_no_release_knows_is_set_aside_at_once(
    as_api: Database, relay: Relay, as_matcher: Database, change: dict[str, object]
) -> None:
    _send_one(as_api)
    relay.publish_due()
    _inbox(as_matcher, Effects()).receive(_envelope(relay).model_copy(update=change))
    assert _row(relay).state == OutboxState.DEAD


def test_after_a_flushed_broker_the_sweeper_sends_what_was_lost(
    as_api: Database, relay: Relay, as_matcher: Database, redis_url: str
) -> None:
    _send_one(as_api)
    relay.publish_due()
    with redis.Redis.from_url(redis_url) as client:
        client.flushdb()
    assert sweep(relay.database, relay.celery, timedelta(0)) == 1
    assert relay.publish_due() == 1
    assert _length(redis_url) == 1


def test_the_sweeper_leaves_received_messages_alone(as_api: Database, relay: Relay, as_matcher: Database) -> None:
    _send_one(as_api)
    relay.publish_due()
    _inbox(as_matcher, Effects()).receive(_envelope(relay))
    assert sweep(relay.database, relay.celery, timedelta(0)) == 0
    assert _row(relay).state == OutboxState.RECEIVED


def test_ticks_of_one_moment_are_sent_once_by_any_number_of_relays(relay: Relay) -> None:
    for _ in range(3):
        send_ticks(relay.database)
    with relay.database.reading(SYSTEM) as session:
        rows = session.scalars(select(OutboxMessage)).all()
    assert len({row.id for row in rows}) == len(rows) == 5


def test_every_message_carries_ids_only() -> None:
    wrong = [
        f"{kind.name()}.{name}"
        for kind in Message.__subclasses__()
        for name, field in kind.model_fields.items()
        if field.annotation is not UUID
    ]
    assert wrong == []


def test_a_canary_needs_no_handler(relay: Relay, as_matcher: Database) -> None:
    envelope = Envelope(
        message_id=uuid4(), queue="matcher", name="CanarySent", version=1, payload={"canary_id": str(uuid4())}
    )
    assert Inbox(as_matcher).receive(envelope) is Outcome.DONE
    assert CanarySent in Inbox(as_matcher).handled
