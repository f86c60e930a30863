"""Late arrivals and changes: a solved run kept open, mended by shortest paths on its own prices.

A pair can begin to beat its prices only if its row's worth or its mentor's price fell since the pair
was last priced. So only those rows and mentors are priced again, each over everybody: the answer stays
the proven optimum over all pairs, and one arrival touches a few rows.
"""

from dataclasses import dataclass, replace

import numpy as np

from services.matcher.assignment.columns import Pool, dual_value, pool_network, read_prices, warm_flow
from services.matcher.assignment.filling import repair
from services.matcher.assignment.instance import NEVER, Instance, Objective
from services.matcher.assignment.network import NONE, Flow, Gates, Network, mentor_of, start_flow
from services.matcher.assignment.paths import make_work
from services.matcher.assignment.pricing import Prices, reduced_values
from services.matcher.assignment.problem import Bool, Float32, Float64, Int32, Int64, Problem, ProblemError, Rules
from services.matcher.assignment.scanning import TILE, pick_rows
from services.matcher.assignment.solution import Solution

NEAR = 0.02
NEW_COLUMNS = 48
CHUNK = 256
KEPT = 16
FAR = np.int64(2**60)


@dataclass(frozen=True, slots=True)
class Extension:
    """mentor int32[rows] after a change, the rows whose mentor is another (newcomers too), and its prices.

    `dual_bound` is what the prices prove for the rows that are free to move, `value` what they reach:
    equal, in half points of the run's own objective.
    """

    mentor: Int32
    moved: Int64
    prices: Prices
    value: int
    dual_bound: int


class LiveRun:
    """A solved run with its prices loaded; `extend` it as people come, change and go. Not thread-safe.

    Rows in `accepted` (bool[rows]) never move. The run's bonuses for coverage are kept; its floor binds
    the rows it matched, newcomers may be matched below it (coverage comes first).
    """

    def __init__(self, problem: Problem, solution: Solution, accepted: Bool | None = None) -> None:
        self.rules: Rules = solution.rules
        self.objective: Objective = solution.total_proof.objective
        self.settled_rows = problem.rows
        self.mentor: Int32 = solution.mentor.copy()
        self.accepted = _flags(accepted, problem.rows)
        self.withdrawn = np.zeros(problem.rows, np.bool_)
        if (solution.mentor[self.accepted] < 0).any():
            raise ProblemError("a row without a mentor cannot be accepted")
        self.instance = self._open(problem)
        prices = solution.total_proof.prices
        self.pool = self._near(Pool(solution.candidates, solution.candidate_points, complete=True), prices)
        self._build(prices)

    def extend(
        self, problem: Problem, accepted: Bool | None = None, withdrawn: Bool | None = None
    ) -> Extension:
        """The optimum after a change: rows and mentors appended, bandwidth or pairs changed, rows gone.

        Earlier rows and mentors keep their places (a row that left is `withdrawn`, bool[rows]); their
        scores must not have changed. Raises ProblemError if rows or mentors are missing.
        """
        before, prices = self.mentor, self.prices()
        old_rows, closed = self.instance.rows, self.instance.capacity <= 0
        self._grow(problem, accepted, withdrawn)
        prices, verified = self._stretch(prices, old_rows, closed)
        self._mend(prices, verified)
        changed = np.flatnonzero(self.mentor[:old_rows] != before)
        return self._extension(np.append(changed, np.arange(old_rows, problem.rows)))

    def prices(self) -> Prices:
        """The prices as they stand; with them every pair is proven."""
        return read_prices(self.network, self.gates, self.flow)

    def _grow(self, problem: Problem, accepted: Bool | None, withdrawn: Bool | None) -> None:
        old = self.instance.problem
        names = problem.row_ids[: old.rows], problem.mentor_ids[: old.mentors]
        if names != (old.row_ids, old.mentor_ids):
            raise ProblemError("earlier rows and mentors must keep their places; only append to them")
        more = problem.rows - old.rows
        self.mentor = np.append(self.mentor, np.full(more, NONE, np.int32))
        self.withdrawn = _flags(withdrawn, problem.rows) | np.append(self.withdrawn, np.zeros(more, np.bool_))
        self.accepted = _flags(accepted, problem.rows) | np.append(self.accepted, np.zeros(more, np.bool_))
        self.accepted &= ~self.withdrawn
        self.mentor[self.withdrawn] = NONE
        keys, points, old_count = self.pool.keys, self.pool.points, max(old.mentors, 1)
        self.pool = Pool(keys // old_count * problem.mentors + keys % old_count, points, complete=True)
        self.instance = self._open(problem)

    def _open(self, problem: Problem) -> Instance:
        """Accepted pairs become pins: they take their slot and stay."""
        pinned = {row for row, _ in problem.pins}
        kept = [int(row) for row in np.flatnonzero(self.accepted) if int(row) not in pinned]
        pins = problem.pins + tuple((row, int(self.mentor[row])) for row in kept)
        instance = Instance(replace(problem, pins=pins) if kept else problem, self.rules)
        instance.active &= ~self.withdrawn
        return instance

    def _stretch(self, prices: Prices, rows: int, closed: Bool) -> tuple[Prices, Prices]:
        """Prices with newcomers, and those down to which each row and mentor is known to be fine.

        A mentor without slots so far is as new as one who just came; FAR marks who was never priced.
        """
        mentors = max(len(closed), 1)
        keys = prices.gate_key // mentors * self.instance.mentors + prices.gate_key % mentors
        more = np.full(self.instance.mentors - len(closed), FAR)
        price = np.append(np.where(closed, FAR, prices.price), more)
        newcomers = self.instance.rows - rows
        verified = Prices(price, np.append(prices.worth, np.full(newcomers, FAR)), keys, prices.gate_worth)
        worth = np.append(prices.worth, np.zeros(newcomers, np.int64))
        return replace(verified, price=price.copy(), worth=worth), verified

    def _mend(self, prices: Prices, verified: Prices) -> None:
        """Repair the flow; price again whatever fell; until nothing beats its prices."""
        rows = np.flatnonzero(verified.worth == FAR)
        mentors = np.flatnonzero(verified.price == FAR)
        self._add(*self._best_of_rows(rows, prices))
        prices.price[mentors] = self._asking(mentors, prices)
        while True:
            self._build(prices)
            prices = self.prices()
            rows = np.flatnonzero((prices.worth < verified.worth) & self.instance.active)
            mentors = np.flatnonzero((prices.price < verified.price) & (self.instance.capacity > 0))
            keys, points = self._beaten(rows, mentors, prices)
            if len(keys) == 0:
                return
            verified = prices
            self._add(keys, points)

    def _build(self, prices: Prices) -> None:
        free = np.where(self.instance.active, self.mentor, NONE).astype(np.int32)
        lifted = replace(self.objective, threshold=int(NEVER) + 1)
        network, gates, _ = pool_network(self.instance, lifted, self._allowed())
        flow = start_flow(network)
        warm_flow(self.instance, network, gates, flow, free, prices)
        repair(network, flow, make_work(network), np.flatnonzero(self.instance.active))
        self.network: Network = network
        self.gates: Gates = gates
        self.flow: Flow = flow
        self.mentor = mentor_of(flow, network)
        self.mentor[self.instance.pin_rows] = self.instance.pin_mentors

    def _allowed(self) -> Pool:
        """The pool without pairs that pins, withdrawals or bandwidth have closed since."""
        rows, mentors = self.pool.keys // max(self.instance.mentors, 1), self.pool.keys % max(self.instance.mentors, 1)
        good = self.instance.active[rows] & (self.instance.capacity[mentors] > 0)
        banned = self.instance.banned
        at = np.searchsorted(self.pool.keys, banned)
        known = np.append(self.pool.keys, -1)[at] == banned
        good[at[known]] = False
        return Pool(self.pool.keys[good], self.pool.points[good], complete=True)

    def _near(self, pool: Pool, prices: Prices) -> Pool:
        """Candidates close to their prices, and the matches themselves: what changes are likely to use."""
        rows, mentors = pool.keys // max(self.instance.mentors, 1), pool.keys % max(self.instance.mentors, 1)
        slack = reduced_values(self.instance, self._weights(rows, pool.points), rows, mentors, prices)
        near = (slack >= -NEAR * self.instance.unit) | (self.mentor[rows] == mentors)
        return Pool(pool.keys[near], pool.points[near], complete=True)

    def _add(self, keys: Int64, points: Int64) -> None:
        self.pool = self.pool.joined(keys, points)

    def _weights(self, rows: Int64, points: Int64) -> Int64:
        low = (points < self.objective.threshold) & (rows < self.settled_rows)
        weight = self.instance.row_bonus(self.objective)[rows] + points
        return np.where((points == NEVER) | low, NEVER, weight)

    def _decide(self, rows: Int64, mentors: Int64, prices: Prices, least: int) -> tuple[Int64, Int64]:
        """Keys and half points of the pairs that may be made and gain more than `least`."""
        points = self.instance.points(rows, mentors)
        weights = self._weights(rows, points)
        gains = reduced_values(self.instance, weights, rows, mentors, prices)
        good = (weights != NEVER) & (gains > least)
        return (rows * self.instance.mentors + mentors)[good], points[good]

    def _best_of_rows(self, rows: Int64, prices: Prices) -> tuple[Int64, Int64]:
        width = min(NEW_COLUMNS, self.instance.mentors)
        if len(rows) == 0 or width == 0:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        value = self._gains(rows, slice(None), prices)
        best = np.argpartition(-value, width - 1, axis=1)[:, :width].astype(np.int64)
        return self._decide(np.repeat(rows, width), best.ravel(), prices, -int(FAR) * 4)

    def _asking(self, mentors: Int64, prices: Prices) -> Int64:
        """The price of each new mentor at which no row would come; their closest rows join the pool."""
        if len(mentors) == 0 or self.instance.rows == 0:
            return np.zeros(len(mentors), np.int64)
        free = replace(prices, price=np.where(prices.price == FAR, 0, prices.price))
        value = self._gains(slice(None), mentors, free)
        width = min(NEW_COLUMNS, self.instance.rows)
        best = np.argpartition(-value, width - 1, axis=0)[:width].astype(np.int64)
        self._add(*self._decide(best.ravel(), np.tile(mentors, width), free, -int(FAR) * 4))
        highest = np.maximum(value.max(axis=0), -float(FAR) / 4)
        asked: Int64 = np.ceil(highest).astype(np.int64) + 4
        return asked

    def _gains(self, rows: Int64 | slice, mentors: Int64 | slice, prices: Prices) -> Float64:
        """Half points of rows × mentors less their prices, approximately; -inf where closed."""
        scores = self._scores(rows, mentors).astype(np.float64)
        bonus = (self.instance.row_bonus(self.objective) - prices.worth)[rows]
        gains = scores * self.instance.unit - prices.price[mentors] + bonus[:, None]
        gains[~self.instance.active[rows]] = -np.inf
        gains[:, self.instance.capacity[mentors] <= 0] = -np.inf
        return gains

    def _beaten(self, rows: Int64, mentors: Int64, prices: Prices) -> tuple[Int64, Int64]:
        """Pairs of these rows (over all mentors) and mentors (over all rows) that beat their prices."""
        least = -self.instance.tolerance * self.instance.unit
        found = []
        if len(rows) and self.instance.mentors:
            found.append(self._decide(*self._proposed(rows, prices), prices, 0))
        if len(mentors) and self.instance.rows:
            row, at = np.nonzero(self._gains(slice(None), mentors, prices) > least)
            found.append(self._decide(row, mentors[at], prices, 0))
        empty = np.empty(0, np.int64)
        keys = np.concatenate([empty, *(keys for keys, _ in found)])
        return keys, np.concatenate([empty, *(points for _, points in found)])

    def _proposed(self, rows: Int64, prices: Prices) -> tuple[Int64, Int64]:
        """Pairs of these rows that may beat their prices, over all mentors and beyond the pool."""
        instance, unit = self.instance, self.instance.unit
        found, count = np.zeros((len(rows), KEPT), np.int32), np.zeros(len(rows), np.int32)
        bounds = np.empty((len(rows), -(-instance.mentors // TILE)), np.float32)
        surplus = (instance.row_bonus(self.objective)[rows] - prices.worth[rows]) / unit
        price = np.where(instance.capacity > 0, prices.price / unit, np.inf)
        even = np.zeros(max(len(rows), instance.mentors), np.uint64)
        scores = self._scores(rows, slice(None))
        pick_rows(
            scores, surplus, price, -instance.tolerance, even[: len(rows)], even[: instance.mentors],
            bounds, found, count, np.empty(len(rows)),
        )  # fmt: skip
        crowded = np.flatnonzero(count == KEPT)
        at, mentor = np.nonzero(scores[crowded] - price >= (-instance.tolerance - surplus[crowded])[:, None])
        named = np.concatenate([np.repeat(rows, count), rows[crowded[at]]])
        met = np.concatenate([found[np.arange(KEPT) < count[:, None]].astype(np.int64), mentor])
        keys = np.unique(named * instance.mentors + met)
        keys = keys[~self.pool.has(keys)]
        return keys // instance.mentors, keys % instance.mentors

    def _scores(self, rows: Int64 | slice, mentors: Int64 | slice) -> Float32:
        source = self.instance.problem.source
        tile = getattr(source, "tile", None)
        if tile is not None:
            return np.asarray(tile(rows, mentors), np.float32)
        wanted = np.arange(source.rows)[rows]
        runs = np.split(wanted, np.flatnonzero(np.diff(wanted) != 1) + 1)
        parts = [part for run in runs for part in np.array_split(run, len(run) // CHUNK + 1) if len(part)]
        return np.concatenate([source.block(int(p[0]), int(p[-1]) + 1)[:, mentors] for p in parts])

    def _extension(self, moved: Int64) -> Extension:
        prices = self.prices()
        slots, load = self.instance.slots(self.objective), self.flow.load
        filled = np.arange(len(slots.gain)) - np.repeat(slots.first[:-1], self.instance.capacity)
        gain = int(slots.gain[filled < np.repeat(load, self.instance.capacity)].sum())
        rows = np.flatnonzero((self.mentor >= 0) & self.instance.active)
        points = self.instance.points(rows, self.mentor[rows].astype(np.int64))
        value = gain + int((points + self.instance.row_bonus(self.objective)[rows]).sum())
        return Extension(self.mentor.copy(), moved, prices, value, dual_value(self.instance, self.objective, prices))


def _flags(given: Bool | None, size: int) -> Bool:
    if given is None:
        return np.zeros(size, np.bool_)
    flags = np.asarray(given, np.bool_)
    if flags.shape != (size,):
        raise ProblemError(f"expected {size} flags, one per row, not {flags.shape}")
    return flags
