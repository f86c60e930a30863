"""Coverage, then floor, then total: the certified best matching over all pairs."""

from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from services.matcher.assignment.canonical import break_ties
from services.matcher.assignment.columns import (
    Effort,
    Optimum,
    Pool,
    Watch,
    dual_value,
    first_pool,
    optimize,
    solve_pool,
)
from services.matcher.assignment.instance import NEVER, Instance, Objective
from services.matcher.assignment.jit import compiled
from services.matcher.assignment.leximin import check_size, fairest
from services.matcher.assignment.pricing import Prices
from services.matcher.assignment.problem import Int32, Int64, Problem, Rules
from services.matcher.assignment.solution import Cancelled, Phase, Progress, Proof, RunCancelled, Solution

WIDER = 8


@dataclass(frozen=True, slots=True)
class Reached:
    """What the first two steps fixed: matched rows per tier, least loads met, the floor, and their proofs."""

    by_tier: Int64
    least_loads: int
    threshold: int
    coverage_proof: Proof | None
    floor_proof: Proof | None
    start: Int32 | None
    pool: Pool


def solve(
    problem: Problem, rules: Rules, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> Solution:
    """The best matching of a problem under its rules, exact over all pairs.

    Objective, each step without giving up the one before: matched rows (tier 0 first), least loads;
    the worst score made (and the next worst, and so on, with leximin: then the gap is what that gives up
    of the total); total score less the convex load cost. Integer arithmetic throughout; ties
    by keyed hash. Raises ProblemError on scores that are not numbers, RunCancelled when asked to stop.
    """
    instance = Instance(problem, rules)
    check_size(instance)
    effort = Effort(_watch(progress, cancelled))
    ranking = Objective(scored=True, tier_bonus=(0,) * instance.tiers, minimum_bonus=0)
    pool = first_pool(instance, ranking, effort)
    if rules.coverage == "none":
        best, objective = optimize(instance, ranking, pool, effort), ranking
        reached = None
    else:
        reached = _cover(instance, pool, effort)
        if rules.maximizes_floor:
            reached = _raise_floor(instance, reached, effort)
        best, objective = _maximize_total(instance, reached, effort)
    since = perf_counter()
    effort.watch(Phase.TIES, 0.0)
    if reached is not None and rules.is_leximin:
        mentor = _go_on_from_floor(instance, reached, effort)
    else:
        mentor = break_ties(instance, objective, best)
    effort.spend(Phase.TIES, since)
    return _report(instance, objective, best, mentor, reached, effort)


def _watch(progress: Progress | None, cancelled: Cancelled | None) -> Watch:
    def watch(phase: str, done: float) -> None:
        if cancelled is not None and cancelled():
            raise RunCancelled
        if progress is not None:
            progress(Phase(phase), done)

    return watch


def _cover(instance: Instance, pool: Pool, effort: Effort) -> Reached:
    counting = instance.counting()
    best = optimize(instance, counting, pool, effort, phase=Phase.COVERAGE)
    proof = Proof(counting, best.prices, dual_value(instance, counting, best.prices))
    return Reached(
        by_tier=matched_by_tier(instance, best.mentor),
        least_loads=least_loads_met(instance, best.mentor),
        threshold=int(NEVER) + 1,
        coverage_proof=proof,
        floor_proof=None,
        start=best.mentor,
        pool=best.pool,
    )


def matched_by_tier(instance: Instance, mentor: Int32) -> Int64:
    """Rows matched per tier, pins left out."""
    tiers = instance.problem.tier[(mentor >= 0) & instance.active]
    return np.bincount(tiers, minlength=instance.tiers)


def least_loads_met(instance: Instance, mentor: Int32) -> int:
    """How many slots of the mentors' least loads are filled, beyond pins."""
    taken = mentor[(mentor >= 0) & instance.active]
    load = np.bincount(taken, minlength=instance.mentors)
    wanted = np.maximum(instance.problem.minimum - instance.pinned, 0)
    return int(np.minimum(load, wanted).sum())


def _raise_floor(instance: Instance, reached: Reached, effort: Effort) -> Reached:
    """The highest threshold that keeps coverage; its refusal is proved over all pairs.

    The highest within the pool is found without pricing; only what it refuses is priced. Where pairs outside
    the pool let it through after all, the search goes on from there.
    """
    if reached.coverage_proof is None or reached.start is None or not (reached.start >= 0).any():
        return reached
    target, start, pool = reached.coverage_proof.bound, reached.start, reached.pool
    prices = reached.coverage_proof.prices
    width = len(pool.keys) // 2
    while True:
        start, prices = _highest_within(instance, pool, start, prices, width, target, effort)
        low, width = lowest_points(instance, pool, start), WIDER
        objective = instance.counting(low + 2)
        probe = optimize(instance, objective, pool, effort, start, prices, phase=Phase.FLOOR, target=target)
        pool = probe.pool
        if probe.value < target:
            break
        start, prices = probe.mentor, probe.prices
    refused = Proof(objective, probe.prices, dual_value(instance, objective, probe.prices))
    return replace(reached, threshold=low, floor_proof=refused, start=start, pool=pool)


def _highest_within(
    instance: Instance, pool: Pool, start: Int32, prices: Prices, width: int, target: int, effort: Effort
) -> tuple[Int32, Prices]:
    """A matching of full coverage with the highest floor that the pool allows: steps of growing width, then halves.

    Steps go from one score in the pool to another. Also its prices: both only save work.
    """
    since = perf_counter()
    levels = np.unique(pool.points)
    low, refused = int(np.searchsorted(levels, lowest_points(instance, pool, start))), len(levels)
    while low + 1 < refused:
        effort.watch(Phase.FLOOR, 0.0)
        middle = low + width if refused == len(levels) and low + width < refused else (low + refused) // 2
        objective = instance.counting(int(levels[middle]))
        found, paid, value, _ = solve_pool(instance, objective, pool, start, prices, passing=True)
        if value == target:
            start, prices = found, paid
            low, width = int(np.searchsorted(levels, lowest_points(instance, pool, found))), width * WIDER
        else:
            refused = middle
    effort.spend(Phase.FLOOR, since)
    return start, prices


def lowest_points(instance: Instance, pool: Pool, mentor: Int32) -> int:
    """The worst half points a matching within the pool gives."""
    rows = np.flatnonzero(mentor >= 0)
    keys = rows * instance.mentors + mentor[rows]
    return int(pool.points[np.searchsorted(pool.keys, keys)].min())


def _maximize_total(instance: Instance, reached: Reached, effort: Effort) -> tuple[Optimum, Objective]:
    """Total less load cost, with coverage held by bonuses: raised until coverage is what it can be.

    A bonus is a Lagrange multiplier. Once the optimum reaches the proven coverage, it is the best
    among all matchings that do, whatever the bonus.
    """
    cost = int(instance.load_costs[1].max(initial=0))
    span = 2 * int(np.abs(reached.pool.points).max(initial=0)) + cost + 2
    steps = np.full(instance.tiers + 1, span, np.int64)
    pool, start = reached.pool, reached.start
    while True:
        bonus = tuple(int(b) for b in np.cumsum(steps[:-1][::-1])[::-1])
        objective = Objective(True, bonus, int(steps[-1]), reached.threshold)
        best = optimize(instance, objective, pool, effort, start=start)
        short = np.cumsum(matched_by_tier(instance, best.mentor)) < np.cumsum(reached.by_tier)
        missed = np.append(short, least_loads_met(instance, best.mentor) < reached.least_loads)
        if not missed.any():
            return best, objective
        steps[missed] *= 8
        pool, start = best.pool, best.mentor


def _go_on_from_floor(instance: Instance, reached: Reached, effort: Effort) -> Int32:
    counting = instance.counting(reached.threshold)
    covered = optimize(instance, counting, reached.pool, effort, reached.start, phase=Phase.FLOOR)
    return fairest(instance, counting, covered, lambda: effort.watch(Phase.FLOOR, 0.0))


def _report(
    instance: Instance, objective: Objective, best: Optimum, mentor: Int32, reached: Reached | None, effort: Effort
) -> Solution:
    bound = dual_value(instance, objective, best.prices)
    figures = measure(instance, mentor)
    value = figures.value(instance, objective)
    unit = instance.unit
    worth = (figures.points - figures.load_cost) / unit
    return Solution(
        mentor=figures.mentor,
        score=figures.score,
        rules=instance.rules,
        total_proof=Proof(objective, best.prices, bound),
        coverage_proof=reached.coverage_proof if reached else None,
        floor_proof=reached.floor_proof if reached else None,
        floor=figures.floor / unit if figures.floor is not None else None,
        slots_wanted=instance.rows,
        slots_filled=int((figures.mentor >= 0).sum()),
        total=figures.points / unit,
        load_cost=figures.load_cost / unit,
        objective=worth,
        dual_bound=worth + (bound - value) / unit,
        gap=(bound - value) / unit,
        pairs_considered=effort.pairs,
        candidate_edges=len(best.pool.keys),
        rounds=effort.rounds,
        seconds=dict(effort.seconds or {}),
        candidates=best.pool.keys,
        candidate_points=best.pool.points,
        course=tuple(((bound - low) / unit, (high - bound) / unit) for low, high in effort.course),
    )


@dataclass(frozen=True, slots=True)
class Figures:
    """Exact figures of a matching, in half points; score is per row, in units of 10^-score_decimals."""

    mentor: Int32
    free: Int32
    score: Int64
    points: int
    free_points: int
    load_cost: int
    floor: int | None

    def value(self, instance: Instance, objective: Objective) -> int:
        """The objective's value of the matching, pins left out."""
        bonus = int(instance.row_bonus(objective)[self.free >= 0].sum())
        if objective.minimum_bonus:
            bonus += objective.minimum_bonus * least_loads_met(instance, self.free)
        return bonus + (self.free_points - self.load_cost if objective.scored else 0)


def measure(instance: Instance, free: Int32) -> Figures:
    """Exact scores, load cost and floor of a matching of the rows that are not pinned."""
    mentor = free.copy()
    mentor[instance.pin_rows] = instance.pin_mentors
    rows = np.flatnonzero(mentor >= 0)
    points = instance.round(instance.problem.source.exact(rows, mentor[rows].astype(np.int64)))
    score = np.zeros(instance.rows, np.int64)
    score[rows] = points // 2
    kept = instance.active[rows]
    first, cost = instance.load_costs
    load = np.bincount(free[(free >= 0) & instance.active], minlength=instance.mentors)
    floor = int(points[kept].min()) if kept.any() else None
    return Figures(
        mentor, free, score, int(points.sum()), int(points[kept].sum()), cost_of_load(load, first, cost), floor
    )


@compiled
def cost_of_load(load: Int64, first: Int64, cost: Int64) -> int:
    """What the filled slots cost, half points."""
    total = np.int64(0)
    for j in range(len(load)):
        total += cost[first[j] : first[j] + load[j]].sum()
    return int(total)
