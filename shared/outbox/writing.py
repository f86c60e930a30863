"""Messages leave with the change they tell of: in its transaction, or not at all."""

from datetime import datetime

from sqlalchemy import cast, func, insert, select, update
from sqlalchemy.dialects.postgresql import JSONB

from shared.contracts.messages import Message
from shared.db.engine import WriteSession
from shared.models.base import Json
from shared.models.messaging import OutboxMessage, OutboxState
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


def withdraw(session: WriteSession, messages: list[Message]) -> int:
    """Take back messages that have not left yet; how many rows that were. The relay never publishes a row meanwhile.

    A row that the relay holds is waited for; once it has left it is not taken back any more.
    """
    payloads = [message.model_dump(mode="json") for message in messages]
    wanted = func.jsonb_array_elements(cast(payloads, JSONB)).column_valued("wanted")
    statement = (
        update(OutboxMessage)
        .where(
            OutboxMessage.state == OutboxState.PENDING,
            OutboxMessage.name.in_({message.name() for message in messages}),
            OutboxMessage.payload.in_(select(wanted)),
        )
        .values(state=OutboxState.WITHDRAWN)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    return len(session.execute(statement).all())


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
