"""The optimum of one objective over all pairs, by column generation.

A pool of candidate pairs is solved exactly; its prices then price every pair; pairs that beat their
prices join the pool, until none does (Gilmore & Gomory 1961; for transportation problems over dense
graphs, Gottschlich & Schuhmacher 2014). The last prices prove the optimum over all pairs.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from services.matcher.assignment.auction import start_by_auction
from services.matcher.assignment.cold import fits_solver, lowest_prices_of, solve_cold
from services.matcher.assignment.counting import seat_most
from services.matcher.assignment.dense import solve_whole
from services.matcher.assignment.filling import repair
from services.matcher.assignment.instance import NEVER, Instance, Objective, pair_weights
from services.matcher.assignment.jit import compiled
from services.matcher.assignment.network import (
    NONE,
    Flow,
    Gates,
    Network,
    arc_rows,
    build_network,
    empty_flow,
    mentor_of,
    start_flow,
)
from services.matcher.assignment.paths import INFINITE, Work, make_work, settle
from services.matcher.assignment.pricing import Bounds, Prices, Scan, reduced_values, screen
from services.matcher.assignment.problem import Int32, Int64
from services.matcher.assignment.ranges import center_prices, lower_prices, lowest_prices
from services.matcher.assignment.sampling import draw_sample
from services.matcher.assignment.sources import DenseScores, SparseScores

WHOLE = 60_000
WHOLE_MATRIX = 1_000_000
FIRST_COLUMNS = 20
MORE_COLUMNS = 16
SMALL = 2_000
REPAIR_SHARE = 50
ENOUGH = 0.02
NOTHING = np.empty(0, np.int64)

Watch = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Pool:
    """Candidate pairs as ascending keys row · mentors + mentor, with their half points.

    bounds: what the pass that found them knows of all other pairs. grid [rows, mentors]: the half points
    of a pool that is the whole matrix.
    """

    keys: Int64
    points: Int64
    complete: bool = False
    bounds: Bounds | None = None
    grid: Int64 | None = None

    def joined(self, keys: Int64, points: Int64) -> "Pool":
        merged, at = np.unique(np.concatenate([self.keys, keys]), return_index=True)
        return replace(self, keys=merged, points=np.concatenate([self.points, points])[at], grid=None)

    def has(self, keys: Int64) -> np.ndarray:
        if len(self.keys) == 0:
            return np.zeros(len(keys), np.bool_)
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.asarray(self.keys[at] == keys)


@dataclass(frozen=True, slots=True)
class Optimum:
    """An optimal matching of one objective, its prices, its value, and every pair that is tight at them."""

    mentor: Int32
    prices: Prices
    value: int
    pool: Pool
    tight: Int64


@dataclass
class Effort:
    """What a run has done so far, and how it tells.

    course: per round of the last objective solved what the candidates allow and what no matching exceeds, half points.
    """

    watch: Watch
    pairs: int = 0
    rounds: int = 0
    seconds: dict[str, float] | None = None
    course: tuple[tuple[int, int], ...] = ()

    def spend(self, phase: str, since: float) -> None:
        self.seconds = self.seconds or {}
        self.seconds[phase] = self.seconds.get(phase, 0.0) + perf_counter() - since


def first_pool(instance: Instance, objective: Objective, effort: Effort) -> Pool:
    """All pairs where that is little, else the best of each row and of each mentor at estimated prices."""
    source, size = instance.problem.source, instance.rows * instance.mentors
    since = perf_counter()
    if isinstance(source, SparseScores):
        effort.pairs += size
        return _pool_of(instance, source.pairs()[0], complete=True)
    if size <= (WHOLE_MATRIX if isinstance(source, DenseScores) else WHOLE):
        effort.pairs += size
        return _whole_pool(instance)
    price = estimate_prices(instance, objective, effort)
    effort.spend("estimating", since)
    since = perf_counter()
    (rows, mentors), bounds = screen(
        instance, objective, price, FIRST_COLUMNS, lambda done: effort.watch("screening", done)
    )
    effort.pairs += size
    keys = np.unique(rows * instance.mentors + mentors)
    pool = _pool_of(instance, keys, complete=False)
    effort.spend("screening", since)
    return replace(pool, bounds=bounds)


def estimate_prices(instance: Instance, objective: Objective, effort: Effort) -> Int64:
    """Rough prices from a sample of both sides: solved, then carried over to every mentor."""
    sample = draw_sample(instance) if objective.scored else None
    if sample is None:
        return np.zeros(instance.mentors, np.int64)
    quiet = Effort(lambda _phase, _done: effort.watch("screening", 0.0))
    inner = Instance(sample.problem, instance.rules)
    best = optimize(inner, objective, first_pool(inner, objective, quiet), quiet, enough=ENOUGH)
    return sample.carry_over(best.prices.worth / instance.unit)


def _pool_of(instance: Instance, keys: Int64, *, complete: bool) -> Pool:
    points = instance.points(keys // max(instance.mentors, 1), keys % max(instance.mentors, 1))
    keys, points = keys[points != NEVER], points[points != NEVER]
    order = np.argsort(keys)
    return Pool(keys[order], points[order], complete)


def _whole_pool(instance: Instance) -> Pool:
    grid = instance.grid()
    keys = np.flatnonzero(grid != NEVER)
    return Pool(keys, grid.ravel()[keys], complete=True, grid=grid)


def optimize(
    instance: Instance, objective: Objective, pool: Pool, effort: Effort,
    start: Int32 | None = None, prices: Prices | None = None, phase: str = "solving",
    enough: float = 0.0, target: int | None = None,
) -> Optimum:  # fmt: skip
    """Solve, price every pair, add what beats its prices, until nothing does. A start only saves work.

    With `enough` it stops when no more pairs than that share of the rows beat their prices: an estimate.
    With a `target`, a bound that is known to hold, it stops once that is reached.
    """
    matched = np.full(instance.rows, -1, np.int32) if start is None else start
    scan = None if pool.complete else Scan(instance, objective, MORE_COLUMNS, arranged=True)
    if scan is not None:
        scan.recall(pool.bounds)
    effort.course = ()
    while True:
        effort.rounds += 1
        since = perf_counter()
        effort.watch(phase, 0.0)
        matched, prices, value, tight = solve_pool(instance, objective, pool, matched, prices)
        effort.spend(phase, since)
        if scan is None or value == target:
            return Optimum(matched, prices, value, pool, tight)
        since = perf_counter()
        keys, points, gains = beat_prices(scan, prices, effort)
        effort.spend("pricing", since)
        effort.course += ((value, dual_value(instance, objective, prices) + best_gains(instance, keys, gains)),)
        if (gains > 0).sum() <= enough * instance.rows:
            tight = np.union1d(tight, keys)
            pool = replace(pool, bounds=scan.leave() or pool.bounds)
            return Optimum(matched, prices, value, pool.joined(keys, points), tight)
        pool = pool.joined(keys, points)


def beat_prices(scan: Scan, prices: Prices, effort: Effort) -> tuple[Int64, Int64, Int64]:
    """All pairs priced: keys, half points and gains of those that are tight or beat their prices."""
    instance, objective = scan.instance, scan.objective
    proposed = scan.run(prices, lambda done: effort.watch("pricing", done))
    effort.pairs += instance.rows * instance.mentors
    keys, points, gains = _decide(instance, objective, prices, proposed.rows, proposed.mentors)
    crowded = np.setdiff1d(proposed.crowded, (keys // max(instance.mentors, 1))[gains > 0])
    if len(crowded) == 0:
        return keys, points, gains
    rest = _decide(instance, objective, prices, *scan.run_all(prices, crowded))
    beaten = rest[2] > 0
    parts = zip((keys, points, gains), rest, strict=True)
    keys, points, gains = (np.concatenate([kept, more[beaten]]) for kept, more in parts)
    return keys, points, gains


def best_gains(instance: Instance, keys: Int64, gains: Int64) -> int:
    """How much the rows' worths would have to rise until no pair of these beats its prices, half points."""
    best = np.zeros(instance.rows, np.int64)
    np.maximum.at(best, keys // max(instance.mentors, 1), gains)
    return int(best.sum())


def _decide(
    instance: Instance, objective: Objective, prices: Prices, rows: Int64, mentors: Int64
) -> tuple[Int64, Int64, Int64]:
    """Exactly: keys, half points and gains of the proposed pairs that are tight or beat their prices."""
    points = instance.points(rows, mentors)
    weights = pair_weights(points, rows, objective, instance.row_bonus(objective))
    gains = reduced_values(instance, weights, rows, mentors, prices)
    good = (weights != NEVER) & (gains >= 0)
    return (rows * instance.mentors + mentors)[good], points[good], gains[good]


def solve_pool(
    instance: Instance, objective: Objective, pool: Pool, start: Int32, prices: Prices | None, *, passing: bool = False
) -> tuple[Int32, Prices, int, Int64]:
    """The optimum over the pool: matching, prices, value and tight pairs.

    Middle prices where scores count; the lowest where only matches do: they leave the fewest rows to price. A
    `passing` answer, from which a search goes on, has any optimal prices.
    """
    if pool.grid is not None and not instance.shared.any():
        slots, bonus = instance.slots(objective), instance.row_bonus(objective)
        goal = objective.threshold, objective.scored
        mentor, price, worth, value, tight = solve_whole(pool.grid, bonus, *goal, slots.first, slots.gain, start)
        return mentor, Prices(price, worth, NOTHING, NOTHING), value, tight
    network, gates, keys = pool_network(instance, objective, pool)
    flow = start_flow(network)
    work = make_work(network)
    if not objective.scored and len(gates.keys) == 0:
        seat_start(network, flow, start)
        seat_most(network, flow)
        repair(network, flow, work, np.arange(instance.rows))
    else:
        if prices is not None:
            warm_flow(instance, network, gates, flow, start, prices)
            settle(network, flow)
        reach_optimum(network, flow, work, np.arange(instance.rows))
    if objective.scored:
        center_prices(network, flow, work)
    elif not passing:
        lower_prices(network, flow, work)
    found = read_prices(network, gates, flow)
    tight = keys[tight_arcs(network, flow)]
    return mentor_of(flow, network), found, flow_value(network, flow), tight


def reach_optimum(network: Network, flow: Flow, work: Work, order: Int64) -> None:
    """Repair a flow by augmenting paths where little is missing, else solve anew."""
    begun = flow.worth.any() or flow.load.any()
    missing = missing_seats(network, flow) if begun else len(order)
    small = missing * REPAIR_SHARE <= len(order) or len(network.head) < SMALL
    if small or start_by_auction(network, flow):
        repair(network, flow, work, order)
        return
    empty_flow(network, flow)
    if not fits_solver(network):
        repair(network, flow, work, order)
        return
    rows, heads = solve_cold(network)
    seat_rows(network, flow, rows, heads)
    lowest_prices_of(network, flow)


@compiled
def missing_seats(net: Network, flow: Flow) -> int:
    """Rows that should be matched at the prices and slots that should be filled, but are not."""
    missing = 0
    for row in range(len(flow.matched)):
        missing += flow.matched[row] == NONE and flow.worth[row] > 0
    for j in range(len(flow.load)):
        for at in range(net.slot[j] + flow.load[j], net.slot[j + 1]):
            missing += flow.price[j] + net.gain[at] > 0
    return missing


def lowest_pool_prices(instance: Instance, objective: Objective, pool: Pool) -> Int64:
    """The lowest optimal price per mentor within a pool, half points."""
    network, _, _ = pool_network(instance, objective, pool)
    flow, work = start_flow(network), make_work(network)
    reach_optimum(network, flow, work, np.arange(instance.rows))
    low = lowest_prices(network, flow, work)[: instance.mentors]
    return np.where(low == INFINITE, flow.price[: instance.mentors], low)


def pool_network(instance: Instance, objective: Objective, pool: Pool) -> tuple[Network, Gates, Int64]:
    rows, mentors = pool.keys // max(instance.mentors, 1), pool.keys % max(instance.mentors, 1)
    weights = pair_weights(pool.points, rows, objective, instance.row_bonus(objective))
    good = weights != NEVER
    network, gates = build_network(
        rows[good], mentors[good], weights[good], instance.problem.owner, instance.shared,
        instance.slots(objective),
    )  # fmt: skip
    return network, gates, pool.keys[good]


def warm_flow(
    instance: Instance, network: Network, gates: Gates, flow: Flow, start: Int32, prices: Prices
) -> None:
    """Put an earlier matching and its prices on a new network; `repair` then makes them fit."""
    count = instance.mentors
    flow.price[:count] = prices.price
    flow.price[count:] = prices.price[gates.mentor] + prices.gate_of(gates.keys)
    rows = np.flatnonzero(start >= 0)
    heads = start[rows].astype(np.int64)
    gated = instance.shared[rows]
    wanted = instance.problem.owner[rows[gated]].astype(np.int64) * count + heads[gated]
    at = np.searchsorted(gates.keys, wanted)
    known = np.concatenate([gates.keys, [-1]])[at] == wanted
    heads[gated] = np.where(known, count + at, -1)
    target = np.full(instance.rows, -1, np.int64)
    target[rows] = heads
    seat_start(network, flow, target)


def seat_start(network: Network, flow: Flow, start: Int32 | Int64) -> None:
    """Seat rows at the heads they had, -1 for none, where the network still has the arc."""
    for_arc = arc_rows(network)
    arcs = np.flatnonzero(network.head == start[for_arc])
    seat_rows(network, flow, for_arc[arcs], network.head[arcs])


def seat_rows(network: Network, flow: Flow, rows: Int64, heads: Int32) -> None:
    """Seat rows at heads while slots last; each mentor's first rows stay, the others are left out."""
    count = len(network.slot) - 1
    mentors = np.concatenate([np.arange(count), network.gate_mentor])[heads]
    order = np.argsort(mentors, kind="stable")
    rows, heads, mentors = rows[order], heads[order], mentors[order]
    rank = np.arange(len(rows)) - np.searchsorted(mentors, mentors)
    fits = rank < np.diff(network.slot)[mentors]
    rows, heads, mentors, rank = rows[fits], heads[fits], mentors[fits], rank[fits]
    flow.matched[rows] = heads
    flow.place[rows] = network.slot[mentors] + rank
    flow.seat[flow.place[rows]] = rows
    flow.load[:] = np.bincount(mentors, minlength=count)
    gated = heads >= count
    flow.holder[heads[gated] - count] = rows[gated]


def read_prices(network: Network, gates: Gates, flow: Flow) -> Prices:
    count = len(network.slot) - 1
    price = flow.price[:count].copy()
    own = flow.price[count:] - price[gates.mentor]
    return Prices(price, flow.worth.copy(), gates.keys[own > 0], own[own > 0])


def tight_arcs(network: Network, flow: Flow) -> np.ndarray:
    rows = arc_rows(network)
    return np.asarray(network.weight == flow.worth[rows] + flow.price[network.head])


def flow_value(network: Network, flow: Flow) -> int:
    """The objective of a flow: weights of its pairs and gains of its slots."""
    rows = arc_rows(network)
    pairs = int(network.weight[flow.matched[rows] == network.head].sum())
    mentor = np.repeat(np.arange(len(flow.load)), np.diff(network.slot))
    filled = np.arange(len(mentor)) - network.slot[mentor] < flow.load[mentor]
    return pairs + int(network.gain[filled].sum())


def dual_value(instance: Instance, objective: Objective, prices: Prices) -> int:
    """What the prices prove: no matching is worth more under this objective (weak duality)."""
    slots = instance.slots(objective)
    profit = slot_profit(prices.price, slots.first, slots.gain)
    return int(prices.worth.sum()) + profit + int(prices.gate_worth.sum())


@compiled
def slot_profit(price: Int64, first: Int64, gain: Int64) -> int:
    """What slots are worth to their mentors at these prices: price plus gain, where that is positive."""
    profit = np.int64(0)
    for j in range(len(price)):
        for at in range(first[j], first[j + 1]):
            profit += max(price[j] + gain[at], 0)
    return int(profit)
