"""Reads of what-ifs: runs that answer a question instead of making a draft."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from shared.db.engine import ReadSession
from shared.models.enrollment import Participant, Profile
from shared.models.matching import MatchRun, RunPurpose, RunResult, RunState
from shared.models.programs import Institution


def answer_of(session: ReadSession, run_id: UUID) -> dict[str, Any] | None:
    return session.scalar(select(RunResult.report).where(RunResult.run_id == run_id))


def what_if_runs(session: ReadSession, program_id: UUID, limit: int) -> list[tuple[MatchRun, dict[str, Any] | None]]:
    """The latest questions of a program with their answers, those thrown away left out."""
    rows = session.execute(
        select(MatchRun, RunResult.report)
        .outerjoin(RunResult, RunResult.run_id == MatchRun.id)
        .where(
            MatchRun.program_id == program_id, MatchRun.purpose == RunPurpose.WHAT_IF,
            MatchRun.state != RunState.DISCARDED,
        )
        .order_by(MatchRun.requested_at.desc())
        .limit(limit)
    )  # fmt: skip
    return [(row[0], row[1]) for row in rows]


def mentor_groups(session: ReadSession, cycle_id: UUID) -> tuple[dict[str, int], dict[str, int]]:
    """How many mentors take part by first specialty, and by state: those that further ones can be modeled on."""
    taking_part = (Participant.cycle_id == cycle_id, Participant.role == "mentor", Participant.state == "active")
    first = Profile.specialties[1]
    specialties = session.execute(
        select(first, func.count()).join(Participant, Participant.id == Profile.participant_id)
        .where(*taking_part, first.is_not(None)).group_by(first)
    )  # fmt: skip
    states = session.execute(
        select(Institution.state, func.count()).join(Participant, Participant.institution_id == Institution.id)
        .where(*taking_part).group_by(Institution.state)
    )  # fmt: skip
    return {row[0]: row[1] for row in specialties}, {row[0]: row[1] for row in states}
