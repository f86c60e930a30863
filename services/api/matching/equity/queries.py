"""Reads for the fairness report, and the one place where it is written."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from services.api.matching.equity.measuring import Mentee
from services.api.matching.queries import among
from shared.db.engine import ReadSession, WriteSession
from shared.models.enrollment import DimensionAnswer, Participant
from shared.models.equity import EquityReport, MenteeStanding
from shared.models.matching import RunResult
from shared.models.programs import Dimension, Institution


@dataclass(frozen=True)
class Person:
    """What the program knows of everybody in a cycle anyway."""

    id: UUID
    role: str
    stage: str
    state: str
    institution_id: UUID
    registered_at: datetime


def standings(session: ReadSession, run_id: UUID) -> list[Mentee]:
    columns = (
        MenteeStanding.mentee_id, MenteeStanding.given, MenteeStanding.mean_score, MenteeStanding.lowest_score,
        MenteeStanding.first_choice, MenteeStanding.envies,
    )  # fmt: skip
    return [Mentee(*row) for row in session.execute(select(*columns).where(MenteeStanding.run_id == run_id))]


def loads(session: ReadSession, run_id: UUID) -> list[Mapping[str, Any]]:
    """The mentors of a run as its report has them (`MentorLoad`)."""
    return session.scalar(select(RunResult.report["loads"]).where(RunResult.run_id == run_id)) or []


def people(session: ReadSession, cycle_id: UUID) -> list[Person]:
    columns = (
        Participant.id, Participant.role, Participant.stage, Institution.state, Participant.institution_id,
        Participant.registered_at,
    )  # fmt: skip
    found = select(*columns).join(Institution, Institution.id == Participant.institution_id)
    return [Person(*row) for row in session.execute(found.where(Participant.cycle_id == cycle_id))]


def dimensions(session: ReadSession, program_id: UUID) -> Sequence[Dimension]:
    mine = select(Dimension).where(Dimension.program_id == program_id)
    return session.scalars(mine.order_by(Dimension.position, Dimension.name)).all()


@dataclass(frozen=True)
class SealedAnswer:
    """An answer that its owner opted in to *report*."""

    id: UUID
    participant_id: UUID
    dimension_id: UUID
    sealed: bytes
    counted_at: datetime | None


def reported_answers(session: ReadSession, cycle_id: UUID) -> list[SealedAnswer]:
    columns = (
        DimensionAnswer.id, DimensionAnswer.participant_id, DimensionAnswer.dimension_id, DimensionAnswer.sealed,
        DimensionAnswer.counted_at,
    )  # fmt: skip
    mine = select(*columns).join(Participant, Participant.id == DimensionAnswer.participant_id)
    rows = session.execute(mine.where(Participant.cycle_id == cycle_id, DimensionAnswer.may_report))
    return [SealedAnswer(*row) for row in rows]


def count_from_now(session: WriteSession, answer_ids: Collection[UUID], now: datetime) -> None:
    if answer_ids:
        session.execute(update(DimensionAnswer).where(among(DimensionAnswer.id, answer_ids)).values(counted_at=now))


def add_report(session: WriteSession, run_id: UUID, program_id: UUID, report: Mapping[str, Any]) -> None:
    session.add(EquityReport(run_id=run_id, program_id=program_id, report=dict(report)))


def find_report(session: ReadSession, run_id: UUID) -> Mapping[str, Any] | None:
    return session.scalar(select(EquityReport.report).where(EquityReport.run_id == run_id))
