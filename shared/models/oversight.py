"""The append-only, hash-chained audit trail."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from shared.models.base import PROGRAM, Base, Json


class AuditEvent(Base):
    """One line of who did what to what. The database numbers, chains and seals it; nobody changes or deletes it."""

    __tablename__ = "audit_event"
    __table_args__ = (Index(None, "object_type", "object_id"), Index(None, "program_id", "at"), PROGRAM)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    actor_id: Mapped[UUID | None]
    actor_role: Mapped[str]
    program_id: Mapped[UUID | None]
    action: Mapped[str]
    object_type: Mapped[str]
    object_id: Mapped[UUID | None]
    detail: Mapped[Json] = mapped_column(default=dict)
    previous_hash: Mapped[bytes | None]
    hash: Mapped[bytes | None]
