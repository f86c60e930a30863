"""What is still to become a mail."""

from sqlalchemy import func, select

from shared.contracts.messages import CanarySent, HourPassed
from shared.db.engine import ReadSession
from shared.models.messaging import OutboxMessage, OutboxState

# Messages that no mail follows from.
MUTE = (CanarySent.__name__, HourPassed.__name__)


def on_their_way(session: ReadSession) -> int:
    """Messages that the notifier has not had yet."""
    waiting = OutboxMessage.state.in_((OutboxState.PENDING, OutboxState.PUBLISHED))
    statement = select(func.count()).where(waiting, OutboxMessage.queue == "notifier", OutboxMessage.name.not_in(MUTE))
    return session.scalar(statement) or 0
