"""Send dead messages again, once their cause is mended: `belay replay [--message ID]`."""

from uuid import UUID

import typer
from rich.console import Console
from sqlalchemy import func, select, update

from shared.db.actor import SYSTEM
from shared.db.engine import Database, WriteSession
from shared.models.messaging import OutboxMessage, OutboxState
from shared.outbox.inbox import dead_messages
from shared.outbox.writing import WAKE_CHANNEL
from shared.settings import get_settings


def replay(session: WriteSession, message_id: UUID | None = None) -> int:
    """Make dead messages (one, or all) pending again; how many."""
    statement = update(OutboxMessage).where(OutboxMessage.state == OutboxState.DEAD)
    if message_id:
        statement = statement.where(OutboxMessage.id == message_id)
    fresh = statement.values(state=OutboxState.PENDING, attempts=0, available_at=func.now())
    sent = session.scalars(fresh.returning(OutboxMessage.id)).all()
    session.execute(select(func.pg_notify(WAKE_CHANNEL, "")))
    return len(sent)


def main(message: UUID | None = None, *, dry_run: bool = typer.Option(False, help="Only list them.")) -> None:
    """List messages that were set aside with their reasons, and send them again."""
    database, console = Database(get_settings().relay_database_url), Console()
    with database.writing(SYSTEM) as session:
        for dead in dead_messages(session):
            console.print(f"{dead.id}  {dead.name}  {dead.last_error}")
        if not dry_run:
            console.print(f"{replay(session, message)} message(s) sent again")


if __name__ == "__main__":
    typer.run(main)
