"""What everybody may know of a program: its name, who owns it, when its open cycle runs, how many take part."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text

from shared.db.engine import ReadSession

_PROGRAMS = """
    SELECT p.id, p.slug, p.name, p.summary, p.synthetic, c.name AS cycle, c.opens_on, c.starts_on, c.ends_on, c.state,
           array(SELECT o.name FROM program.program_organization x JOIN program.organization o
                 ON o.id = x.organization_id WHERE x.program_id = p.id ORDER BY o.name) AS owners
    FROM program.program p
    LEFT JOIN LATERAL (SELECT * FROM program.cycle WHERE program_id = p.id AND state IN ('open', 'running')
                       ORDER BY starts_on DESC LIMIT 1) c ON true
"""


def programs(session: ReadSession) -> Sequence[Mapping[str, Any]]:
    """All programs, those that are open for registration first."""
    statement = text(f"{_PROGRAMS} ORDER BY (c.state = 'open') DESC NULLS LAST, p.name LIMIT 50")
    return [dict(row) for row in session.execute(statement).mappings()]


def program(session: ReadSession, slug: str) -> Mapping[str, Any] | None:
    row = session.execute(text(f"{_PROGRAMS} WHERE p.slug = :slug"), {"slug": slug}).mappings().one_or_none()
    return None if row is None else dict(row)
