"""Late arrivals and changes: a solved run kept open, mended by shortest paths on its own prices.

A pair can begin to beat its prices only if its row's worth or its mentor's price fell since the pair
was last priced. So only those rows and mentors are priced again, each over everybody: the answer stays
the proven optimum over all pairs, and one arrival touches a few rows.
"""

from dataclasses import dataclass, replace

import numpy as np
from threadpoolctl import ThreadpoolController

from services.matcher.assignment.bounds import PairBounds, read_scores
from services.matcher.assignment.columns import Pool, dual_value, pool_network, warm_flow
from services.matcher.assignment.growing import GrowingNetwork
from services.matcher.assignment.instance import NEVER, Instance, Objective
from services.matcher.assignment.network import NONE, start_flow
from services.matcher.assignment.paths import settle
from services.matcher.assignment.pricing import Prices, reduced_values
from services.matcher.assignment.problem import Bool, Float64, Int32, Int64, Problem, ProblemError, Rules
from services.matcher.assignment.scanning import TILE
from services.matcher.assignment.solution import Solution

NEAR = 0.02
NEW_COLUMNS = 48
AT_ONCE = 64
FURTHEST = 1e6
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
        self.blas = ThreadpoolController()
        self.objective: Objective = solution.total_proof.objective
        self.settled_rows = problem.rows
        self.mentor: Int32 = solution.mentor.copy()
        self.accepted = _flags(accepted, problem.rows)
        self.withdrawn = np.zeros(problem.rows, np.bool_)
        if (solution.mentor[self.accepted] < 0).any():
            raise ProblemError("a row without a mentor cannot be accepted")
        self._open(problem)
        prices = solution.total_proof.prices
        self.graph = self._build(self._near(solution, prices), prices)
        self._repair()
        self.bounds = PairBounds(problem.source, *self._limits(self.prices()), self.instance.tolerance)

    def extend(
        self, problem: Problem, accepted: Bool | None = None, withdrawn: Bool | None = None
    ) -> Extension:
        """The optimum after a change: rows and mentors appended, bandwidth or pairs changed, rows gone.

        Earlier rows and mentors keep their places (a row that left is `withdrawn`, bool[rows]); their
        scores must not have changed. Raises ProblemError if rows or mentors are missing.
        """
        before, old, old_bonus = self.mentor, self.instance, self.bonus
        self._check_places(problem)
        self._flag(problem.rows, accepted, withdrawn)
        self._open(problem)
        with self.blas.limit(limits=1, user_api="blas"):  # many small products: waiting for a second thread costs more
            self._mend(self._apply(old, old_bonus))
        changed = np.flatnonzero(self.mentor[: old.rows] != before)
        return self._extension(np.append(changed, np.arange(old.rows, problem.rows)))

    def prices(self) -> Prices:
        """The prices as they stand; with them every pair is proven."""
        return self.graph.prices()

    def _check_places(self, problem: Problem) -> None:
        old = self.instance.problem
        names = problem.row_ids[: old.rows], problem.mentor_ids[: old.mentors]
        if names != (old.row_ids, old.mentor_ids):
            raise ProblemError("earlier rows and mentors must keep their places; only append to them")

    def _flag(self, rows: int, accepted: Bool | None, withdrawn: Bool | None) -> None:
        more = rows - len(self.mentor)
        self.mentor = np.append(self.mentor, np.full(more, NONE, np.int32))
        self.withdrawn = _flags(withdrawn, rows) | np.append(self.withdrawn, np.zeros(more, np.bool_))
        self.accepted = _flags(accepted, rows) | np.append(self.accepted, np.zeros(more, np.bool_))
        self.accepted &= ~self.withdrawn
        self.mentor[self.withdrawn] = NONE

    def _open(self, problem: Problem) -> None:
        """Accepted pairs are held as if pinned: they take their slot and stay."""
        self.instance = Instance(problem, self.rules, np.where(self.accepted, self.mentor, NONE).astype(np.int32))
        self.instance.active &= ~self.withdrawn
        self.bonus: Int64 = self.instance.row_bonus(self.objective)

    def _near(self, solution: Solution, prices: Prices) -> Pool:
        """Candidates close to their prices, and the matches themselves: what changes are likely to use."""
        instance, keys, points = self.instance, solution.candidates, solution.candidate_points
        rows, mentors = keys // max(instance.mentors, 1), keys % max(instance.mentors, 1)
        slack = reduced_values(instance, self._weights(rows, points), rows, mentors, prices)
        near = (slack >= -NEAR * instance.unit) | (self.mentor[rows] == mentors)
        near &= instance.active[rows] & (instance.capacity[mentors] > 0) & ~np.isin(keys, instance.banned)
        return Pool(keys[near], points[near], complete=True)

    def _build(self, pool: Pool, prices: Prices) -> GrowingNetwork:
        instance, lifted = self.instance, replace(self.objective, threshold=int(NEVER) + 1)
        network, gates, _ = pool_network(instance, lifted, pool)
        flow = start_flow(network)
        free = np.where(instance.active, self.mentor, NONE).astype(np.int32)
        warm_flow(instance, network, gates, flow, free, prices)
        settle(network, flow)
        return GrowingNetwork(network, gates, flow, instance.problem.owner, instance.shared)

    def _repair(self) -> None:
        self.graph.repair()
        self.mentor = self.graph.mentor_of_rows()
        self.mentor[self.instance.pin_rows] = self.instance.pin_mentors

    def _apply(self, old: Instance, old_bonus: Int64) -> Prices:
        """Carry the change over to the network. Returns the prices that were proven, `FAR` for whom none were.

        A mentor without slots so far is as new as one who just came.
        """
        new, graph = self.instance, self.graph
        graph.add_mentors(new.mentors - old.mentors)
        verified = graph.prices()
        self.bounds.grow(new.problem.source)
        graph.add_rows(new.problem.owner, new.shared)
        verified = replace(verified, worth=np.append(verified.worth, np.full(new.rows - old.rows, FAR)))
        verified.worth[self._change_rows(old, old_bonus)] = FAR
        verified.worth[self._change_pairs(old)] = FAR
        verified.price[self._change_mentors(old)] = FAR
        return verified

    def _change_rows(self, old: Instance, old_bonus: Int64) -> Int64:
        """Rows that left lose their pairs; those of another kind than before get theirs anew. Returns whom to price."""
        new, graph, known = self.instance, self.graph, slice(0, old.rows)
        other = (new.problem.owner[known] != old.problem.owner) | (new.shared[known] != old.shared)
        other |= self.bonus[known] != old_bonus
        stay = old.active & new.active[known]
        rows, mentors, weights = graph.pairs_of(np.flatnonzero(stay & other))
        graph.cut_rows(np.flatnonzero(old.active & (other | ~new.active[known])))
        graph.add(rows, mentors, weights + self.bonus[rows] - old_bonus[rows])
        return np.flatnonzero(new.active[known] & (other | ~old.active))

    def _change_pairs(self, old: Instance) -> Int64:
        """Pairs that are closed now go; rows of which a pair was opened again are returned."""
        count, new = max(old.mentors, 1), self.instance
        banned = old.banned // count * new.mentors + old.banned % count
        closed, opened = np.setdiff1d(new.banned, banned), np.setdiff1d(banned, new.banned)
        self.graph.cut(*self.graph.known_arcs(closed // max(new.mentors, 1), closed % max(new.mentors, 1)))
        return np.unique(opened // max(new.mentors, 1))

    def _change_mentors(self, old: Instance) -> Int64:
        """Other slots for mentors whose bandwidth or load changed. Returns those who had no slot before."""
        new, known = self.instance, slice(0, old.mentors)
        changed = np.ones(new.mentors, np.bool_)
        changed[known] = (new.pinned[known] != old.pinned) | (new.capacity[known] != old.capacity)
        for name in ("capacity", "minimum", "load"):
            changed[known] |= getattr(new.problem, name)[known] != getattr(old.problem, name)
        open_before = np.append(old.capacity > 0, np.zeros(new.mentors - old.mentors, np.bool_))
        closed = np.flatnonzero(open_before & (new.capacity <= 0))
        self.graph.cut(*self.graph.pairs_at(closed))
        if changed.any():
            self.graph.set_slots(new.slots(self.objective), np.flatnonzero(changed))
        return np.flatnonzero(~open_before & (new.capacity > 0))

    def _mend(self, verified: Prices) -> None:
        """Repair the flow; price again whatever fell; until nothing beats its prices."""
        self._invite(np.flatnonzero(verified.price == FAR))
        self._introduce(np.flatnonzero((verified.worth == FAR) & self.instance.active))
        while True:
            self._repair()
            prices = self.prices()
            rows, mentors = self._decide(*self._proposed(prices, verified), prices)
            if len(rows) == 0:
                return
            verified = prices
            self._add(rows, mentors)

    def _proposed(self, prices: Prices, verified: Prices) -> tuple[Int64, Int64]:
        """Pairs that may beat their prices: of rows that are worth less than was proven, of mentors that ask less."""
        instance = self.instance
        rows = np.flatnonzero(self._fell(prices, verified))
        known = instance.active & (verified.worth < FAR)
        row_falls = np.where(known, np.maximum(verified.worth - prices.worth, 0), 0) / instance.unit
        price_falls = np.where(instance.capacity > 0, np.maximum(verified.price - prices.price, 0), 0) / instance.unit
        return self.bounds.proposed(rows, row_falls, price_falls, *self._limits(prices))

    def _fell(self, prices: Prices, verified: Prices) -> Bool:
        """Rows that are worth less than was proven, or of whose owner a gate costs less."""
        fell: Bool = (prices.worth < verified.worth) & self.instance.active
        gates = verified.gate_key[prices.gate_of(verified.gate_key) < verified.gate_worth]
        if len(gates):
            fell |= np.isin(self.instance.problem.owner, gates // self.instance.mentors) & self.instance.active
        return fell

    def _limits(self, prices: Prices) -> tuple[Float64, Float64]:
        """Worth less bonus of rows, price of mentors, in score units; infinite where closed."""
        instance = self.instance
        limit = np.where(instance.active, (prices.worth - self.bonus) / instance.unit, np.inf)
        return limit, np.where(instance.capacity > 0, prices.price / instance.unit, np.inf)

    def _decide(self, rows: Int64, mentors: Int64, prices: Prices) -> tuple[Int64, Int64]:
        """Which pairs do beat their prices, exactly."""
        weights = self._weights(rows, self.instance.points(rows, mentors))
        gains = reduced_values(self.instance, weights, rows, mentors, prices)
        good = (weights != NEVER) & (gains > 0)
        return rows[good], mentors[good]

    def _weights(self, rows: Int64, points: Int64) -> Int64:
        low = (points < self.objective.threshold) & (rows < self.settled_rows)
        return np.where((points == NEVER) | low, NEVER, self.bonus[rows] + points)

    def _invite(self, mentors: Int64) -> None:
        """New mentors ask the price at which no row would come; their closest rows join the network."""
        if len(mentors) == 0 or self.instance.rows == 0:
            return
        limit, _ = self._limits(self.prices())
        width = min(NEW_COLUMNS, self.instance.rows)
        for at in range(0, len(mentors), AT_ONCE):
            some = mentors[at : at + AT_ONCE]
            scores = read_scores(self.instance.problem.source, np.arange(self.instance.rows), some)
            self.bounds.add_mentors(some, scores, limit)
            value = scores - limit[:, None]
            best = np.argpartition(-value, width - 1, axis=0)[:width].astype(np.int64)
            asked = np.maximum(value.max(axis=0), -FURTHEST) * self.instance.unit
            self.graph.set_prices(some, np.ceil(asked).astype(np.int64) + 4)
            self._add(best.ravel(), np.tile(some, width))

    def _introduce(self, rows: Int64) -> None:
        """The best mentors of new rows join the network."""
        width = min(NEW_COLUMNS, self.instance.mentors)
        limit, price = self._limits(self.prices())
        for at in range(0, len(rows) if width else 0, TILE):
            some = rows[at : at + TILE]
            scores = read_scores(self.instance.problem.source, some, slice(None))
            self.bounds.add_rows(some, scores, limit, price)
            best = np.argpartition(price - scores, width - 1, axis=1)[:, :width].astype(np.int64)
            self._add(np.repeat(some, width), best.ravel())

    def _add(self, rows: Int64, mentors: Int64) -> None:
        weights = self._weights(rows, self.instance.points(rows, mentors))
        good = weights != NEVER
        self.graph.add(rows[good], mentors[good], weights[good])

    def _extension(self, moved: Int64) -> Extension:
        prices, flow, slot = self.prices(), self.graph.flow, self.graph.slot
        filled = np.arange(len(self.graph.gain)) - np.repeat(slot[:-1] + flow.load, np.diff(slot)) < 0
        value = int(self.graph.gain[filled].sum()) + self.graph.weight_of_matches()
        return Extension(self.mentor.copy(), moved, prices, value, dual_value(self.instance, self.objective, prices))


def _flags(given: Bool | None, size: int) -> Bool:
    if given is None:
        return np.zeros(size, np.bool_)
    flags = np.asarray(given, np.bool_)
    if flags.shape != (size,):
        raise ProblemError(f"expected {size} flags, one per row, not {flags.shape}")
    return flags
