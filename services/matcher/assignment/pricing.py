"""Price every pair, in blocks, on all cores: which pairs are worth more than their prices?"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from services.matcher.assignment.instance import NEVER, Instance, Objective
from services.matcher.assignment.jit import compiled, compiled_fast
from services.matcher.assignment.problem import Float32, Float64, Int32, Int64
from services.matcher.assignment.ties import UInt64, pair_hash

TILE = 512
BLOCK_BYTES = 8 << 20

Tick = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Prices:
    """Duals in half points: price per mentor, worth per row, and the gates' own (by owner · mentors + mentor)."""

    price: Int64
    worth: Int64
    gate_key: Int64
    gate_worth: Int64

    def gate_of(self, keys: Int64) -> Int64:
        if len(self.gate_key) == 0:
            return np.zeros(len(keys), np.int64)
        at = np.minimum(np.searchsorted(self.gate_key, keys), len(self.gate_key) - 1)
        return np.where(self.gate_key[at] == keys, self.gate_worth[at], 0)


@compiled_fast
def _best(scores: Float32, price: Float64, start: int, stop: int) -> float:
    best = -np.inf
    for j in range(start, stop):
        best = max(best, scores[j] - price[j])
    return best


@compiled
def _pick(
    scores: Float32, surplus: Float64, price: Float64, least: float,
    row_hash: UInt64, mentor_hash: UInt64, found: Int32, count: Int32,
) -> None:  # fmt: skip
    """Per row, up to K mentors with the largest score + surplus - price above `least`; ties by hash."""
    keep, mentors = found.shape[1], scores.shape[1]
    value = np.empty(keep)
    draw = np.empty(keep, np.int64)
    for i in range(scores.shape[0]):
        size = 0
        cut = least - surplus[i]
        for start in range(0, mentors, TILE):
            stop = min(start + TILE, mentors)
            if not _best(scores[i], price, start, stop) >= cut:
                continue
            for j in range(start, stop):
                gain = scores[i, j] - price[j]
                if not gain >= cut or gain == -np.inf:
                    continue
                hashed = pair_hash(row_hash[i], mentor_hash[j])
                if size == keep and gain == value[keep - 1] and hashed <= draw[keep - 1]:
                    continue
                at = size if size < keep else keep - 1
                while at > 0 and (value[at - 1] < gain or (value[at - 1] == gain and draw[at - 1] < hashed)):
                    value[at], draw[at], found[i, at] = value[at - 1], draw[at - 1], found[i, at - 1]
                    at -= 1
                value[at], draw[at], found[i, at] = gain, hashed, j
                size = min(size + 1, keep)
                if size == keep:
                    cut = max(cut, value[keep - 1])
        count[i] = size


def propose(
    instance: Instance, objective: Objective, prices: Prices, keep: int, tick: Tick, *, cut: bool = True
) -> tuple[Int64, Int64]:
    """Pairs (rows, mentors) that may be worth at least their prices: up to `keep` a row, the best first.

    Without `cut` simply the best of each row at these prices. Float32 only proposes; callers decide exactly.
    """
    scan = _Scan(instance, objective, prices, keep, cut=cut)
    return _in_parallel(scan.run, list(_spans(instance, scan.busy)), tick)


def propose_all(
    instance: Instance, objective: Objective, prices: Prices, rows: Int64
) -> tuple[Int64, Int64]:
    """Every pair of some rows that may be worth its prices: for rows with more ties than are kept."""
    scan = _Scan(instance, objective, prices, 1, cut=True)
    wanted = np.zeros(instance.rows, np.bool_)
    wanted[rows] = True
    scan.surplus[~wanted] = -np.inf
    return _in_parallel(scan.run_all, list(_spans(instance, wanted)), lambda _: None)


def _in_parallel(
    run: Callable[[tuple[int, int]], tuple[Int64, Int64]], chunks: list[tuple[int, int]], tick: Tick
) -> tuple[Int64, Int64]:
    rows: list[Int64] = []
    mentors: list[Int64] = []
    with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(_threads()) as pool:
        for done, (some_rows, some_mentors) in enumerate(pool.map(run, chunks), start=1):
            rows.append(some_rows)
            mentors.append(some_mentors)
            tick(done / len(chunks))
    empty = [np.empty(0, np.int64)]
    return np.concatenate(rows or empty), np.concatenate(mentors or empty)


class _Scan:
    """One pass in floating point; knows which rows cannot gain at all and skips them."""

    def __init__(
        self, instance: Instance, objective: Objective, prices: Prices, keep: int, *, cut: bool
    ) -> None:
        self.instance, self.keep = instance, min(keep, max(instance.mentors, 1))
        self.scored = objective.scored
        unit = float(instance.unit) if objective.scored else 1.0
        bonus = instance.row_bonus(objective)
        self.price = np.where(instance.capacity > 0, prices.price / unit, np.inf)
        self.surplus = np.where(instance.active, (bonus - prices.worth) / unit, -np.inf)
        self.least = (-instance.tolerance if objective.scored else 0.5) if cut else -np.inf
        self.threshold = _threshold(instance, objective)
        cheapest = float(self.price.min(initial=np.inf))
        hopeless = self.surplus - cheapest < self.least if cut and not self.scored else self.surplus == -np.inf
        self.busy = ~hopeless & (cheapest < np.inf)

    def values(self, start: int, stop: int) -> Float32:
        """What counts of the scores of a block: -inf where no pair may be made."""
        scores = np.asarray(self.instance.problem.source.block(start, stop), np.float32)
        if self.threshold is not None:
            scores = np.where(scores >= self.threshold, scores, np.float32(-np.inf))
        if not self.scored:
            scores = np.where(scores > -np.inf, np.float32(0), np.float32(-np.inf))
        return scores

    def run_all(self, span: tuple[int, int]) -> tuple[Int64, Int64]:
        start, stop = span
        gains = self.values(start, stop) - self.price
        rows, mentors = np.nonzero(gains >= (self.least - self.surplus[start:stop])[:, None])
        return rows + start, mentors

    def run(self, span: tuple[int, int]) -> tuple[Int64, Int64]:
        start, stop = span
        scores = self.values(start, stop)
        found = np.zeros((stop - start, self.keep), np.int32)
        count = np.zeros(stop - start, np.int32)
        hashes = self.instance.row_hash[start:stop]
        _pick(
            scores, self.surplus[start:stop], self.price, self.least,
            hashes, self.instance.mentor_hash, found, count,
        )  # fmt: skip
        taken = np.arange(self.keep) < count[:, None]
        rows = np.repeat(np.arange(start, stop, dtype=np.int64), count)
        return rows, found[taken].astype(np.int64)


def _threshold(instance: Instance, objective: Objective) -> np.float32 | None:
    lowest = max(objective.threshold, instance.floor_points)
    if lowest <= NEVER + 1:
        return None
    return np.float32(lowest / instance.unit - 2 * instance.tolerance)


def _spans(instance: Instance, busy: np.ndarray) -> Iterator[tuple[int, int]]:
    """Blocks of rows that fit the cache, without those in which no row is busy."""
    height = max(1, min(256, BLOCK_BYTES // (4 * max(instance.mentors, 1))))
    for start in range(0, instance.rows, height):
        stop = min(start + height, instance.rows)
        if busy[start:stop].any():
            yield start, stop


def _threads() -> int:
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def reduced_values(
    instance: Instance, weights: Int64, rows: Int64, mentors: Int64, prices: Prices
) -> Int64:
    """Weight less prices of pairs: positive where the pair beats its prices (half points)."""
    value = weights - prices.worth[rows] - prices.price[mentors]
    shared = instance.shared[rows]
    if shared.any() and len(prices.gate_key):
        keys = instance.problem.owner[rows[shared]].astype(np.int64) * instance.mentors + mentors[shared]
        value[shared] -= prices.gate_of(keys)
    return value
