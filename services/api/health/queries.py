"""How the messages are doing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared.models.messaging import OutboxMessage, OutboxState


@dataclass(frozen=True)
class Backlog:
    """Messages of one queue in one state."""

    queue: str
    state: str
    count: int
    oldest: datetime


def backlogs(session: Session) -> list[Backlog]:
    """What waits, or was set aside, by queue."""
    unfinished = OutboxMessage.state.in_((OutboxState.PENDING, OutboxState.PUBLISHED, OutboxState.DEAD))
    statement = (
        select(OutboxMessage.queue, OutboxMessage.state, func.count(), func.min(OutboxMessage.created_at))
        .where(unfinished)
        .group_by(OutboxMessage.queue, OutboxMessage.state)
        .order_by(OutboxMessage.queue, OutboxMessage.state)
    )
    return [Backlog(*row) for row in session.execute(statement)]


def dead_messages(session: Session, limit: int = 50) -> Sequence[OutboxMessage]:
    """Messages that failed too often, with their reasons, newest first."""
    dead = select(OutboxMessage).where(OutboxMessage.state == OutboxState.DEAD)
    return session.scalars(dead.order_by(OutboxMessage.created_at.desc()).limit(limit)).all()
