"""Drafts, suggestions and explanations, as the matcher leaves them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete
from sqlalchemy.orm import Session

from services.api.matching.equity.measuring import Grouping, Mentee, Mentor, Run, measure
from shared.contracts.run_report import Coverage, MentorLoad, RunPhase, RunReport, ScoreBin, SlotWorth
from shared.contracts.what_if import MatchFigures, WhatIfAnswer
from shared.explanations.features import Feature
from shared.explanations.reasons import Contribution, Explanation, Reason, ReasonCode
from shared.models.base import Json
from shared.models.enrollment import Participant
from shared.models.equity import EquityReport
from shared.models.matching import (
    DraftPair,
    DraftUnmatched,
    MatchRun,
    RunPurpose,
    RunResult,
    RunRule,
    RunState,
    Suggestion,
    SuggestionList,
)
from shared.models.programs import Cycle, Policy

POINTS = {Feature.INTEREST: 0.4, Feature.SPECIALTY: 0.25, Feature.SHARED_EXPERIENCE: 0.1, Feature.TIME: 0.05}


def explanation() -> Json:
    """A pair that shares one experience; the points add up to 0.8."""
    told = Explanation(
        score=sum(POINTS.values()),
        contributions=tuple(Contribution(feature=f, value=0.5, weight=2 * p, points=p) for f, p in POINTS.items()),
        reasons=(
            Reason.of(ReasonCode.INTEREST_CLOSE, percent=93),
            Reason.of(ReasonCode.SPECIALTY_SAME, specialty="emergency_medicine"),
            Reason.of(ReasonCode.SHARED_EXPERIENCE, number=1),
            Reason.of(ReasonCode.TIME_COMMON, number=2),
        ),
        changes=(
            Reason.of(ReasonCode.MORE_HOURS, part="weekday_evenings", number=5),
            Reason.of(ReasonCode.MORE_PLACES),
            Reason.of(ReasonCode.CLOSEST, points="0.012"),
        ),
    )
    return told.model_dump(mode="json")


def make_draft(session: Session, run: MatchRun, pairs: list[tuple[Participant, Participant]]) -> None:
    """What the matcher writes at the end of a run; the caller moves the run to `draft`."""
    for mentee, mentor in pairs:
        session.add(
            DraftPair(run_id=run.id, mentee_id=mentee.id, mentor_id=mentor.id, kind="any", score=0.8,
                      explanation=explanation())
        )  # fmt: skip
    session.add(
        RunResult(
            run_id=run.id, phase=RunPhase.DONE, progress=1.0, finished_at=datetime.now(UTC),
            report=report(pairs).model_dump(mode="json"), certificate=b"proof",
        )
    )  # fmt: skip
    session.flush()


def make_unmatched(session: Session, run: MatchRun, mentee: Participant) -> None:
    reasons: list[Any] = [{"code": "all_full", "parameters": {"number": 3}}]
    others = [
        {"mentor_id": str(load["mentor_id"]), "score": 0.71, "costs": 0.042}
        for load in (session.get_one(RunResult, run.id).report or {})["loads"]
    ]
    session.add(
        DraftUnmatched(
            run_id=run.id, mentee_id=mentee.id, slot=0, kind="any", reasons=reasons, alternatives=others
        )
    )
    session.flush()


def make_equity_report(session: Session, run: MatchRun) -> None:
    """Forty mentees and thirty mentors, half of each with the same answer to a long-named dimension."""
    mentees = [Mentee(uuid4(), int(n % 4 > 0), 0.5 + n / 100 if n % 4 else None, 0.5 if n % 4 else None,
                      n % 3 == 0, n % 8 == 0) for n in range(40)]  # fmt: skip
    mentors = [Mentor(uuid4(), 2, n % 3) for n in range(30)]
    halves = [frozenset(one.id for one in side[::2]) for side in (mentees, mentors)]
    name = "Experience of growing up far from any teaching hospital"
    named = Grouping("far", name, True, {"More than 200 miles": halves[0]}, {"More than 200 miles": halves[1]})
    silent = Grouping("other", "Another dimension", True, {}, {})
    plain = Grouping("region", "Region", False, {"Midwest": halves[0]}, {"Midwest": halves[1]})
    people = Run({one.id: one for one in mentees}, {one.id: one for one in mentors})
    report = measure(people, [named, silent, plain]).model_dump(mode="json")
    session.add(EquityReport(run_id=run.id, program_id=run.program_id, report=report))
    session.flush()


def make_rule(session: Session, run: MatchRun, mentee: Participant, mentor: Participant, rule: str) -> None:
    session.add(
        RunRule(run_id=run.id, mentee_id=mentee.id, mentor_id=mentor.id, program_id=run.program_id, rule=rule)
    )
    session.flush()


def make_answered_question(session: Session, cycle: Cycle, policy: Policy) -> MatchRun:
    """Three more mentors, and what that would do."""
    run = MatchRun(
        program_id=cycle.program_id, cycle_id=cycle.id, policy_id=policy.id, purpose=RunPurpose.WHAT_IF,
        state=RunState.ANSWERED, asked={"mentors": 3, "specialty": "emergency_medicine"},
    )  # fmt: skip
    session.add(run)
    session.flush()
    session.add(RunResult(run_id=run.id, phase=RunPhase.DONE, progress=1.0, report=answer().model_dump(mode="json")))
    session.flush()
    return run


def answer() -> WhatIfAnswer:
    before = MatchFigures(
        coverage=Coverage(slots_wanted=10, slots_filled=6, rate=0.6), floor=0.4, total_score=4.0, load_cost=0.1, gap=0
    )
    after = before.model_copy(
        update={"coverage": Coverage(slots_wanted=10, slots_filled=9, rate=0.9), "total_score": 5.5}
    )
    served = {"emergency_medicine": 2, "cardiology": 1}
    return WhatIfAnswer(before=before, after=after, moved=2, newly_served=served, seconds=1.5)


def make_suggestions(
    session: Session, mentee: Participant, mentors: list[Participant], kinds: Sequence[str] = ()
) -> None:
    session.add(SuggestionList(mentee_id=mentee.id, eligible=len(mentors)))
    for rank, (mentor, kind) in enumerate(zip(mentors, kinds or ["any"] * len(mentors), strict=True), 1):
        session.add(
            Suggestion(mentee_id=mentee.id, rank=rank, mentor_id=mentor.id, kind=kind, score=0.8,
                       explanation=explanation())
        )  # fmt: skip
    session.flush()


def forget_suggestions(session: Session, mentee: Participant) -> None:
    session.execute(delete(Suggestion).where(Suggestion.mentee_id == mentee.id))
    session.execute(delete(SuggestionList).where(SuggestionList.mentee_id == mentee.id))


def report(pairs: list[tuple[Participant, Participant]]) -> RunReport:
    filled = len(pairs)
    return RunReport(
        coverage=Coverage(slots_wanted=filled + 1, slots_filled=filled, rate=filled / (filled + 1)),
        floor=0.8 if pairs else None,
        mean_score=0.8 if pairs else None,
        total_score=0.8 * filled,
        gap=0.0,
        score_histogram=[ScoreBin(lower=n / 20, upper=(n + 1) / 20, count=filled * (n == 16)) for n in range(20)],
        loads=[MentorLoad(mentor_id=mentor, slots=2, filled=1) for mentor in _mentors(pairs)],
        cross_institution_share=0.0,
        unmatched={"all_full": 1},
        seconds={RunPhase.SCORING: 0.5},
        pairs_considered=12,
        mentees=filled + 1,
        mentors=len(_mentors(pairs)),
        model="all-MiniLM-L6-v2",
        versions={"python": "3.11"},
        input_hash="0" * 64,
        people_hash="1" * 64,
        checked=True,
        worth=[
            SlotWorth(grouping="specialty", group="emergency_medicine", mentors=3, coverage=1.0, total=0.71),
            SlotWorth(grouping="specialty", group="cardiology", mentors=2, coverage=0.5, total=0.3),
            SlotWorth(grouping="state", group="MN", mentors=5, coverage=0.8, total=0.55),
            SlotWorth(grouping="stage", group="faculty", mentors=5, coverage=0.8, total=0.55),
        ],
    )


def _mentors(pairs: list[tuple[Participant, Participant]]) -> set[UUID]:
    return {mentor.id for _mentee, mentor in pairs}
