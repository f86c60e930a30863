"""The sweeper: messages that were published but never received (a flushed broker, a lost worker) go out again."""

from datetime import timedelta
from typing import Any

from celery import Celery
from sqlalchemy import delete, exists, func, select, update

from shared.contracts.messages import Queue
from shared.db.actor import SYSTEM
from shared.db.engine import Database, WriteSession
from shared.models.messaging import InboxMessage, OutboxMessage, OutboxState
from shared.telemetry.metrics import OUTBOX_LAG, OUTBOX_ROWS, SWEPT

STUCK_AFTER = timedelta(seconds=90)
QUEUE_IS_LONG = 1_000
KEPT_FOR = timedelta(days=7)

_received = exists().where(InboxMessage.message_id == OutboxMessage.id)


def sweep(database: Database, celery: Celery, stuck_after: timedelta = STUCK_AFTER) -> int:
    """Note what was received, publish again what got stuck, forget what is old. The number to publish again.

    A queue that is simply long is left alone: its messages are late, not lost.
    """
    short = [queue for queue in Queue.ALL if _length(celery, queue) < QUEUE_IS_LONG]
    with database.writing(SYSTEM) as session:
        _note_received(session)
        stuck = session.scalars(_publish_again(short, stuck_after)).all()
        _forget_old(session)
    for queue in stuck:
        SWEPT.labels(queue).inc()
    return len(stuck)


def _length(celery: Celery, queue: str) -> int:
    with celery.connection_for_read() as connection:
        return int(connection.default_channel.client.llen(queue))


def _note_received(session: WriteSession) -> None:
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.state == OutboxState.PUBLISHED, _received)
        .values(state=OutboxState.RECEIVED)
        .execution_options(synchronize_session=False)
    )


def _publish_again(queues: list[str], stuck_after: timedelta) -> Any:
    return (
        update(OutboxMessage)
        .where(
            OutboxMessage.state == OutboxState.PUBLISHED,
            OutboxMessage.published_at < func.now() - stuck_after,
            OutboxMessage.queue.in_(queues),
            ~_received,
        )
        .values(state=OutboxState.PENDING, available_at=func.now())
        .returning(OutboxMessage.queue)
        .execution_options(synchronize_session=False)
    )


def _forget_old(session: WriteSession) -> None:
    old = func.now() - KEPT_FOR
    received_long_ago = (OutboxMessage.state == OutboxState.RECEIVED) & (OutboxMessage.published_at < old)
    withdrawn_long_ago = (OutboxMessage.state == OutboxState.WITHDRAWN) & (OutboxMessage.created_at < old)
    over = delete(OutboxMessage).where(received_long_ago | withdrawn_long_ago)
    session.execute(over.execution_options(synchronize_session=False))
    session.execute(
        delete(InboxMessage)
        .where(InboxMessage.received_at < old, ~exists().where(OutboxMessage.id == InboxMessage.message_id))
        .execution_options(synchronize_session=False)
    )


def measure_outbox(database: Database) -> None:
    """Refresh the gauges that alerts watch."""
    with database.reading(SYSTEM) as session:
        by_state = select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state)
        counts = {state: count for state, count in session.execute(by_state)}  # noqa: C416 — rows are not tuples to mypy
        oldest = session.scalar(
            select(func.extract("epoch", func.now() - func.min(OutboxMessage.available_at))).where(
                OutboxMessage.state == OutboxState.PENDING, OutboxMessage.available_at <= func.now()
            )
        )
    for state in OutboxState:
        OUTBOX_ROWS.labels(state).set(counts.get(state, 0))
    OUTBOX_LAG.set(float(oldest or 0))
