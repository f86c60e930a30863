"""Counts for dashboards: aggregates in SQL, never a person's row, never a dimension."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, select, text

from shared.db.engine import ReadSession
from shared.models.programs import Cycle, Institution

Figures = RowMapping

_WAITING = """
    SELECT p.id, p.stage, p.institution_id, p.registered_at, f.specialties[1] AS specialty
    FROM program.participant p JOIN program.profile f ON f.participant_id = p.id
    WHERE p.cycle_id = :cycle AND p.role = 'mentee' AND p.state = 'active'
      AND NOT EXISTS (SELECT FROM program.mentorship m WHERE m.mentee_id = p.id AND m.state = 'active')
      AND NOT EXISTS (SELECT FROM program.proposal o WHERE o.mentee_id = p.id AND o.state = 'open')
      AND NOT EXISTS (SELECT FROM program.request o WHERE o.mentee_id = p.id AND o.state = 'open')
"""
# Each mentor's bandwidth as JSON, which `places.read_periods` reads.
PERIODS = """
    SELECT b.participant_id, json_agg(json_build_array(
               b.starts_on, b.ends_on, b.hours_per_month::text, b.mentee_slots) ORDER BY b.starts_on, b.id
           )::text AS periods
    FROM program.bandwidth_period b JOIN program.participant p ON p.id = b.participant_id
    WHERE p.cycle_id = :cycle GROUP BY 1
"""
_GROUPS = {"specialty": "g.specialty", "stage": "g.stage", "state": "i.state"}


def cycles(session: ReadSession, program_id: UUID) -> Sequence[Cycle]:
    """The program's cycles, the newest first."""
    statement = select(Cycle).where(Cycle.program_id == program_id).order_by(Cycle.starts_on.desc())
    return session.scalars(statement).all()


def mentee_figures(session: ReadSession, cycle_id: UUID, at: datetime) -> Figures:
    """How many mentees there were at a moment, and how many of them had been matched by then."""
    statement = """
        SELECT count(*) AS mentees, count(*) FILTER (WHERE m.first IS NOT NULL) AS matched
        FROM program.participant p
        LEFT JOIN LATERAL (SELECT min(started_at) AS first FROM program.mentorship
                           WHERE mentee_id = p.id AND started_at <= :at) m ON true
        WHERE p.cycle_id = :cycle AND p.role = 'mentee' AND p.state <> 'withdrawn' AND p.registered_at <= :at
    """
    return _row(session, statement, cycle=cycle_id, at=at)


def mentors(session: ReadSession, cycle_id: UUID) -> Sequence[Figures]:
    """The active mentors of a cycle, counted by all that decides how many places they have left.

    `periods` is JSON: starts_on, ends_on, hours_per_month, mentee_slots of each; None where nothing is offered.
    """
    statement = text(f"""
        SELECT coalesce(f.specialties[1], '') AS specialty, p.stage, i.state, f.kinds, b.periods,
               coalesce(t.taken, 0)::int AS taken, count(*)::int AS mentors
        FROM program.participant p JOIN program.profile f ON f.participant_id = p.id
        JOIN program.institution i ON i.id = p.institution_id
        LEFT JOIN ({PERIODS}) b ON b.participant_id = p.id
        LEFT JOIN (
            SELECT mentor_id, count(*) AS taken FROM (
                SELECT mentor_id FROM program.mentorship WHERE cycle_id = :cycle AND state = 'active'
                UNION ALL SELECT mentor_id FROM program.proposal WHERE cycle_id = :cycle AND state = 'open'
                UNION ALL SELECT mentor_id FROM program.request WHERE cycle_id = :cycle AND state = 'open'
            ) held GROUP BY mentor_id
        ) t ON t.mentor_id = p.id
        WHERE p.cycle_id = :cycle AND p.role = 'mentor' AND p.state = 'active' GROUP BY 1, 2, 3, 4, 5, 6
    """)  # noqa: S608 — our own text
    return session.execute(statement, {"cycle": cycle_id}).mappings().all()


def hours_offered(session: ReadSession, cycle_id: UUID, day: date) -> float:
    """Hours a month that a cycle's mentors offer on a day; of several periods the one with the fewest holds."""
    statement = """
        SELECT coalesce(sum(hours_per_month), 0)::float AS hours FROM (
            SELECT DISTINCT ON (b.participant_id) b.hours_per_month
            FROM program.bandwidth_period b JOIN program.participant p ON p.id = b.participant_id
            WHERE p.cycle_id = :cycle AND p.role = 'mentor' AND p.state = 'active'
              AND :day BETWEEN b.starts_on AND b.ends_on
            ORDER BY b.participant_id, b.hours_per_month
        ) held
    """
    return float(_row(session, statement, cycle=cycle_id, day=day)["hours"])


def mentorship_figures(session: ReadSession, cycle_id: UUID, now: datetime) -> Figures:
    """Mentorships of a cycle, those across institutions, and active ones that never met within 30 days."""
    statement = """
        SELECT count(*) AS mentorships, count(*) FILTER (WHERE a.institution_id <> b.institution_id) AS across,
               count(*) FILTER (WHERE m.state = 'active') AS active,
               count(*) FILTER (WHERE m.state = 'active'
                   AND m.started_at < cast(:now AS timestamptz) - interval '30 days'
                   AND NOT EXISTS (SELECT FROM program.meeting t WHERE t.mentorship_id = m.id AND t.state = 'held'))
                   AS never_met
        FROM program.mentorship m JOIN program.participant a ON a.id = m.mentee_id
        JOIN program.participant b ON b.id = m.mentor_id
        WHERE m.cycle_id = :cycle
    """
    return _row(session, statement, cycle=cycle_id, now=now)


def survey_figures(session: ReadSession, cycle_id: UUID) -> Figures:
    """Satisfaction (1 to 5) of those who answered, and how many were asked."""
    statement = """
        SELECT count(*) AS asked, count(s.answered_at) AS answered, avg(s.satisfaction)::float AS satisfaction
        FROM program.survey_response s JOIN program.mentorship m ON m.id = s.mentorship_id
        WHERE m.cycle_id = :cycle
    """
    return _row(session, statement, cycle=cycle_id)


def offer_figures(session: ReadSession, cycle_id: UUID, now: datetime) -> Figures:
    """Open offers, and those that expire within three days."""
    statement = """
        SELECT count(*) AS open, count(*) FILTER (WHERE respond_by < cast(:now AS timestamptz) + interval '3 days')
               AS expiring
        FROM (SELECT respond_by FROM program.proposal WHERE cycle_id = :cycle AND state = 'open'
              UNION ALL SELECT respond_by FROM program.request WHERE cycle_id = :cycle AND state = 'open') offers
    """
    return _row(session, statement, cycle=cycle_id, now=now)


def drafts_waiting(session: ReadSession, cycle_id: UUID) -> list[UUID]:
    """Finished drafts that nobody has published or discarded, nor overtaken by publishing another; newest first."""
    statement = text("""
        SELECT id FROM program.match_run WHERE cycle_id = :cycle AND state = 'draft' AND requested_at > ALL (
            SELECT published_at FROM program.match_run WHERE cycle_id = :cycle AND state = 'published')
        ORDER BY requested_at DESC LIMIT 5
    """)
    return list(session.scalars(statement, {"cycle": cycle_id}))


def embedding_progress(session: ReadSession, cycle_id: UUID) -> Figures | None:
    """How far the matcher has read what people wrote; None before it began."""
    statement = text("SELECT texts, embedded FROM matching.cycle_progress WHERE cycle_id = :cycle")
    return session.execute(statement, {"cycle": cycle_id}).mappings().one_or_none()


def waits(session: ReadSession, cycle_id: UUID, now: datetime) -> list[tuple[int, bool, int]]:
    """(days, over, people): from registering to the first mentorship, or until now; counted, not listed."""
    statement = text("""
        SELECT greatest(0, extract(day FROM coalesce(m.first, cast(:now AS timestamptz)) - p.registered_at))::int,
               m.first IS NOT NULL, count(*)::int
        FROM program.participant p
        LEFT JOIN (SELECT mentee_id, min(started_at) AS first FROM program.mentorship WHERE cycle_id = :cycle
                   GROUP BY mentee_id) m ON m.mentee_id = p.id
        WHERE p.cycle_id = :cycle AND p.role = 'mentee' AND p.state <> 'withdrawn'
        GROUP BY 1, 2
    """)
    return [(row[0], row[1], row[2]) for row in session.execute(statement, {"cycle": cycle_id, "now": now})]


def sites(session: ReadSession, cycle_ids: list[UUID]) -> Sequence[Figures]:
    """Institutions with the people they have in these cycles."""
    statement = text("""
        SELECT i.name, i.longitude, i.latitude, i.state, count(DISTINCT p.account_id)::int AS people
        FROM program.participant p JOIN program.institution i ON i.id = p.institution_id
        WHERE p.cycle_id = ANY(:cycles) AND p.state <> 'withdrawn' GROUP BY i.id ORDER BY people DESC, i.name
    """)
    return session.execute(statement, {"cycles": cycle_ids}).mappings().all()


def ropes(session: ReadSession, cycle_ids: list[UUID]) -> Sequence[Figures]:
    """Mentorships between two different institutions, counted by pair of institutions."""
    statement = text("""
        SELECT least(x.name, y.name) AS one, greatest(x.name, y.name) AS other, count(*)::int AS mentorships
        FROM program.mentorship m
        JOIN program.participant a ON a.id = m.mentee_id JOIN program.institution x ON x.id = a.institution_id
        JOIN program.participant b ON b.id = m.mentor_id JOIN program.institution y ON y.id = b.institution_id
        WHERE m.cycle_id = ANY(:cycles) AND x.id <> y.id GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
    """)
    return session.execute(statement, {"cycles": cycle_ids}).mappings().all()


def waiting(session: ReadSession, cycle_id: UUID, by: str) -> dict[str, int]:
    """Mentees without a mentor, nor an offer that holds a place for them, by specialty, stage or state."""
    statement = text(f"""
        SELECT coalesce({_GROUPS[by]}, ''), count(*)::int
        FROM ({_WAITING}) g JOIN program.institution i ON i.id = g.institution_id GROUP BY 1
    """)  # noqa: S608 — our own text
    return {key: count for key, count in session.execute(statement, {"cycle": cycle_id})}  # noqa: C416 — rows


def latest_matches(session: ReadSession, cycle_id: UUID) -> tuple[UUID | None, UUID | None]:
    """The last finished match of a cycle, and the last that was published."""
    statement = text("""
        SELECT (SELECT m.id FROM matching.run_result r JOIN program.match_run m ON m.id = r.run_id
                WHERE m.cycle_id = :cycle AND m.purpose = 'match' AND r.finished_at IS NOT NULL
                ORDER BY r.finished_at DESC LIMIT 1),
               (SELECT id FROM program.match_run WHERE cycle_id = :cycle AND state = 'published'
                ORDER BY published_at DESC LIMIT 1)
    """)
    finished, published = session.execute(statement, {"cycle": cycle_id}).one()
    return finished, published


def latest_worth(session: ReadSession, cycle_id: UUID) -> Figures | None:
    """Where one more place would help most, from the last finished match of a cycle: run_id, read_at, worth."""
    statement = text("""
        SELECT m.id AS run_id, r.finished_at, r.report->'worth' AS worth
        FROM matching.run_result r JOIN program.match_run m ON m.id = r.run_id
        WHERE m.cycle_id = :cycle AND m.purpose = 'match' AND jsonb_array_length(r.report->'worth') > 0
        ORDER BY r.finished_at DESC LIMIT 1
    """)
    return session.execute(statement, {"cycle": cycle_id}).mappings().one_or_none()


def institution_names(session: ReadSession, ids: list[UUID]) -> dict[str, str]:
    rows = session.execute(select(Institution.id, Institution.name).where(Institution.id.in_(ids)))
    return {str(row.id): row.name for row in rows}


def site_figures(session: ReadSession, program_id: UUID, institution_id: UUID) -> Sequence[Figures]:
    """One institution's people by role: registered, with an active mentorship, with a meeting held."""
    statement = text("""
        SELECT p.role, count(*)::int AS people, count(*) FILTER (WHERE m.active)::int AS matched,
               count(*) FILTER (WHERE m.met)::int AS met
        FROM program.participant p JOIN program.cycle c ON c.id = p.cycle_id AND c.state <> 'closed'
        LEFT JOIN LATERAL (
            SELECT bool_or(s.state = 'active') AS active, bool_or(EXISTS (
                SELECT FROM program.meeting t WHERE t.mentorship_id = s.id AND t.state = 'held')) AS met
            FROM program.mentorship s WHERE p.id IN (s.mentee_id, s.mentor_id)
        ) m ON true
        WHERE p.program_id = :program AND p.institution_id = :site AND p.state <> 'withdrawn' GROUP BY 1 ORDER BY 1
    """)
    return session.execute(statement, {"program": program_id, "site": institution_id}).mappings().all()


def find_institution(session: ReadSession, institution_id: UUID) -> Institution | None:
    return session.get(Institution, institution_id)


def _row(session: ReadSession, statement: str, **values: Any) -> Figures:
    return session.execute(text(statement), values).mappings().one()
