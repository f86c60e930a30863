"""Messages leave with the change they tell of: in its transaction, or not at all."""

from datetime import datetime

from sqlalchemy import func, insert, select

from shared.contracts.messages import Message
from shared.db.engine import WriteSession
from shared.models.base import Json
from shared.models.messaging import OutboxMessage
from shared.telemetry.context import current_request_id

WAKE_CHANNEL = "belay_outbox"


def send(session: WriteSession, message: Message, *, available_at: datetime | None = None) -> None:
    """Put a message into the outbox, one row for each queue that wants it, and wake the relay at commit."""
    send_all(session, [message], available_at=available_at)


def send_all(session: WriteSession, messages: list[Message], *, available_at: datetime | None = None) -> None:
    """The same for many messages in one statement."""
    rows = [row for message in messages for row in _rows(message, available_at)]
    if rows:
        session.execute(insert(OutboxMessage), rows)
        session.execute(select(func.pg_notify(WAKE_CHANNEL, "")))


def _rows(message: Message, available_at: datetime | None) -> list[Json]:
    row: Json = {
        "name": message.name(),
        "version": message.version,
        "payload": message.model_dump(mode="json"),
        "request_id": current_request_id(),
    }
    if available_at:
        row["available_at"] = available_at
    return [{**row, "queue": queue} for queue in message.queues]
