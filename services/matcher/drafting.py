"""A solved match as what a run leaves: the draft's rows, prices, certificate and report."""

import platform
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import version
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from services.matcher.alternatives import alternatives
from services.matcher.assignment.certificate import Certificate, certify, hash_inputs
from services.matcher.assignment.congestion import congestion_prices, number_institutions
from services.matcher.assignment.problem import Problem
from services.matcher.assignment.solution import Solution
from services.matcher.assignment.verify import verify
from services.matcher.draft_rows import Found, pair_rows, unmatched_rows
from services.matcher.explaining.changes import Outlook
from services.matcher.exploring import Explored
from services.matcher.ledger import RunLedger
from services.matcher.loading import Cycle
from services.matcher.orders import Order
from services.matcher.outcomes.keeping import scored_pairs
from services.matcher.scoring.national import NationalScores
from services.matcher.standings import standings_of
from services.matcher.worth import shadow_without_floor, worth_of_slots
from shared.contracts.run_report import Coverage, Exploration, MentorLoad, RunPhase, RunReport, ScoreBin, SlotWorth
from shared.models.base import Json

BINS = 20
LIBRARIES = ("numpy", "scipy", "ortools", "sentence-transformers", "scikit-learn")

# Checking without the solver takes a few passes over all pairs; a nation's draft is checked by `belay verify-run`.
MOST_PAIRS_CHECKED = 50_000_000


@dataclass(frozen=True)
class Solved:
    """A problem with its solution, and the scores that it was posed from."""

    scores: NationalScores
    problem: Problem
    optimum: Solution
    explored: Explored | None = None

    @property
    def solution(self) -> Solution:
        """The match that is proposed: the optimum, or one near it in a run that explores."""
        return self.explored.solution if self.explored else self.optimum


@dataclass(frozen=True)
class Draft:
    """What a run leaves: everything that is stored in its last transaction."""

    order: Order
    solved: Solved
    proof: Certificate
    checked: bool
    model: str
    pairs: list[Json]
    unmatched: list[Json]
    standings: list[Json]
    prices: dict[UUID, float]
    worth: list[SlotWorth]

    @property
    def cycle(self) -> Cycle:
        return self.order.cycle

    @property
    def cycle_id(self) -> UUID:
        return self.cycle.cycle_id

    @property
    def certificate(self) -> bytes:
        return self.proof.to_bytes()

    @property
    def interest_scale(self) -> bytes:
        return self.solved.scores.interest.scale.table.astype("<f8").tobytes()

    @cached_property
    def matched(self) -> NDArray[np.int64]:
        return np.flatnonzero(self.solved.solution.mentor >= 0)

    def report(self, ledger: RunLedger) -> Json:
        """The figures that the lead's pages show (see `shared.contracts.run_report`)."""
        solved, scores = self.solved.solution, self.solved.scores
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
            proven_to=solved.proven_to,
            score_histogram=_histogram(given),
            loads=self._loads(),
            cross_institution_share=self._cross_institution_share(),
            unmatched=dict(Counter(str(row["reasons"][0]["code"]) for row in self.unmatched)),
            seconds=ledger.finish_phases(),
            pairs_considered=scores.rows * scores.mentors,
            candidate_edges=solved.candidate_edges,
            mentees=len(self.cycle.mentees),
            mentors=len(self.cycle.mentors),
            model=self.model,
            versions=self._versions(),
            input_hash=self.proof.inputs,
            people_hash=hash_inputs(replace(self.solved.problem, pins=(), forbidden_owners=())),
            read_at=self.order.read_at,
            pinned=len(self.order.decisions.pins),
            forbidden=len(self.order.decisions.forbidden),
            checked=self.checked,
            worth=self.worth,
            exploration=self._exploration(),
        )
        return report.model_dump(mode="json")

    @cached_property
    def scored(self) -> list[Json]:
        """The pairs as they were scored, for learning."""
        propensity = self.solved.explored.propensity if self.solved.explored else None
        return scored_pairs(
            self.cycle, self.solved.scores, self.solved.solution, self.order.policy_version, propensity
        )

    def _exploration(self) -> Exploration | None:
        explored = self.solved.explored
        if explored is None or not len(self.matched):
            return None
        return Exploration(
            epsilon=self.order.policy.exploration.epsilon,
            draws=explored.draws,
            moved=explored.moved,
            lost=explored.solution.gap / len(self.matched),
            least_propensity=float(explored.propensity[self.matched].min()),
        )

    def _versions(self) -> dict[str, str]:
        model = self.order.policy.model
        weights = f"outcome model {model}" if model else "set by hand"
        own = {"policy": str(self.order.policy_version), "weights": weights}
        return {**own, "python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}

    def _loads(self) -> list[MentorLoad]:
        filled = np.bincount(self.solved.solution.mentor[self.matched], minlength=len(self.cycle.mentors))
        people = zip(self.cycle.mentors, filled, strict=True)
        return [MentorLoad(mentor_id=UUID(m.id), slots=m.max_mentees, filled=int(n)) for m, n in people]

    def _cross_institution_share(self) -> float:
        if not len(self.matched):
            return 0.0
        mentees = [self.cycle.mentees[self.solved.scores.owner[row]] for row in self.matched]
        mentors = [self.cycle.mentors[m] for m in self.solved.solution.mentor[self.matched]]
        return float(sum(a.institution != b.institution for a, b in zip(mentees, mentors, strict=True))) / len(mentees)


def _histogram(scores: NDArray[np.float64]) -> list[ScoreBin]:
    counts, edges = np.histogram(scores, bins=BINS, range=(0.0, 1.0))
    return [
        ScoreBin(lower=float(low), upper=float(high), count=int(n))
        for n, low, high in zip(counts, edges[:-1], edges[1:], strict=True)
    ]


def draft_of(ledger: RunLedger, order: Order, solved: Solved, model: str) -> Draft:
    """Certify, check and explain a solved match. Raises VerificationError where the check fails: a fault of ours."""
    scores, problem, solution = solved.scores, solved.problem, solved.solution
    ledger.note(RunPhase.CERTIFYING)
    proof = certify(problem, solved.optimum)
    checked = _check(problem, solved.optimum, proof)
    ledger.note(RunPhase.EXPLAINING)
    shadow = shadow_without_floor(problem, solution)
    others = alternatives(problem, solution)
    found = Found(order.cycle, scores, solution, others, _outlook(problem, solution, shadow.coverage > 0, others))
    pairs = pair_rows(found)
    ledger.note(RunPhase.EXPLAINING, 0.4)
    unmatched = unmatched_rows(found)
    ledger.note(RunPhase.EXPLAINING, 0.6)
    standings = standings_of(order.cycle, problem, solution)
    ledger.note(RunPhase.EXPLAINING, 0.8)
    prices = _prices(order.cycle, problem, solution)
    worth = worth_of_slots(order.cycle.mentors, shadow)
    return Draft(order, solved, proof, checked, model, pairs, unmatched, standings, prices, worth)


def _check(problem: Problem, solution: Solution, proof: Certificate) -> bool:
    if problem.rows * problem.mentors > MOST_PAIRS_CHECKED:
        return False
    verify(problem, solution.mentor, proof).require()
    return True


def _outlook(
    problem: Problem, solution: Solution, wanted: NDArray[np.bool_],
    others: dict[int, list[tuple[int, float, float]]],
) -> Outlook:  # fmt: skip
    rows, mentors = np.divmod(solution.candidates, max(problem.mentors, 1))
    closest = {row: told[0][2] for row, told in others.items()}
    return Outlook(wanted, rows, mentors, closest)


def _prices(cycle: Cycle, problem: Problem, solution: Solution) -> dict[UUID, float]:
    """Congestion price of each mentor with a slot, in score units: suggestions reckon with it until the next run.

    Whoever has no slot is asked for by nobody and so has no price; theirs would be 0, which is none (`fair_prices`).
    """
    places = number_institutions([m.institution for m in cycle.mentors])
    prices = congestion_prices(problem, solution.rules.load_weight, institution=places)
    return {UUID(m.id): float(price) for m, price in zip(cycle.mentors, prices, strict=True) if m.max_mentees}
