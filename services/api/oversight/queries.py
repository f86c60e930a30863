"""Whether the audit trail is whole: every line hashes to what it says, and names the hash of the line before."""

from sqlalchemy import text
from sqlalchemy.orm import Session

# The digest is the database's own (shared/migrations/sql/audit.sql), so that there is one definition of it.
_FIRST_BROKEN = text(
    """
    SELECT min(id) FROM (
        SELECT event.id,
               event.hash IS DISTINCT FROM program.audit_digest(event)
               OR event.previous_hash IS DISTINCT FROM lag(event.hash) OVER (ORDER BY event.id) AS broken
        FROM program.audit_event event
    ) AS lines WHERE broken
    """
)


def first_broken_line(session: Session) -> int | None:
    """The number of the first line that was changed or follows a missing one; None if the trail is whole.

    A trail cut off at its end looks whole: note the newest hash elsewhere from time to time to notice that, too.
    """
    found: int | None = session.scalar(_FIRST_BROKEN)
    return found
