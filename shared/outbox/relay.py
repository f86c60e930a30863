"""The relay: the only part that publishes. It takes due messages from the outbox to the queue.

Any number of relays may run: rows are claimed with SKIP LOCKED. A relay that dies between publishing and marking
publishes again; the inbox suppresses the second one.
"""

import signal
import threading
from dataclasses import dataclass, field
from typing import Any

import psycopg
import structlog
from celery import Celery
from celery.exceptions import QueueNotFound
from kombu.exceptions import OperationalError as BrokerError
from pydantic import ValidationError
from redis.exceptions import RedisError
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError as DatabaseError

from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.models.messaging import OutboxMessage, OutboxState
from shared.outbox.inbox import Envelope
from shared.outbox.queue import RECEIVE_TASK, make_celery
from shared.outbox.sweeper import measure_outbox, sweep
from shared.outbox.ticks import send_ticks
from shared.outbox.writing import WAKE_CHANNEL
from shared.settings import Settings, get_settings
from shared.telemetry.logs import configure_logs
from shared.telemetry.metrics import PUBLISHED, serve_metrics

BATCH = 200
POLL_SECONDS = 1.0
HOUSEKEEPING_SECONDS = 10.0
RETRY_SECONDS = 1.0

# What a database or broker that is away raises; kombu hands some errors of the Redis client through as they are.
AWAY = (DatabaseError, psycopg.OperationalError, BrokerError, RedisError, OSError)

# What a row of another release raises, as after a rollback: a queue or a payload that this one does not know.
UNSENDABLE = (QueueNotFound, ValidationError)

log = structlog.get_logger()


@dataclass(frozen=True)
class Relay:
    database: Database
    celery: Celery
    stopping: threading.Event = field(default_factory=threading.Event)

    def publish_due(self) -> int:
        """Publish one batch of due messages; the number published."""
        with self.database.writing(SYSTEM) as session:
            rows = session.scalars(_due()).all()
            with self.celery.producer_or_acquire() as producer:
                for row in rows:
                    self._take(row, producer)
        return len(rows)

    def _take(self, row: OutboxMessage, producer: Any) -> None:
        """Publish a row, or set it aside with the reason: it must not hold up those behind it."""
        try:
            self._publish(row, producer)
        except UNSENDABLE as error:
            log.warning("message set aside", message=row.name, message_id=str(row.id), reason=type(error).__name__)
            row.state, row.last_error = OutboxState.DEAD, f"{type(error).__name__}: {error}"[:2000]
        else:
            row.state = OutboxState.PUBLISHED
            row.published_at = func.now()

    def _publish(self, row: OutboxMessage, producer: Any) -> None:
        envelope = Envelope(
            message_id=row.id,
            queue=row.queue,
            name=row.name,
            version=row.version,
            payload=row.payload,
            request_id=row.request_id,
        )
        self.celery.send_task(
            RECEIVE_TASK,
            args=[envelope.model_dump(mode="json")],
            queue=row.queue,
            task_id=str(row.id),
            producer=producer,
            retry=False,
        )
        PUBLISHED.labels(row.queue).inc()

    def run(self) -> None:
        """Publish until told to stop; outlive a database or broker that is away for a while."""
        housekeeper = threading.Thread(target=self._keep_house, daemon=True)
        housekeeper.start()
        while not self.stopping.is_set():
            try:
                self._listen_and_publish()
            except AWAY as error:
                log.warning("relay waits", reason=str(error).splitlines()[0])
                self.stopping.wait(RETRY_SECONDS)
        housekeeper.join(timeout=RETRY_SECONDS)

    def _listen_and_publish(self) -> None:
        dsn = self.database.url.get_secret_value().replace("postgresql+psycopg://", "postgresql://")
        with psycopg.connect(dsn, autocommit=True) as listener:
            listener.execute(f"LISTEN {WAKE_CHANNEL}")
            while not self.stopping.is_set():
                while self.publish_due() == BATCH:
                    pass
                for _ in listener.notifies(timeout=POLL_SECONDS, stop_after=1):
                    pass

    def _keep_house(self) -> None:
        while not self.stopping.is_set():
            try:
                send_ticks(self.database)
                sweep(self.database, self.celery)
                measure_outbox(self.database)
            except AWAY as error:
                log.warning("housekeeping waits", reason=str(error).splitlines()[0])
            except Exception:
                log.exception("housekeeping failed; it goes on")
            self.stopping.wait(HOUSEKEEPING_SECONDS)


def _due() -> Any:
    return (
        select(OutboxMessage)
        .where(OutboxMessage.state == OutboxState.PENDING, OutboxMessage.available_at <= func.now())
        .order_by(OutboxMessage.available_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )


def make_relay(settings: Settings) -> Relay:
    celery = make_celery("relay", settings.redis_url.get_secret_value())
    return Relay(Database(settings.relay_database_url), celery)


def main() -> None:
    settings = get_settings()
    configure_logs("relay", as_json=settings.log_json)
    serve_metrics(settings)
    relay = make_relay(settings)
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_: relay.stopping.set())
    log.info("relay started")
    relay.run()


if __name__ == "__main__":
    main()
