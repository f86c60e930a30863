"""Outgoing mail and who does not want which."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from shared.models.base import NOTIFICATION, PROGRAM, Base, Created, Json, Key


class MailState(StrEnum):
    QUEUED = "queued"
    INFLIGHT = "inflight"
    SENT = "sent"
    BOUNCED = "bounced"
    DEAD = "dead"
    UNWANTED = "unwanted"


MAIL_TRANSITIONS: dict[MailState, frozenset[MailState]] = {
    MailState.QUEUED: frozenset({MailState.INFLIGHT}),
    MailState.INFLIGHT: frozenset(
        {MailState.SENT, MailState.BOUNCED, MailState.DEAD, MailState.UNWANTED, MailState.QUEUED}
    ),
    MailState.SENT: frozenset(),
    MailState.BOUNCED: frozenset(),
    MailState.DEAD: frozenset({MailState.QUEUED}),
    MailState.UNWANTED: frozenset(),
}


class Mail(Base):
    """A mail to be sent: template, recipient and ids. Names and addresses are looked up when it is sent.

    One event makes at most one mail of a template for a recipient; the Message-ID stays the same in each attempt.
    """

    __tablename__ = "mail"
    __table_args__ = (
        UniqueConstraint("event_id", "template", "recipient_id"),
        CheckConstraint(f"state in {tuple(str(s) for s in MailState)}", name="state_known"),
        Index(None, "state", "due_at"),
        NOTIFICATION,
    )

    id: Mapped[Key]
    event_id: Mapped[UUID]
    template: Mapped[str]
    recipient_id: Mapped[UUID]  # an account, or a log-in challenge
    subject_ids: Mapped[Json] = mapped_column(default=dict)
    message_id: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default=MailState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_error: Mapped[str | None]
    created_at: Mapped[Created]
    sent_at: Mapped[datetime | None]


class Unsubscription(Base):
    """An account does not want mails of this kind."""

    __tablename__ = "unsubscription"
    __table_args__ = PROGRAM

    account_id: Mapped[UUID] = mapped_column(ForeignKey("program.account.id", ondelete="CASCADE"), primary_key=True)
    template: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[Created]
