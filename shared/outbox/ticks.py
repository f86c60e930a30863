"""Time as messages: what must happen every so often is a message whose id is its moment.

Every relay tries to send each tick; the id makes the second try a no-op. No scheduler process to keep alive.
"""

from datetime import UTC, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from shared.contracts.messages import CanarySent, HourPassed, Message
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.models.base import Json
from shared.models.messaging import OutboxMessage
from shared.outbox.writing import WAKE_CHANNEL

HOUR_SECONDS = 3600
CANARY_SECONDS = 300


def send_ticks(database: Database, now: datetime | None = None) -> None:
    """Send the ticks of this moment that nobody has sent yet."""
    at = (now or datetime.now(UTC)).timestamp()
    ticks = [
        (HourPassed(hour_id=_moment("hour", at, HOUR_SECONDS)), _moment("hour", at, HOUR_SECONDS)),
        (CanarySent(canary_id=_moment("canary", at, CANARY_SECONDS)), _moment("canary", at, CANARY_SECONDS)),
    ]
    rows = [row for message, moment in ticks for row in _rows(message, moment)]
    with database.writing(SYSTEM) as session:
        session.execute(insert(OutboxMessage).values(rows).on_conflict_do_nothing())
        session.execute(select(func.pg_notify(WAKE_CHANNEL, "")))


def _moment(name: str, at: float, every: int) -> UUID:
    return uuid5(NAMESPACE_URL, f"belay:{name}:{int(at // every)}")


def _rows(message: Message, moment: UUID) -> list[Json]:
    return [
        {
            "id": uuid5(moment, queue),
            "name": message.name(),
            "version": message.version,
            "queue": queue,
            "payload": message.model_dump(mode="json"),
            "request_id": moment.hex,
        }
        for queue in message.queues
    ]
