"""Reads for the list of mentors without bandwidth."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import RowMapping, text

from services.api.dashboards.queries import PERIODS
from shared.db.engine import ReadSession


def mentors_with_periods(session: ReadSession, cycle_id: UUID) -> Sequence[RowMapping]:
    """The active mentors of a cycle by name; `periods` as in `dashboards.queries.mentors`, None where none is given."""
    statement = text(f"""
        SELECT a.name, i.name AS institution, p.stage, coalesce(f.specialties[1], '') AS specialty, f.kinds, b.periods
        FROM program.participant p JOIN program.profile f ON f.participant_id = p.id
        JOIN program.account a ON a.id = p.account_id
        JOIN program.institution i ON i.id = p.institution_id
        LEFT JOIN ({PERIODS}) b ON b.participant_id = p.id
        WHERE p.cycle_id = :cycle AND p.role = 'mentor' AND p.state = 'active' ORDER BY a.name, p.id
    """)  # noqa: S608 — our own text
    return session.execute(statement, {"cycle": cycle_id}).mappings().all()
