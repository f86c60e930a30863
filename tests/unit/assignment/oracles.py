"""Two independent ways to the optimum: trying everything, and HiGHS on the integer program."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from services.matcher.assignment.problem import Problem, Rules
from services.matcher.assignment.solution import Solution


@dataclass(frozen=True)
class Outcome:
    """Figures in the order in which the policy ranks them; integers of 10^-score_decimals."""

    coverage: tuple[int, ...]
    least_loads: int
    floor: int
    worth: int

    def key(self, rules: Rules) -> tuple[object, ...]:
        if rules.coverage == "none":
            return (self.worth,)
        floor = self.floor if rules.floor == "max" else 0
        return (self.coverage, self.least_loads, floor, self.worth)


NOTHING = 10**15


def measure(problem: Problem, rules: Rules, scores: NDArray[np.float64], mentors: list[int]) -> Outcome:
    """The figures of a matching, counted pair by pair."""
    tiers = [0] * (int(problem.tier.max(initial=0)) + 1)
    load = [0] * problem.mentors
    total, floor = 0, NOTHING
    pinned = dict(problem.pins)
    for mentor in pinned.values():
        load[mentor] += 1
    for row, mentor in enumerate(mentors):
        if mentor < 0:
            continue
        points = round(scores[row, mentor] * rules.scale)
        total += points
        if row in pinned:
            continue
        tiers[problem.tier[row]] += 1
        floor = min(floor, points)
        load[mentor] += 1
        bandwidth = int(problem.capacity[mentor] + problem.load[mentor])
        place = load[mentor] + int(problem.load[mentor])
        total -= int(np.rint(rules.load_weight * (2 * place - 1) / (2 * bandwidth) * rules.scale))
    loads_met = sum(min(have, int(least)) for have, least in zip(load, problem.minimum, strict=True))
    return Outcome(tuple(tiers), loads_met, floor, total)


def measure_solution(
    problem: Problem, rules: Rules, scores: NDArray[np.float64], solution: Solution
) -> Outcome:
    return measure(problem, rules, scores, [int(mentor) for mentor in solution.mentor])


def all_matchings(problem: Problem, rules: Rules, scores: NDArray[np.float64]) -> Iterator[list[int]]:
    """Every matching that keeps the hard rules."""
    load = [0] * problem.mentors
    pinned = dict(problem.pins)
    chosen: list[int] = []

    def allowed(row: int, mentor: int) -> bool:
        owner = int(problem.owner[row])
        taken = {(int(problem.owner[r]), m) for r, m in enumerate(chosen)}
        taken |= {(int(problem.owner[r]), m) for r, m in pinned.items() if r != row}
        free = load[mentor] < problem.capacity[mentor] and (owner, mentor) not in taken
        free &= (row, mentor) not in problem.forbidden and (owner, mentor) not in problem.forbidden_owners
        low = not isinstance(rules.floor, str) and row not in pinned and scores[row, mentor] < rules.floor
        return bool(free and np.isfinite(scores[row, mentor]) and not low)

    def extend(row: int) -> Iterator[list[int]]:
        if row == problem.rows:
            yield list(chosen)
            return
        options = [pinned[row]] if row in pinned else [-1, *range(problem.mentors)]
        for mentor in options:
            if mentor >= 0 and not allowed(row, mentor):
                continue
            chosen.append(mentor)
            if mentor >= 0:
                load[mentor] += 1
            yield from extend(row + 1)
            if mentor >= 0:
                load[mentor] -= 1
            chosen.pop()

    return extend(0)


def best_outcome(problem: Problem, rules: Rules, scores: NDArray[np.float64]) -> Outcome:
    """The best by trying everything."""
    outcomes = (measure(problem, rules, scores, mentors) for mentors in all_matchings(problem, rules, scores))
    return max(outcomes, key=lambda outcome: outcome.key(rules))


def best_worth_by_highs(
    problem: Problem, rules: Rules, scores: NDArray[np.float64],
    row_bonus: NDArray[np.int64] | None = None, minimum_bonus: int = 0,
) -> int:  # fmt: skip
    """Total less load cost plus bonuses for matched rows and least loads, as an integer program (no pins)."""
    open_pairs = np.isfinite(scores)
    for row, mentor in problem.forbidden:
        open_pairs[row, mentor] = False
    rows, mentors = np.nonzero(open_pairs)
    slot_mentor = np.repeat(np.arange(problem.mentors), problem.capacity)
    first = np.concatenate([[0], np.cumsum(problem.capacity)])[slot_mentor]
    place = np.arange(len(slot_mentor)) - first + 1
    before, bandwidth = problem.load[slot_mentor], (problem.capacity + problem.load)[slot_mentor]
    cost = np.rint(rules.load_weight * (2 * (place + before) - 1) / (2 * bandwidth) * rules.scale)
    gain = np.where(place <= problem.minimum[slot_mentor], minimum_bonus, 0) - cost
    bonus = np.zeros(problem.rows) if row_bonus is None else row_bonus
    value = np.concatenate([np.rint(scores[rows, mentors] * rules.scale) + bonus[rows], gain])
    pairs, size = len(rows), len(value)
    if size == 0:
        return 0
    ones, columns = np.ones(pairs), np.arange(pairs)
    once = sparse.csr_matrix((ones, (rows, columns)), shape=(problem.rows, size))
    owners = problem.owner[rows].astype(np.int64) * problem.mentors + mentors
    distinct, group = np.unique(owners, return_inverse=True)
    apart = sparse.csr_matrix((ones, (group, columns)), shape=(len(distinct), size))
    flow = sparse.csr_matrix(
        (np.concatenate([ones, -np.ones(len(slot_mentor))]), (np.concatenate([mentors, slot_mentor]), np.arange(size))),
        shape=(problem.mentors, size),
    )
    limits = [(once, -np.inf, 1), (apart, -np.inf, 1), (flow, 0, 0)]
    found = optimize.milp(
        -value, integrality=np.ones(size), bounds=optimize.Bounds(0, 1),
        constraints=[optimize.LinearConstraint(*limit) for limit in limits], options={"mip_rel_gap": 0},
    )  # fmt: skip
    return round(-float(found.fun))
