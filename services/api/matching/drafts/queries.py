"""Reads of a draft, a page at a time: its pairs and the wishes it leaves open."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_, union
from sqlalchemy.orm import aliased

from shared.db.engine import ReadSession
from shared.models.accounts import Account
from shared.models.enrollment import Participant
from shared.models.matching import DraftPair, DraftUnmatched
from shared.models.programs import Institution

Pair = tuple[UUID, UUID]
PAGE_SIZE = 50
SORTS = ("best", "weakest", "mentee", "mentor")


@dataclass(frozen=True)
class PairFilter:
    """What a lead looks for in a draft: a name, a kind, pairs across institutions or within one."""

    name: str = ""
    kind: str = ""
    site: str = ""  # "" | same | other
    sort: str = "best"
    page: int = 1

    @property
    def is_plain(self) -> bool:
        return not (self.name or self.kind or self.site)


@dataclass(frozen=True)
class PairLine:
    """A pair of a draft as the lead's table shows it."""

    mentee_id: UUID
    mentor_id: UUID
    mentee: str
    mentee_site: str
    mentor: str
    mentor_site: str
    kind: str
    score: float

    @property
    def is_cross_institution(self) -> bool:
        return self.mentee_site != self.mentor_site


_MENTEE, _MENTOR = aliased(Participant), aliased(Participant)
_MENTEE_ACCOUNT, _MENTOR_ACCOUNT = aliased(Account), aliased(Account)
_MENTEE_SITE, _MENTOR_SITE = aliased(Institution), aliased(Institution)


def pair_lines(session: ReadSession, run_id: UUID, wanted: PairFilter) -> list[PairLine]:
    """One page of a draft's pairs. The page is found before its people are looked up: a draft may be a nation's."""
    page = _sorted(_keys(run_id, wanted), wanted.sort).limit(PAGE_SIZE).offset((wanted.page - 1) * PAGE_SIZE)
    columns = (
        DraftPair.mentee_id, DraftPair.mentor_id, _MENTEE_ACCOUNT.name, _MENTEE_SITE.name, _MENTOR_ACCOUNT.name,
        _MENTOR_SITE.name, DraftPair.kind, DraftPair.score,
    )  # fmt: skip
    lines = _with_people(select(*columns)).where(
        DraftPair.run_id == run_id, tuple_(DraftPair.mentee_id, DraftPair.mentor_id).in_(page)
    )
    return [PairLine(*row) for row in session.execute(lines.order_by(*_order(wanted.sort)))]


def count_pairs(session: ReadSession, run_id: UUID, wanted: PairFilter) -> int:
    return session.scalar(select(func.count()).select_from(_keys(run_id, wanted).subquery())) or 0


def _with_people(statement: Any) -> Any:
    return (
        statement.join(_MENTEE, _MENTEE.id == DraftPair.mentee_id)
        .join(_MENTOR, _MENTOR.id == DraftPair.mentor_id)
        .join(_MENTEE_ACCOUNT, _MENTEE_ACCOUNT.id == _MENTEE.account_id)
        .join(_MENTOR_ACCOUNT, _MENTOR_ACCOUNT.id == _MENTOR.account_id)
        .join(_MENTEE_SITE, _MENTEE_SITE.id == _MENTEE.institution_id)
        .join(_MENTOR_SITE, _MENTOR_SITE.id == _MENTOR.institution_id)
    )


def _keys(run_id: UUID, wanted: PairFilter) -> Any:
    """The pairs that fit the filter, looking only where it asks for."""
    keys = select(DraftPair.mentee_id, DraftPair.mentor_id).where(DraftPair.run_id == run_id)
    if wanted.kind:
        keys = keys.where(DraftPair.kind == wanted.kind)
    if wanted.name:
        keys = keys.where(tuple_(DraftPair.mentee_id, DraftPair.mentor_id).in_(_of_people_named(run_id, wanted.name)))
    if wanted.site:
        mentee, mentor = aliased(Participant), aliased(Participant)
        same = mentee.institution_id == mentor.institution_id
        keys = keys.join(mentee, mentee.id == DraftPair.mentee_id).join(mentor, mentor.id == DraftPair.mentor_id)
        keys = keys.where(same if wanted.site == "same" else ~same)
    return keys


def _of_people_named(run_id: UUID, part: str) -> Any:
    """The pairs of people whose name contains this; the people are found once, their pairs by index."""
    found = select(Participant.id).join(Account, Account.id == Participant.account_id)
    named = found.where(Account.name.icontains(part, autoescape=True)).cte("named").prefix_with("MATERIALIZED")
    pairs = select(DraftPair.mentee_id, DraftPair.mentor_id).where(DraftPair.run_id == run_id)
    sides = (DraftPair.mentee_id, DraftPair.mentor_id)
    return union(*(pairs.where(side.in_(select(named))) for side in sides))


def _sorted(keys: Any, sort: str) -> Any:
    if sort == "mentee":
        keys = keys.join(_MENTEE, _MENTEE.id == DraftPair.mentee_id)
        keys = keys.join(_MENTEE_ACCOUNT, _MENTEE_ACCOUNT.id == _MENTEE.account_id)
    if sort == "mentor":
        keys = keys.join(_MENTOR, _MENTOR.id == DraftPair.mentor_id)
        keys = keys.join(_MENTOR_ACCOUNT, _MENTOR_ACCOUNT.id == _MENTOR.account_id)
    return keys.order_by(*_order(sort))


def _order(sort: str) -> tuple[Any, ...]:
    last = (DraftPair.mentee_id, DraftPair.mentor_id)
    first = {
        "best": DraftPair.score.desc(),
        "weakest": DraftPair.score.asc(),
        "mentee": _MENTEE_ACCOUNT.name,
        "mentor": _MENTOR_ACCOUNT.name,
    }
    return (first[sort], *last)


def find_pair(session: ReadSession, run_id: UUID, pair: Pair) -> DraftPair | None:
    return session.get(DraftPair, (run_id, *pair))


@dataclass(frozen=True)
class UnmatchedLine:
    """An open wish of a draft and why it stays open."""

    mentee_id: UUID
    slot: int
    mentee: str
    site: str
    stage: str
    kind: str
    reasons: list[Any]


def unmatched_lines(session: ReadSession, run_id: UUID, page: int, reason: str = "") -> list[UnmatchedLine]:
    """One page of open wishes, those of one first reason if it is named."""
    lines = (
        select(
            DraftUnmatched.mentee_id, DraftUnmatched.slot, Account.name, Institution.name, Participant.stage,
            DraftUnmatched.kind, DraftUnmatched.reasons,
        )
        .join(Participant, Participant.id == DraftUnmatched.mentee_id)
        .join(Account, Account.id == Participant.account_id)
        .join(Institution, Institution.id == Participant.institution_id)
        .where(*_unmatched_conditions(run_id, reason))
        .order_by(DraftUnmatched.mentee_id, DraftUnmatched.slot)
    )
    rows = session.execute(lines.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    return [UnmatchedLine(*row) for row in rows]


def count_unmatched(session: ReadSession, run_id: UUID, reason: str = "") -> int:
    counted = select(func.count()).select_from(DraftUnmatched)
    return session.scalar(counted.where(*_unmatched_conditions(run_id, reason))) or 0


def _unmatched_conditions(run_id: UUID, reason: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [DraftUnmatched.run_id == run_id]
    if reason:
        conditions.append(DraftUnmatched.reasons[0]["code"].astext == reason)
    return conditions
