"""Reads for the list of mentors without bandwidth."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import RowMapping, text

from shared.db.engine import ReadSession


def mentors_with_periods(session: ReadSession, cycle_id: UUID) -> Sequence[RowMapping]:
    """The active mentors of a cycle by name; `periods` as in `dashboards.queries.mentors`, None where none is given."""
    statement = text("""
        SELECT a.name, i.name AS institution, p.stage, coalesce(f.specialties[1], '') AS specialty, f.kinds, b.periods
        FROM program.participant p JOIN program.profile f ON f.participant_id = p.id
        JOIN program.account a ON a.id = p.account_id
        JOIN program.institution i ON i.id = p.institution_id
        LEFT JOIN (
            SELECT b.participant_id, json_agg(json_build_array(
                       b.starts_on, b.ends_on, b.hours_per_month::text, b.mentee_slots) ORDER BY b.starts_on, b.id
                   )::text AS periods
            FROM program.bandwidth_period b JOIN program.participant p ON p.id = b.participant_id
            WHERE p.cycle_id = :cycle GROUP BY 1
        ) b ON b.participant_id = p.id
        WHERE p.cycle_id = :cycle AND p.role = 'mentor' AND p.state = 'active' ORDER BY a.name, p.id
    """)
    return session.execute(statement, {"cycle": cycle_id}).mappings().all()
