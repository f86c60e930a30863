"""A solved match as the rows of a draft: pairs with explanations, open slots with reasons, prices, report."""

import platform
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from services.matcher.assignment.certificate import Certificate, certify
from services.matcher.assignment.congestion import congestion_prices
from services.matcher.assignment.problem import Problem
from services.matcher.assignment.solution import Solution
from services.matcher.explaining.explain import explain_pairs
from services.matcher.explaining.open_slots import why_open
from services.matcher.ledger import RunLedger
from services.matcher.loading import Cycle
from services.matcher.scoring.national import NationalScores
from services.matcher.standings import standings_of
from shared.contracts.run_report import Coverage, MentorLoad, RunPhase, RunReport, ScoreBin
from shared.models.base import Json

BINS = 20
LIBRARIES = ("numpy", "scipy", "ortools", "sentence-transformers", "scikit-learn")


@dataclass(frozen=True)
class Draft:
    """What a run leaves: everything that is stored in its last transaction."""

    cycle: Cycle
    scores: NationalScores
    solution: Solution
    proof: Certificate
    model: str
    pairs: list[Json]
    unmatched: list[Json]
    standings: list[Json]
    prices: dict[UUID, float]

    @property
    def cycle_id(self) -> UUID:
        return self.cycle.cycle_id

    @property
    def certificate(self) -> bytes:
        return self.proof.to_bytes()

    @cached_property
    def matched(self) -> NDArray[np.int64]:
        return np.flatnonzero(self.solution.mentor >= 0)

    def report(self, ledger: RunLedger) -> Json:
        """The figures that the lead's pages show (see `shared.contracts.run_report`)."""
        solved = self.solution
        given = np.array([pair["score"] for pair in self.pairs])
        report = RunReport(
            coverage=Coverage(slots_wanted=solved.slots_wanted, slots_filled=solved.slots_filled, rate=solved.coverage),
            floor=solved.floor,
            mean_score=float(given.mean()) if len(given) else None,
            total_score=solved.total,
            load_cost=solved.load_cost,
            objective=solved.objective,
            dual_bound=solved.dual_bound,
            gap=solved.gap,
            score_histogram=_histogram(given),
            loads=self._loads(),
            cross_institution_share=self._cross_institution_share(),
            unmatched=dict(Counter(str(row["reasons"][0]["code"]) for row in self.unmatched)),
            seconds=ledger.finish_phases(),
            pairs_considered=self.scores.rows * self.scores.mentors,
            candidate_edges=solved.candidate_edges,
            mentees=len(self.cycle.mentees),
            mentors=len(self.cycle.mentors),
            model=self.model,
            versions={"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}},
            input_hash=self.proof.inputs,
        )
        return report.model_dump(mode="json")

    def _loads(self) -> list[MentorLoad]:
        filled = np.bincount(self.solution.mentor[self.matched], minlength=len(self.cycle.mentors))
        people = zip(self.cycle.mentors, filled, strict=True)
        return [MentorLoad(mentor_id=UUID(m.id), slots=m.max_mentees, filled=int(n)) for m, n in people]

    def _cross_institution_share(self) -> float:
        if not len(self.matched):
            return 0.0
        mentees = [self.cycle.mentees[self.scores.owner[row]] for row in self.matched]
        mentors = [self.cycle.mentors[m] for m in self.solution.mentor[self.matched]]
        return float(sum(a.institution != b.institution for a, b in zip(mentees, mentors, strict=True))) / len(mentees)


def _histogram(scores: NDArray[np.float64]) -> list[ScoreBin]:
    counts, edges = np.histogram(scores, bins=BINS, range=(0.0, 1.0))
    return [
        ScoreBin(lower=float(low), upper=float(high), count=int(n))
        for n, low, high in zip(counts, edges[:-1], edges[1:], strict=True)
    ]


def draft_of(  # noqa: PLR0913, PLR0917 — the parts of a run, each needed once
    ledger: RunLedger, cycle: Cycle, scores: NationalScores, problem: Problem, solution: Solution, model: str
) -> Draft:
    """Certify and explain a solved match."""
    ledger.note(RunPhase.CERTIFYING)
    proof = certify(problem, solution)
    ledger.note(RunPhase.EXPLAINING)
    pairs = _pairs(cycle, scores, solution)
    ledger.note(RunPhase.EXPLAINING, 0.4)
    unmatched = _unmatched(cycle, scores, solution)
    ledger.note(RunPhase.EXPLAINING, 0.6)
    standings = standings_of(cycle, problem, solution)
    ledger.note(RunPhase.EXPLAINING, 0.8)
    prices = _prices(cycle, problem, solution)
    return Draft(cycle, scores, solution, proof, model, pairs, unmatched, standings, prices)


def _prices(cycle: Cycle, problem: Problem, solution: Solution) -> dict[UUID, float]:
    """Congestion price of each mentor in score units: suggestions reckon with it until the next run."""
    prices = congestion_prices(problem, solution.rules.load_weight)
    return {UUID(m.id): float(price) for m, price in zip(cycle.mentors, prices, strict=True)}


def _pairs(cycle: Cycle, scores: NationalScores, solution: Solution) -> list[Json]:
    rows = np.flatnonzero(solution.mentor >= 0)
    mentors = solution.mentor[rows].astype(np.int64)
    kinds = scores.given_kinds(rows, mentors)
    return [
        {
            "mentee_id": UUID(cycle.mentees[scores.owner[row]].id),
            "mentor_id": UUID(cycle.mentors[mentor].id),
            "kind": kind,
            "score": explanation.score,
            "explanation": explanation.model_dump(mode="json"),
        }
        for row, mentor, kind, explanation in zip(
            rows, mentors, kinds, explain_pairs(scores, rows, mentors), strict=True
        )
    ]


def _unmatched(cycle: Cycle, scores: NationalScores, solution: Solution) -> list[Json]:
    taken = np.bincount(solution.mentor[solution.mentor >= 0], minlength=len(cycle.mentors))
    free = np.array([m.max_mentees for m in cycle.mentors], np.int64) - taken
    firsts = np.searchsorted(scores.owner, scores.owner)
    return [
        {
            "mentee_id": UUID(cycle.mentees[scores.owner[row]].id),
            "slot": int(row - firsts[row]),
            "kind": scores.kinds[row],
            "reasons": [reason.model_dump(mode="json") for reason in why_open(scores, int(row), free)],
        }
        for row in np.flatnonzero(solution.mentor < 0)
    ]
