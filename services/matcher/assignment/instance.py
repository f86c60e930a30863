"""A problem under its rules in the solver's own terms: integers, open slots, banned pairs, hashes.

All integers here are *half points*: twice the score rounded to the policy's decimals, so that the
middle of two prices is an integer too.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from services.matcher.assignment.jit import compiled
from services.matcher.assignment.network import Slots
from services.matcher.assignment.problem import Bool, Float64, Int32, Int64, Problem, ProblemError, Rules
from services.matcher.assignment.ties import UInt64, hash_names

NEVER = np.int64(-(2**60))
LARGEST = 2.0**42


@dataclass(frozen=True, slots=True)
class Objective:
    """What one stage maximizes: scores (or only the number of matches) plus bonuses, above a threshold.

    tier_bonus[t] rewards each matched row of tier t, minimum_bonus each slot up to a least load.
    """

    scored: bool
    tier_bonus: tuple[int, ...]
    minimum_bonus: int
    threshold: int = int(NEVER) + 1


@compiled
def round_points(scores: Float64, scale: float, points: Int64) -> int:
    """Scores to half points, -inf to NEVER. Returns the place of the first that is no number or too large, or -1."""
    for k in range(len(scores)):
        scaled = scores[k] * scale
        if abs(scaled) < LARGEST:
            points[k] = 2 * np.int64(np.rint(scaled))
        elif scores[k] == -np.inf:
            points[k] = NEVER
        else:
            return k
    return -1


@compiled
def cost_slots(capacity: Int64, taken: Int64, weight: float, scale: float) -> tuple[Int64, Int64]:
    """First slot of each mentor, and what filling each slot costs in half points; `taken`: loads from before."""
    first = np.zeros(len(capacity) + 1, np.int64)
    first[1:] = np.cumsum(capacity)
    cost = np.empty(first[-1], np.int64)
    for j in range(len(capacity)):
        bandwidth = max(capacity[j] + taken[j], 1)
        for k in range(capacity[j]):
            share = weight * (2 * (k + 1 + taken[j]) - 1) / (2 * bandwidth)
            cost[first[j] + k] = 2 * np.int64(np.rint(share * scale))
    return first, cost


@compiled
def gain_slots(first: Int64, cost: Int64, wanted: Int64, bonus: int, scored: bool) -> Int64:  # noqa: FBT001 - compiled
    """What filling each slot gains: a bonus for the first ones wanted, less the cost where scores count."""
    gain = np.zeros(len(cost), np.int64)
    for j in range(len(wanted)):
        for at in range(first[j], first[j + 1]):
            gain[at] = (bonus if at - first[j] < wanted[j] else 0) - (cost[at] if scored else 0)
    return gain


@compiled
def close_pairs(points: Int64, floor: int, active: Bool, capacity: Int64) -> None:
    """Mark what may not be made in a matrix of half points: below the floor, of idle rows, of full mentors."""
    for row in range(points.shape[0]):
        for j in range(points.shape[1]):
            if points[row, j] < floor or not active[row] or capacity[j] <= 0:
                points[row, j] = NEVER


class Instance:
    """Read-only view of a problem for the solver and the verifier alike.

    `held`: mentor int32[rows] of further pairs that stay as if pinned, -1 elsewhere.
    """

    def __init__(self, problem: Problem, rules: Rules, held: Int32 | None = None) -> None:
        self.problem, self.rules = problem, rules
        self.rows, self.mentors = problem.rows, problem.mentors
        self.unit = 2 * rules.scale
        fixed = np.full(self.rows, -1, np.int32) if held is None else held.copy()
        for row, mentor in problem.pins:
            fixed[row] = mentor
        self.pin_rows: Int64 = np.flatnonzero(fixed >= 0)
        self.pin_mentors: Int64 = fixed[self.pin_rows].astype(np.int64)
        self.pinned = np.bincount(self.pin_mentors, minlength=self.mentors).astype(np.int64)
        self.active: Bool = np.ones(self.rows, np.bool_)
        self.active[self.pin_rows] = False
        self.capacity: Int64 = problem.capacity - self.pinned
        sizes = np.bincount(problem.owner[self.active], minlength=1)
        self.shared: Bool = (sizes[np.minimum(problem.owner, len(sizes) - 1)] > 1) & self.active
        self.tolerance = float(getattr(problem.source, "tolerance", 2e-6))

    @cached_property
    def tiers(self) -> int:
        return int(self.problem.tier.max(initial=0)) + 1

    @cached_property
    def row_hash(self) -> UInt64:
        return hash_names(self.problem.row_ids, self.problem.tie_key, b"row")

    def hash_rows(self, rows: Int64) -> UInt64:
        """The hashes of some rows only."""
        names = self.problem.row_ids
        return hash_names([names[row] for row in rows.tolist()], self.problem.tie_key, b"row")

    @cached_property
    def mentor_hash(self) -> UInt64:
        return hash_names(self.problem.mentor_ids, self.problem.tie_key, b"mentor")

    @cached_property
    def banned(self) -> Int64:
        """Keys row · mentors + mentor of pairs that must not be made, ascending."""
        problem = self.problem
        single = np.array(problem.forbidden, np.int64).reshape(-1, 2)
        owned = np.array(problem.forbidden_owners, np.int64).reshape(-1, 2)
        owners = np.concatenate([owned[:, 0], problem.owner[self.pin_rows]])
        mentors = np.concatenate([owned[:, 1], self.pin_mentors])
        if len(single) + len(owners) == 0:
            return np.empty(0, np.int64)
        order = np.argsort(problem.owner, kind="stable")
        start, stop = (np.searchsorted(problem.owner[order], owners, side) for side in ("left", "right"))
        sizes = stop - start
        within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        rows = order[np.repeat(start, sizes) + within]
        keys = [single[:, 0] * self.mentors + single[:, 1], rows * self.mentors + np.repeat(mentors, sizes)]
        return np.unique(np.concatenate(keys))

    @cached_property
    def floor_points(self) -> int:
        """The fixed floor in half points; no threshold if the rules set none."""
        if isinstance(self.rules.floor, str):
            return int(NEVER) + 1
        return 2 * int(np.ceil(np.round(self.rules.floor * self.rules.scale, 6)))

    def points(self, rows: Int64, mentors: Int64) -> Int64:
        """Exact half points of pairs; NEVER where the pair may not be made. Raises ProblemError on NaN."""
        points = self.round(self.problem.source.exact(rows, mentors))
        closed = ~self.active[rows] | (self.capacity[mentors] <= 0) | (points < self.floor_points)
        if len(self.banned):
            keys = rows * self.mentors + mentors
            at = np.minimum(np.searchsorted(self.banned, keys), len(self.banned) - 1)
            closed |= self.banned[at] == keys
        points[closed] = NEVER
        return points

    def grid(self) -> Int64:
        """Half points of all pairs, int64[rows, mentors]; NEVER where the pair may not be made."""
        matrix = getattr(self.problem.source, "matrix", None)
        if not isinstance(matrix, np.ndarray):
            keys = np.arange(self.rows * self.mentors)
            points = self.points(keys // max(self.mentors, 1), keys % max(self.mentors, 1))
            return points.reshape(self.rows, self.mentors)
        points = self.round(matrix)
        close_pairs(points, self.floor_points, self.active, self.capacity)
        points.ravel()[self.banned] = NEVER
        return points

    def round(self, scores: Float64) -> Int64:
        points = np.empty(scores.size, np.int64)
        bad = round_points(np.ascontiguousarray(scores).ravel(), float(self.rules.scale), points)
        if bad >= 0:
            raise ProblemError(f"a score ({scores.ravel()[bad]}) is not a number or too large for exact arithmetic")
        return points.reshape(scores.shape)

    @cached_property
    def load_costs(self) -> tuple[Int64, Int64]:
        """(first slot of each mentor, cost of each slot): λ(2k-1)/(2c) for the k-th mentee of bandwidth c."""
        load, rules = self.problem.load.astype(np.int64), self.rules
        return cost_slots(self.capacity, self.pinned + load, float(rules.load_weight), float(rules.scale))

    def slots(self, objective: Objective) -> Slots:
        """Slots with their gains under an objective: the bonus of least loads, less the load cost."""
        first, cost = self.load_costs
        wanted = self.problem.minimum - self.pinned
        return Slots(first, gain_slots(first, cost, wanted, objective.minimum_bonus, objective.scored))

    def row_bonus(self, objective: Objective) -> Int64:
        bonus: Int64 = np.array(objective.tier_bonus, np.int64)[self.problem.tier]
        return bonus

    def counting(self, threshold: int = int(NEVER) + 1) -> Objective:
        """Coverage by tier and least loads alone: the weights fall from tier to tier."""
        tiers = tuple(2 * (self.tiers - t) for t in range(self.tiers))
        return Objective(scored=False, tier_bonus=tiers, minimum_bonus=2, threshold=threshold)


def pair_weights(points: Int64, rows: Int64, objective: Objective, row_bonus: Int64) -> Int64:
    """Weights of eligible pairs under an objective, in half points; NEVER below its threshold."""
    weight = row_bonus[rows] + (points if objective.scored else 0)
    return np.where((points == NEVER) | (points < objective.threshold), NEVER, weight)
