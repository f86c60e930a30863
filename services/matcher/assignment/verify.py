"""Check a matching against its certificate, with no solver: counting, comparing and one look at every pair.

Weak duality does the work. If worth[i] + price[j] >= weight[i, j] on every pair, the prices' value
bounds every matching; a matching worth exactly that is optimal. Coverage and the floor are bounded
the same way, with weights that only count (docs/matching.md gives the proof).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from services.matcher.assignment.certificate import Certificate, hash_inputs
from services.matcher.assignment.columns import Effort, beat_prices, dual_value
from services.matcher.assignment.instance import NEVER, Instance
from services.matcher.assignment.pricing import Scan
from services.matcher.assignment.problem import Int32, Problem
from services.matcher.assignment.solution import Proof
from services.matcher.assignment.solve import Figures, measure, solve

KEPT = 8


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked: what, whether it holds, and what was seen."""

    name: str
    passed: bool
    detail: str


class VerificationError(ValueError):
    """The matching is not what the certificate proves."""


@dataclass(frozen=True, slots=True)
class Verification:
    """All checks made, in order; later ones are left out where earlier ones make them meaningless."""

    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        return all(check.passed for check in self.checks)

    @property
    def failures(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if not check.passed)

    def require(self) -> None:
        """Raise VerificationError naming every check that failed."""
        if not self.passed:
            raise VerificationError("; ".join(f"{c.name}: {c.detail}" for c in self.failures))


def verify(
    problem: Problem, matches: Int32, certificate: Certificate,
    progress: Callable[[str, float], None] | None = None,
) -> Verification:  # fmt: skip
    """Whether `matches` (mentor per row, -1 unmatched) is the certified optimum of the problem.

    Every pair is priced again from the problem's own scores; nothing in the certificate is trusted.
    """
    effort = Effort(progress or (lambda _phase, _done: None))
    made: list[Check] = []
    for check in _checks(problem, np.asarray(matches), certificate, effort):
        made.append(check)
        if not check.passed and check.name in ("shape", "range", "certificate"):
            break
    return Verification(tuple(made))


def _checks(problem: Problem, matches: Int32, certificate: Certificate, effort: Effort) -> Iterator[Check]:
    yield Check("shape", matches.shape == (problem.rows,), f"{matches.shape} matches for {problem.rows} rows")
    known = bool(((matches >= -1) & (matches < problem.mentors)).all())
    yield Check("range", known, "every match names a mentor of the problem" if known else "unknown mentor")
    yield _fits(problem, certificate)
    instance = Instance(problem, certificate.rules)
    yield Check("inputs", hash_inputs(problem) == certificate.inputs, "hash of what went in")
    same = np.array_equal(matches, certificate.mentor)
    moved = 0 if same else int((matches != certificate.mentor).sum())
    yield Check("matching", same, f"{moved} rows differ from the certified matching")
    yield from _hard_rules(instance, matches)
    free = np.where(instance.active, matches, -1).astype(np.int32)
    figures = measure(instance, free)
    same = np.array_equal(figures.score, certificate.score)
    yield Check("scores", same, "scores of the matches, computed again")
    yield from _steps(instance, certificate, figures, effort)


def _fits(problem: Problem, certificate: Certificate) -> Check:
    """Arrays as long as the problem, so that the other checks can be made at all."""
    tiers = int(problem.tier.max(initial=0)) + 1
    proofs = [p for p in (certificate.total, certificate.coverage, certificate.floor) if p is not None]
    fits = certificate.mentor.shape == certificate.score.shape == (problem.rows,)
    for proof in proofs:
        prices = proof.prices
        fits &= prices.price.shape == (problem.mentors,) and prices.worth.shape == (problem.rows,)
        fits &= prices.gate_key.shape == prices.gate_worth.shape and len(proof.objective.tier_bonus) == tiers
        fits &= bool((np.diff(prices.gate_key) > 0).all())
    return Check("certificate", bool(fits), "its arrays are as long as the problem")


def _hard_rules(instance: Instance, matches: Int32) -> Iterator[Check]:
    problem = instance.problem
    rows = np.flatnonzero(matches >= 0)
    mentors = matches[rows].astype(np.int64)
    load = np.bincount(mentors, minlength=instance.mentors)
    over = int((load > problem.capacity).sum())
    yield Check("capacity", over == 0, f"{over} mentors have more matches than slots")
    keys = problem.owner[rows].astype(np.int64) * instance.mentors + mentors
    repeated = len(keys) - len(np.unique(keys))
    yield Check("distinct mentors", repeated == 0, f"{repeated} mentees have the same mentor twice")
    lost = int((matches[instance.pin_rows] != instance.pin_mentors).sum())
    yield Check("pins", lost == 0, f"{lost} of {len(instance.pin_rows)} pins not kept")
    free = instance.active[rows]
    closed = int((instance.points(rows[free], mentors[free]) == NEVER).sum())
    yield Check("hard rules", closed == 0, f"{closed} pairs are forbidden or not eligible")


def _steps(
    instance: Instance, certificate: Certificate, figures: Figures, effort: Effort
) -> Iterator[Check]:
    rules, total = certificate.rules, certificate.total
    threshold = total.objective.threshold
    if rules.coverage == "first":
        yield from _coverage(instance, certificate.coverage, figures, effort)
        yield from _floor(instance, certificate, figures, effort)
        bonuses = (*total.objective.tier_bonus, 0)
        honest = all(bonus >= later for bonus, later in pairwise(bonuses))
        honest &= total.objective.minimum_bonus >= 0
    else:
        honest = not any(total.objective.tier_bonus) and total.objective.minimum_bonus == 0
    if not rules.maximizes_floor:
        honest &= threshold <= int(NEVER) + 1
    yield Check("objective", honest and total.objective.scored, "the proof is of this policy's objective")
    if rules.is_leximin:
        yield from _leximin(instance, total, figures, effort)
    else:
        yield from _optimal("total", instance, total, figures, effort)


def _leximin(instance: Instance, total: Proof, figures: Figures, effort: Effort) -> Iterator[Check]:
    """Beyond the floor there are no prices: the scores are compared with those that the solver finds again."""
    yield from _feasible("total", instance, total, effort)
    primal, bound = figures.value(instance, total.objective), dual_value(instance, total.objective, total.prices)
    yield Check("total is bounded", primal <= bound == total.bound, f"worth {primal}, at most {bound} (half points)")
    again = solve(instance.problem, instance.rules)
    made = (instance.active & (matches >= 0) for matches in (figures.mentor, again.mentor))
    given, best = (np.sort(score[rows]) for score, rows in zip((figures.score, again.score), made, strict=True))
    same = np.array_equal(given, best) and figures.load_cost == round(again.load_cost * instance.unit)
    yield Check("leximin", same, "scores from the worst up, as the solver finds them again (no prices prove this)")


def _coverage(
    instance: Instance, proof: Proof | None, figures: Figures, effort: Effort
) -> Iterator[Check]:
    expected = proof is not None and proof.objective == instance.counting()
    yield Check("coverage proof", expected, "the certificate bounds coverage by tier and least loads")
    if proof is not None and expected:
        yield from _optimal("coverage", instance, proof, figures, effort)


def _floor(
    instance: Instance, certificate: Certificate, figures: Figures, effort: Effort
) -> Iterator[Check]:
    """No pair below the threshold; above the worst pair given, coverage could not be kept."""
    threshold, floor, proof = certificate.total.objective.threshold, figures.floor, certificate.floor
    if not certificate.rules.maximizes_floor or floor is None:
        return
    kept = floor >= threshold and proof is not None and proof.objective == instance.counting(threshold + 2)
    yield Check("floor", kept, "no match lies below the proven floor")
    if proof is None or not kept:
        return
    yield from _feasible("floor", instance, proof, effort)
    bound = dual_value(instance, proof.objective, proof.prices)
    needed = figures.value(instance, instance.counting())
    yield Check("highest floor", bound < needed, f"a higher floor allows {bound}, coverage needs {needed}")


def _optimal(
    name: str, instance: Instance, proof: Proof, figures: Figures, effort: Effort
) -> Iterator[Check]:
    yield from _feasible(name, instance, proof, effort)
    primal = figures.value(instance, proof.objective)
    bound = dual_value(instance, proof.objective, proof.prices)
    detail = f"the matching is worth {primal}, the prices prove {bound} (half points)"
    yield Check(f"{name} is optimal", primal == bound == proof.bound, detail)


def _feasible(name: str, instance: Instance, proof: Proof, effort: Effort) -> Iterator[Check]:
    prices = proof.prices
    signs = bool((prices.worth >= 0).all() and (prices.gate_worth >= 0).all())
    yield Check(f"{name} prices", signs, "worths are not negative")
    _, _, gains = beat_prices(Scan(instance, proof.objective, KEPT), prices, effort)
    beaten = int((gains > 0).sum())
    yield Check(f"{name} prices hold", beaten == 0, f"{beaten} of all pairs beat their prices")
