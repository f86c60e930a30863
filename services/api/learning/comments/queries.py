"""Reads of survey comments, and the one write: that they come before the program's leads."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, distinct, func, select, tuple_, update
from sqlalchemy.orm import aliased

from shared.db.engine import ReadSession, WriteSession
from shared.models.accounts import Account, StaffRole
from shared.models.enrollment import Participant
from shared.models.mentorships import Mentorship, SurveyResponse
from shared.vocabulary.mentoring import Role

PAGE_SIZE = 20

_MENTEE, _MENTOR = aliased(Participant), aliased(Participant)
_MENTEE_ACCOUNT, _MENTOR_ACCOUNT = aliased(Account), aliased(Account)


@dataclass(frozen=True)
class RawComment:
    """A comment as it was written, with the names of the pair that must not be read in it."""

    text: str
    told_at: datetime
    names: tuple[str, str]


def _of_pairs(*columns: Any) -> Select[Any]:
    """Surveys with the two people of their pair."""
    return (
        select(*columns)
        .select_from(SurveyResponse)
        .join(Mentorship, Mentorship.id == SurveyResponse.mentorship_id)
        .join(_MENTEE, _MENTEE.id == Mentorship.mentee_id)
        .join(_MENTOR, _MENTOR.id == Mentorship.mentor_id)
    )


def tell_comments(session: WriteSession, least: int, now: datetime) -> int:
    """Let leads read the comments of a program's mentees, or mentors, that wait, if so many people wrote them.

    Comments of a pair that somebody who leads the program belongs to are never told. How many are told now.
    """
    writer = case((SurveyResponse.side == Role.MENTEE, _MENTEE.account_id), else_=_MENTOR.account_id)
    leading = select(StaffRole.id).where(
        StaffRole.role == "lead",
        StaffRole.program_id == SurveyResponse.program_id,
        StaffRole.account_id.in_((_MENTEE.account_id, _MENTOR.account_id)),
    )
    waiting = (
        _of_pairs(SurveyResponse.id, SurveyResponse.program_id, SurveyResponse.side, writer.label("writer"))
        .where(SurveyResponse.comment != "", SurveyResponse.told_at.is_(None), ~leading.exists())
        .cte("waiting")
    )
    enough = (
        select(waiting.c.program_id, waiting.c.side)
        .group_by(waiting.c.program_id, waiting.c.side)
        .having(func.count(distinct(waiting.c.writer)) >= least)
    )
    due = select(waiting.c.id).where(tuple_(waiting.c.program_id, waiting.c.side).in_(enough))
    told = update(SurveyResponse).where(SurveyResponse.id.in_(due)).values(told_at=now)
    return len(session.scalars(told.returning(SurveyResponse.id)).all())


def _readable(program_id: UUID, reader: UUID | None, side: Role) -> ColumnElement[bool]:
    """Nobody reads what their own partner wrote, or what they wrote themselves."""
    theirs = (_MENTEE.account_id == reader) | (_MENTOR.account_id == reader)
    told = SurveyResponse.told_at.is_not(None) & (SurveyResponse.side == side)
    return (SurveyResponse.program_id == program_id) & told & ~theirs


def count_comments(session: ReadSession, program_id: UUID, reader: UUID | None, side: Role) -> int:
    return session.scalar(_of_pairs(func.count()).where(_readable(program_id, reader, side))) or 0


def comments(session: ReadSession, program_id: UUID, reader: UUID | None, side: Role, page: int) -> list[RawComment]:
    """A page of comments: what was told last comes first, and what was told together in an order that means nothing."""
    columns = (SurveyResponse.comment, SurveyResponse.told_at, _MENTEE_ACCOUNT.name, _MENTOR_ACCOUNT.name)
    rows = session.execute(
        _of_pairs(*columns)
        .join(_MENTEE_ACCOUNT, _MENTEE_ACCOUNT.id == _MENTEE.account_id)
        .join(_MENTOR_ACCOUNT, _MENTOR_ACCOUNT.id == _MENTOR.account_id)
        .where(_readable(program_id, reader, side))
        .order_by(SurveyResponse.told_at.desc(), SurveyResponse.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return [RawComment(text, told_at, (mentee, mentor)) for text, told_at, mentee, mentor in rows]
