"""The outbox that every message leaves through and the inbox that it arrives through."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.models.base import MESSAGING, Base, Created, Json, Key


class OutboxState(StrEnum):
    """WITHDRAWN: what it tells of was taken back before it left."""

    PENDING = "pending"
    PUBLISHED = "published"
    RECEIVED = "received"
    WITHDRAWN = "withdrawn"
    DEAD = "dead"


class OutboxMessage(Base):
    """A message on its way: written with the change it tells of, published by the relay, one row per queue."""

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint(f"state in {tuple(str(s) for s in OutboxState)}", name="state_known"),
        Index("ix_outbox_due", "available_at", postgresql_where=text("state = 'pending'")),
        Index("ix_outbox_published", "published_at", postgresql_where=text("state = 'published'")),
        MESSAGING,
    )

    id: Mapped[Key]
    name: Mapped[str]
    version: Mapped[int]
    queue: Mapped[str]
    payload: Mapped[Json]
    request_id: Mapped[str]
    state: Mapped[str] = mapped_column(default=OutboxState.PENDING, server_default=OutboxState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    available_at: Mapped[datetime] = mapped_column(server_default=func.now())
    created_at: Mapped[Created]
    published_at: Mapped[datetime | None]
    last_error: Mapped[str | None]


class InboxMessage(Base):
    """That a consumer has received a message: inserted in the transaction of its effect, so each has one effect."""

    __tablename__ = "inbox"
    __table_args__ = MESSAGING

    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    consumer: Mapped[str] = mapped_column(primary_key=True)
    received_at: Mapped[Created]
