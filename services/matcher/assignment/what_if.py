"""What would change: another problem or other rules beside a solved run, and where one more slot helps most."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from services.matcher.assignment.columns import Pool, lowest_pool_prices
from services.matcher.assignment.instance import Instance, Objective
from services.matcher.assignment.problem import Float64, Int32, Problem, ProblemError, Rules
from services.matcher.assignment.solution import Solution
from services.matcher.assignment.solve import solve


@dataclass(frozen=True, slots=True)
class Difference:
    """After less before; `moved` rows have another mentor than before (rows that both have)."""

    slots_filled: int
    floor: float | None
    total: float
    objective: float
    moved: int
    before: Solution
    after: Solution


def what_if(before: Solution, changed: Problem, rules: Rules | None = None) -> Difference:
    """The change in coverage, floor and total if the run were made with `changed` (and other rules)."""
    after = solve(changed, rules or before.rules)
    both = min(len(before.mentor), len(after.mentor))
    floors = (after.floor, before.floor)
    return Difference(
        slots_filled=after.slots_filled - before.slots_filled,
        floor=None if floors[0] is None or floors[1] is None else floors[0] - floors[1],
        total=after.total - before.total,
        objective=after.objective - before.objective,
        moved=int((before.mentor[:both] != after.mentor[:both]).sum()),
        before=before,
        after=after,
    )


def raise_bandwidth(problem: Problem, slots: dict[int, int]) -> Problem:
    """The problem with more (or fewer) slots at some mentors. Raises ProblemError below zero or below pins."""
    capacity = problem.capacity.astype(np.int64)
    for mentor, more in slots.items():
        if not 0 <= mentor < problem.mentors:
            raise ProblemError(f"there is no mentor {mentor}")
        capacity[mentor] += more
    return replace(problem, capacity=capacity.astype(np.int32))


@dataclass(frozen=True, slots=True)
class Shadow:
    """What one more slot at each mentor would add: matched rows (0 or 1), and total score less load cost.

    Found within the run's candidate pairs, so that at least this much is certain.
    """

    coverage: Float64
    total: Float64


def shadow_prices(problem: Problem, solution: Solution) -> Shadow:
    """Shadow prices per mentor, float64[mentors] each: the lowest optimal prices of the run's own flow.

    The optimum is concave and piecewise linear in each capacity with whole breakpoints, so that the
    lowest price is exactly what the next slot adds (its load cost, where it has one, still to be paid).
    """
    instance = Instance(problem, solution.rules)
    objective = solution.total_proof.objective
    pool = Pool(solution.candidates, solution.candidate_points, complete=True)
    worth = _next_slot(instance, objective, pool, solution)
    if solution.rules.coverage == "none":
        return Shadow(np.zeros(problem.mentors), worth / instance.unit)
    counting = replace(instance.counting(objective.threshold), minimum_bonus=0)
    weight = _next_slot(instance, counting, pool, solution) // 2
    gained = weight > 0
    tier = np.clip(instance.tiers - weight, 0, instance.tiers - 1)
    bonus = np.where(gained, np.array(objective.tier_bonus, np.int64)[tier], 0)
    return Shadow(gained.astype(np.float64), (worth - bonus) / instance.unit)


def _next_slot(instance: Instance, objective: Objective, pool: Pool, solution: Solution) -> NDArray[np.int64]:
    """Half points that one more slot adds at each mentor, after its load cost."""
    price = lowest_pool_prices(instance, objective, pool)
    load = np.bincount(solution.mentor[solution.mentor >= 0], minlength=instance.mentors)
    bandwidth = instance.problem.capacity + instance.problem.load + 1
    place = np.maximum(load, instance.problem.capacity) + instance.problem.load + 1
    cost = instance.rules.load_weight * (2 * place - 1) / (2 * bandwidth) * instance.rules.scale
    due = 2 * np.rint(cost).astype(np.int64) if objective.scored else np.zeros_like(price)
    return np.where(load < instance.problem.capacity, 0, np.maximum(price - due, 0))


def worst_off(shadow: Shadow, groups: Int32) -> Float64:
    """Mean coverage gain per group, float64[groups]: where one more slot would help most."""
    size = np.maximum(np.bincount(groups), 1)
    return np.asarray(np.bincount(groups, weights=shadow.coverage) / size, np.float64)
