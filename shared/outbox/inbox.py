"""Messages arrive through the inbox: the note that one was received is part of its effect's transaction.

So an effect happens exactly once, however often the broker delivers. A message that fails is set back with a growing
delay, and after `MAX_ATTEMPTS` set aside as dead, with its reason; `belay replay` sends it again. A process that dies
over a message counts as an attempt, too.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from time import perf_counter
from typing import Any, TypeVar
from uuid import UUID

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import case, func, select, update
from sqlalchemy.dialects.postgresql import insert

from shared.contracts.messages import CanarySent, Message, UnknownMessageError, parse_message
from shared.db.actor import SYSTEM
from shared.db.engine import Database, WriteSession
from shared.models.messaging import InboxMessage, OutboxMessage, OutboxState
from shared.telemetry.metrics import MESSAGE_SECONDS, MESSAGES

MAX_ATTEMPTS = 6
FIRST_DELAY = timedelta(seconds=5)

M = TypeVar("M", bound=Message)
log = structlog.get_logger()


class Outcome(StrEnum):
    DONE = "done"
    DUPLICATE = "duplicate"
    SET_BACK = "set_back"
    POSTPONED = "postponed"


class NotYetError(Exception):
    """A handler cannot take the message now (somebody else has its object in hand); it comes again after `delay`."""

    def __init__(self, delay: timedelta) -> None:
        super().__init__(f"not yet; again in {delay}")
        self.delay = delay


class Envelope(BaseModel):
    """A message as the queue carries it."""

    model_config = ConfigDict(frozen=True)

    message_id: UUID
    queue: str
    name: str
    version: int
    payload: dict[str, str]
    request_id: str = ""


@dataclass(frozen=True)
class Delivery:
    """A message in the hands of a handler that works in transactions of its own (long, resumable work)."""

    message_id: UUID
    queue: str
    database: Database

    def finish(self, session: WriteSession) -> bool:
        """Note the message as received, in the transaction of the last effect; False if it already was."""
        return _note_received(session, self.message_id, self.queue)


Handler = Callable[[WriteSession, Any], None]
LongHandler = Callable[[Delivery, Any], None]


@dataclass(frozen=True)
class Inbox:
    """A service's handlers by message."""

    database: Database
    _handlers: dict[type[Message], Handler] = field(default_factory=dict)
    _long_handlers: dict[type[Message], LongHandler] = field(default_factory=dict)

    def on(self, kind: type[M], handler: Callable[[WriteSession, M], None]) -> None:
        """Handle a message inside the inbox's own transaction."""
        self._handlers[kind] = handler

    def on_long(self, kind: type[M], handler: Callable[[Delivery, M], None]) -> None:
        """Handle a message in several transactions; the handler calls `delivery.finish` in the last one."""
        self._long_handlers[kind] = handler

    @property
    def handled(self) -> frozenset[type[Message]]:
        return frozenset({*self._handlers, *self._long_handlers, CanarySent})

    def receive(self, envelope: Envelope, *, came_back: bool = False) -> Outcome:
        """Let a message have its effect, once. A failure is recorded, not raised.

        `came_back`: it was in a process's hands before, which did not live to acknowledge it. Each message leaves one
        line, so that a request can be followed by its id through every service that it reached.
        """
        begun = perf_counter()
        with MESSAGE_SECONDS.labels(envelope.queue, envelope.name).time():
            try:
                deadly = came_back and self._has_killed_too_often(envelope)
                outcome = Outcome.SET_BACK if deadly else self._effect(envelope)
            except NotYetError as error:
                outcome = self._postpone(envelope, error.delay)
            except Exception as error:
                log.exception("message failed", **_line(envelope))
                outcome = self._set_back(envelope, error)
        MESSAGES.labels(envelope.queue, envelope.name, outcome).inc()
        log.info("message", **_line(envelope), outcome=str(outcome), ms=round((perf_counter() - begun) * 1000, 1))
        return outcome

    def _effect(self, envelope: Envelope) -> Outcome:
        message = parse_message(envelope.name, envelope.version, envelope.payload)
        if type(message) in self._long_handlers:
            return self._effect_long(envelope, message)
        with self.database.writing(SYSTEM) as session:
            if not _note_received(session, envelope.message_id, envelope.queue):
                return Outcome.DUPLICATE
            self._handler(type(message))(session, message)
        return Outcome.DONE

    def _has_killed_too_often(self, envelope: Envelope) -> bool:
        """Note one more death, unless the message had its effect before; whether it is set aside by now."""
        with self.database.writing(SYSTEM) as session:
            _wait_for_relay(session, envelope.message_id)
            if not _was_received(session, envelope):
                session.execute(_death_statement(envelope.message_id))
            state = select(OutboxMessage.state).where(OutboxMessage.id == envelope.message_id)
            return bool(session.scalar(state) == OutboxState.DEAD)

    def _effect_long(self, envelope: Envelope, message: Message) -> Outcome:
        with self.database.reading(SYSTEM) as session:
            if _was_received(session, envelope):
                return Outcome.DUPLICATE
        delivery = Delivery(envelope.message_id, envelope.queue, self.database)
        self._long_handlers[type(message)](delivery, message)
        return Outcome.DONE

    def _handler(self, kind: type[Message]) -> Handler:
        if kind is CanarySent:
            return _ignore
        if kind not in self._handlers:
            raise UnknownMessageError(f"{kind.name()} came to a service that has no handler for it")
        return self._handlers[kind]

    def _postpone(self, envelope: Envelope, delay: timedelta) -> Outcome:
        with self.database.writing(SYSTEM) as session:
            _wait_for_relay(session, envelope.message_id)
            session.execute(
                update(OutboxMessage)
                .where(OutboxMessage.id == envelope.message_id, OutboxMessage.state == OutboxState.PUBLISHED)
                .values(state=OutboxState.PENDING, available_at=func.now() + delay)
            )
        return Outcome.POSTPONED

    def _set_back(self, envelope: Envelope, error: Exception) -> Outcome:
        hopeless = isinstance(error, UnknownMessageError | ValidationError)
        with self.database.writing(SYSTEM) as session:
            _wait_for_relay(session, envelope.message_id)
            session.execute(_set_back_statement(envelope.message_id, error, MAX_ATTEMPTS if not hopeless else 0))
        return Outcome.SET_BACK


def _line(envelope: Envelope) -> dict[str, str]:
    """What a log may say of a message: its name and its ids."""
    return {"message": envelope.name, "message_id": str(envelope.message_id), "of": " ".join(envelope.payload.values())}


def _ignore(_session: WriteSession, _message: Message) -> None:
    """A canary only has to arrive."""


def _note_received(session: WriteSession, message_id: UUID, consumer: str) -> bool:
    statement = insert(InboxMessage).values(message_id=message_id, consumer=consumer).on_conflict_do_nothing()
    return session.execute(statement.returning(InboxMessage.message_id)).first() is not None


def _was_received(session: Any, envelope: Envelope) -> bool:
    return session.get(InboxMessage, (envelope.message_id, envelope.queue)) is not None


def _wait_for_relay(session: WriteSession, message_id: UUID) -> None:
    """The relay marks a batch at its end. Until then an update would find this row pending and overlook it."""
    session.execute(select(OutboxMessage.id).where(OutboxMessage.id == message_id).with_for_update())


def _set_back_statement(message_id: UUID, error: Exception, limit: int) -> Any:
    delay = func.make_interval(0, 0, 0, 0, 0, 0, FIRST_DELAY.total_seconds() * func.power(2, OutboxMessage.attempts))
    return (
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.state == OutboxState.PUBLISHED)
        .values(
            attempts=OutboxMessage.attempts + 1,
            state=case((OutboxMessage.attempts + 1 >= limit, OutboxState.DEAD), else_=OutboxState.PENDING),
            available_at=func.now() + delay,
            last_error=f"{type(error).__name__}: {error}"[:2000],
        )
    )


def _death_statement(message_id: UUID) -> Any:
    return (
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.state == OutboxState.PUBLISHED)
        .values(
            attempts=OutboxMessage.attempts + 1,
            state=case((OutboxMessage.attempts + 1 >= MAX_ATTEMPTS, OutboxState.DEAD), else_=OutboxState.PUBLISHED),
            last_error="the process that worked on it died over it",
        )
    )


def dead_messages(session: Any, limit: int = 100) -> list[OutboxMessage]:
    """Messages set aside, oldest first."""
    statement = select(OutboxMessage).where(OutboxMessage.state == OutboxState.DEAD)
    return list(session.scalars(statement.order_by(OutboxMessage.created_at).limit(limit)))
