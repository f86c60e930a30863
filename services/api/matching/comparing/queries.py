"""Reads of two drafts side by side."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text

from shared.db.engine import ReadSession
from shared.models.accounts import Account
from shared.models.enrollment import Participant
from shared.models.matching import DraftPair, MatchRun, RunResult, RunState
from shared.models.programs import Institution

PAGE_SIZE = 25

# A pair that only one of two drafts has, by the draft that has it.
_DIFFERING = """
    SELECT a.run_id, a.mentee_id, a.mentor_id FROM matching.draft_pair a
    WHERE a.run_id = :{0} AND NOT EXISTS (
        SELECT FROM matching.draft_pair b
        WHERE b.run_id = :{1} AND b.mentee_id = a.mentee_id AND b.mentor_id = a.mentor_id)
"""
_BOTH = f"{_DIFFERING.format('one', 'other')} UNION ALL {_DIFFERING.format('other', 'one')}"


@dataclass(frozen=True)
class OtherPair:
    """A pair that one of the two drafts has and the other has not."""

    run_id: UUID
    mentee_id: UUID
    mentor_id: UUID
    mentor: str
    mentor_site: str
    score: float
    explanation: dict[str, Any]


@dataclass(frozen=True)
class Mentee:
    mentee_id: UUID
    name: str
    site: str


def count_differing(session: ReadSession, one: UUID, other: UUID) -> int:
    """How many mentees have another mentor in the other draft, or none."""
    counted = text(f"SELECT count(DISTINCT mentee_id) FROM ({_BOTH}) differing")  # noqa: S608 — our own text
    return int(session.execute(counted, {"one": one, "other": other}).scalar_one())


def differing_mentees(session: ReadSession, one: UUID, other: UUID, page: int) -> list[Mentee]:
    """One page of the mentees whose pairs differ, by name."""
    wanted = text(f"""
        SELECT p.id, a.name, i.name FROM (SELECT DISTINCT mentee_id FROM ({_BOTH}) differing) d
        JOIN program.participant p ON p.id = d.mentee_id JOIN program.account a ON a.id = p.account_id
        JOIN program.institution i ON i.id = p.institution_id
        ORDER BY a.name, p.id LIMIT :size OFFSET :skipped
    """)  # noqa: S608 — our own text
    values = {"one": one, "other": other, "size": PAGE_SIZE, "skipped": (page - 1) * PAGE_SIZE}
    return [Mentee(*row) for row in session.execute(wanted, values)]


def pairs_of_mentees(session: ReadSession, runs: tuple[UUID, UUID], mentees: list[UUID]) -> list[OtherPair]:
    """What these mentees have in either draft, with the mentors' names."""
    rows = session.execute(
        select(
            DraftPair.run_id, DraftPair.mentee_id, DraftPair.mentor_id, Account.name, Institution.name,
            DraftPair.score, DraftPair.explanation,
        )
        .join(Participant, Participant.id == DraftPair.mentor_id)
        .join(Account, Account.id == Participant.account_id)
        .join(Institution, Institution.id == Participant.institution_id)
        .where(DraftPair.run_id.in_(runs), DraftPair.mentee_id.in_(mentees))
        .order_by(DraftPair.score.desc(), DraftPair.mentor_id)
    )  # fmt: skip
    return [OtherPair(*row) for row in rows]


def comparable_runs(session: ReadSession, run: MatchRun, limit: int) -> list[MatchRun]:
    """Other finished runs of the same cycle with a draft to compare with, the newest first."""
    found = (
        select(MatchRun)
        .join(RunResult, RunResult.run_id == MatchRun.id)
        .where(
            MatchRun.cycle_id == run.cycle_id, MatchRun.id != run.id,
            MatchRun.state.in_((RunState.DRAFT, RunState.PUBLISHED, RunState.DISCARDED)),
            RunResult.report.is_not(None), func.jsonb_exists(RunResult.report, "score_histogram"),
        )
        .order_by(MatchRun.requested_at.desc())
    )  # fmt: skip
    return list(session.scalars(found.limit(limit)))
