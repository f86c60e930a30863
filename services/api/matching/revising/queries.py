"""Reads and writes of the lead's decisions about pairs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import aliased

from shared.db.engine import ReadSession, WriteSession
from shared.models.accounts import Account
from shared.models.enrollment import Participant
from shared.models.matching import DraftUnmatched, MatchRun, PairRule, RunRule
from shared.models.programs import Institution

Pair = tuple[UUID, UUID]
Rules = dict[Pair, PairRule]


@dataclass(frozen=True)
class RuleLine:
    """A decision with the names of its two people."""

    mentee_id: UUID
    mentor_id: UUID
    rule: str
    mentee: str
    mentor: str


def rules_of(session: ReadSession, run_id: UUID) -> Rules:
    """The decisions that a run keeps to."""
    rows = session.scalars(select(RunRule).where(RunRule.run_id == run_id))
    return {(row.mentee_id, row.mentor_id): PairRule(row.rule) for row in rows}


def add_rules(session: WriteSession, run: MatchRun, rules: Mapping[Pair, PairRule]) -> None:
    rows = [
        {"run_id": run.id, "mentee_id": mentee, "mentor_id": mentor, "program_id": run.program_id, "rule": rule}
        for (mentee, mentor), rule in rules.items()
    ]
    if rows:
        session.execute(insert(RunRule), rows)


def rule_lines(session: ReadSession, run_id: UUID) -> list[RuleLine]:
    """A run's decisions with names, pins first."""
    mentee, mentor = aliased(Participant), aliased(Participant)
    one, other = aliased(Account), aliased(Account)
    rows = session.execute(
        select(RunRule.mentee_id, RunRule.mentor_id, RunRule.rule, one.name, other.name)
        .join(mentee, mentee.id == RunRule.mentee_id)
        .join(one, one.id == mentee.account_id)
        .join(mentor, mentor.id == RunRule.mentor_id)
        .join(other, other.id == mentor.account_id)
        .where(RunRule.run_id == run_id)
        .order_by(RunRule.rule.desc(), one.name, other.name)
    )
    return [RuleLine(*row) for row in rows]


def roles_in_cycle(session: ReadSession, cycle_id: UUID, people: list[UUID]) -> dict[UUID, str]:
    """The role of each of these people who takes part in the cycle."""
    rows = session.execute(
        select(Participant.id, Participant.role).where(
            Participant.id.in_(people), Participant.cycle_id == cycle_id, Participant.state == "active"
        )
    )
    return {row.id: row.role for row in rows}


def mentors_named(session: ReadSession, cycle_id: UUID, name: str, limit: int) -> list[Any]:
    """Mentors of a cycle whose name holds this text: (id, name, site)."""
    found = (
        select(Participant.id, Account.name, Institution.name.label("site"))
        .join(Account, Account.id == Participant.account_id)
        .join(Institution, Institution.id == Participant.institution_id)
        .where(
            Participant.cycle_id == cycle_id, Participant.role == "mentor", Participant.state == "active",
            Account.name.icontains(name, autoescape=True),
        )
        .order_by(Account.name, Participant.id)
    )  # fmt: skip
    return list(session.execute(found.limit(limit)))


def open_place(session: ReadSession, run_id: UUID, mentee_id: UUID, slot: int) -> DraftUnmatched | None:
    return session.get(DraftUnmatched, (run_id, mentee_id, slot))


def newcomers_since(session: ReadSession, run: MatchRun) -> tuple[int, int]:
    """How many mentees and mentors registered after a run was published."""
    late = select(func.count()).where(
        Participant.cycle_id == run.cycle_id, Participant.state == "active",
        Participant.registered_at > run.published_at,
    )  # fmt: skip
    mentees, mentors = (session.scalar(late.where(Participant.role == role)) or 0 for role in ("mentee", "mentor"))
    return mentees, mentors
