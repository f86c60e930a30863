"""Price every pair, on all cores: which pairs are worth more than their prices?

After one full pass each row keeps, per tile of mentors, a bound on what its pairs can gain. When prices
move, the bounds move with them; a later pass computes only the tiles whose bound still allows a gain.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from services.matcher.assignment.instance import NEVER, Instance, Objective
from services.matcher.assignment.parallel import in_parallel
from services.matcher.assignment.problem import Bool, Float32, Float64, Int32, Int64, ScoreSource
from services.matcher.assignment.scanning import TILE, pick_mentors, pick_rows

BLOCK_BYTES = 32 << 20
TILE_ROWS = 512
COUNTED_ROWS = 256
DRIFT = 1e-6
MOST_PRUNED = 0.8
LEAST_TILES = 4

Tick = Callable[[float], None]
Found = tuple[Int64, Int64]
Span = tuple[int, int]
Job = TypeVar("Job")


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


@dataclass(frozen=True, slots=True)
class Proposals:
    """Pairs that may be worth their prices, and the rows of which there may be more than were kept."""

    rows: Int64
    mentors: Int64
    crowded: Int64


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a pass without a threshold left: the most a row's pairs gain per tile of mentors, and at which prices."""

    value: Float32
    price: Float64
    surplus: Float64


@dataclass(frozen=True, slots=True)
class Counting:
    """Rows against mentors where only matches count, and how their scores are found."""

    rows: Int64
    mentors: Int64
    score: "Callable[[Counting], Float32]"


class Scan:
    """Passes over all pairs of an instance under one objective; remembers bounds from pass to pass.

    Values are floats in score units (whole half points for objectives that only count). A pass proposes
    every pair within the source's tolerance of its prices; callers decide exactly. Inside, mentors stand in the
    order of `arrange`: tiles of mentors who are alike have telling bounds.
    """

    def __init__(self, instance: Instance, objective: Objective, keep: int, *, arranged: bool = False) -> None:
        self.instance, self.objective = instance, objective
        source = instance.problem.source
        self.order, self.source = arrange(source) if arranged else (np.arange(instance.mentors), source)
        self.mentor_hash, self.open = instance.mentor_hash[self.order], instance.capacity[self.order] > 0
        self.keep = min(keep, max(instance.mentors, 1))
        self.unit = float(instance.unit) if objective.scored else 1.0
        self.least = -instance.tolerance if objective.scored else 0.5
        self.threshold = _threshold(instance, objective)
        self.bonus = instance.row_bonus(objective)
        self.tile: Callable[..., Float32] = getattr(self.source, "tile", _no_tile)
        self.price, self.surplus = np.empty(0), np.empty(0)
        self.bounds: Float32 = np.empty((0, 0), np.float32)
        self.priced = 0

    def set_prices(self, prices: Prices) -> None:
        """Take new prices; bounds of an earlier pass move by as much as the prices did."""
        price = np.where(self.open, prices.price[self.order] / self.unit, np.inf)
        surplus = np.where(self.instance.active, (self.bonus - prices.worth) / self.unit, -np.inf)
        if self.bounds.size:
            opened = np.isfinite(price)
            fall = np.full(len(price), -np.inf)
            fall[opened] = self.price[opened] - price[opened]
            starts = np.arange(0, len(price), TILE)
            rise = np.subtract(surplus, self.surplus, out=np.zeros(len(surplus)), where=self.instance.active) + DRIFT
            self.bounds += rise[:, None].astype(np.float32)
            self.bounds += np.maximum(np.maximum.reduceat(fall, starts), -1e30)[None, :].astype(np.float32)
        self.price, self.surplus = price, surplus

    def recall(self, bounds: Bounds | None) -> None:
        """Go on from the bounds of another scan of this instance in the same arrangement."""
        if bounds is not None and self.objective.scored and self.tile is not _no_tile:
            self.bounds, self.price, self.surplus = bounds.value.copy(), bounds.price, bounds.surplus

    def leave(self) -> Bounds | None:
        """The bounds for a later scan; None where there are none that hold for any threshold."""
        plain = self.objective.scored and self.threshold is None and self.bounds.size
        return Bounds(self.bounds, self.price, self.surplus) if plain else None

    def run(self, prices: Prices, tick: Tick) -> Proposals:
        """Every pair that may be worth its prices, up to `keep` a row (or a row and tile)."""
        self.set_prices(prices)
        if hasattr(self.source, "pairs"):
            return self._run_listed(*self.source.pairs())
        if not self.objective.scored:
            return self._join(self._run_counting, self._counting_jobs(), tick)
        if self.bounds.size and self.tile is not _no_tile:
            active = self.bounds > self.least
            if active.mean() < MOST_PRUNED:
                return self._join(self._run_tile, list(_tile_jobs(active)), tick)
        self.clear_bounds()
        return self._join(self._run_block, list(_spans(self.instance, self.busy())), tick)

    def _run_listed(self, keys: Int64, scores: Float64) -> Proposals:
        """A source that lists its pairs is read pair by pair: no other pair is eligible."""
        rows, mentors = np.divmod(keys, max(self.instance.mentors, 1))
        values = scores if self.objective.scored else np.zeros(len(scores))
        near = values - self.price[mentors] >= self.least - self.surplus[rows]
        self.priced += len(keys)
        return Proposals(rows[near], mentors[near], np.empty(0, np.int64))

    def clear_bounds(self) -> None:
        self.bounds = np.full((self.instance.rows, -(-self.instance.mentors // TILE)), -np.inf, np.float32)

    def run_all(self, prices: Prices, rows: Int64) -> Found:
        """Every pair of some rows that may be worth its prices: for rows with more than are kept."""
        self.set_prices(prices)
        wanted = np.zeros(self.instance.rows, np.bool_)
        wanted[rows] = True
        spans = list(_spans(self.instance, wanted))
        found = in_parallel(lambda span: self._run_rows(span, wanted), spans)
        mentors = _concatenate([mentors for _, mentors in found])
        return _concatenate([rows for rows, _ in found]), self.order[mentors]

    def lists(self, price: Int64) -> Int64:
        """Each row's `keep` best mentors at these prices, best first, int64[rows, keep]; -1 where there are fewer."""
        nothing = np.empty(0, np.int64)
        self.set_prices(Prices(price, np.zeros(self.instance.rows, np.int64), nothing, nothing))
        lists = np.full((self.instance.rows, self.keep), -1, np.int64)

        def draw_up(span: Span) -> None:
            scores = self.values(self.source.block(*span))
            found, count, _ = self.pick(scores, np.arange(*span), -np.inf, _new_bounds(scores))
            lists[span[0] : span[1]] = np.where(np.arange(self.keep) < count[:, None], self.order[found], -1)

        in_parallel(draw_up, list(_spans(self.instance, self.busy())))
        return lists

    def _join(self, job: Callable[[Job], Proposals], jobs: list[Job], tick: Tick) -> Proposals:
        parts = in_parallel(job, jobs, tick)
        fields = ("rows", "mentors", "crowded")
        rows, mentors, crowded = (_concatenate([getattr(part, field) for part in parts]) for field in fields)
        return Proposals(rows, self.order[mentors], np.unique(crowded))

    def _counting_jobs(self) -> list[Counting]:
        """Where only matches count: rows that could gain, against mentors cheap enough for one of them."""
        cheap = np.flatnonzero(self.surplus.max(initial=-np.inf) - self.price >= self.least)
        busy = self.busy()
        rows = np.flatnonzero(busy)
        if len(cheap) == 0:
            return []
        if self.tile is _no_tile:
            spans = [(start + np.flatnonzero(busy[start:stop]), start) for start, stop in _spans(self.instance, busy)]
            return [Counting(rows, cheap, self._rows_of(start)) for rows, start in spans]
        part = self.source.narrowed(rows, cheap)  # type: ignore[attr-defined]
        starts = range(0, len(rows), COUNTED_ROWS)
        return [Counting(rows[start : start + COUNTED_ROWS], cheap, _block_of(part, start)) for start in starts]

    def _rows_of(self, start: int) -> Callable[[Counting], Float32]:
        """Some rows out of one block: for sources that give whole rows only."""
        return lambda job: self.source.block(start, int(job.rows[-1]) + 1)[np.ix_(job.rows - start, job.mentors)]

    def _run_counting(self, job: Counting) -> Proposals:
        scores = self.values(job.score(job))
        self.priced += scores.size
        keep = min(self.keep, len(job.mentors))
        found, count, _ = self.pick(scores, job.rows, self.least, _new_bounds(scores), job.mentors)
        named, at = _unfold(job.rows, found, count)
        return Proposals(named, job.mentors[at], job.rows[count == keep])

    def busy(self) -> Bool:
        """Rows that could gain from the cheapest mentor, where only counting matters."""
        cheapest = float(self.price.min(initial=np.inf))
        if self.objective.scored or not np.isfinite(cheapest):
            return np.asarray((self.surplus > -np.inf) & np.isfinite(cheapest))
        return np.asarray(self.surplus - cheapest >= self.least)

    def values(self, scores: Float32) -> Float32:
        """What counts of a block of scores: -inf where no pair may be made."""
        scores = np.ascontiguousarray(scores, np.float32)
        if self.threshold is not None:
            scores = np.where(scores >= self.threshold, scores, np.float32(-np.inf))
        if not self.objective.scored:
            scores = np.where(scores > -np.inf, np.float32(0), np.float32(-np.inf))
        return scores

    def _run_block(self, span: Span) -> Proposals:
        start, stop = span
        scores = self.values(self.source.block(start, stop))
        self.priced += scores.size
        found, count, _ = self.pick(scores, np.arange(start, stop), self.least, self.bounds[start:stop])
        rows, mentors = _unfold(np.arange(start, stop), found, count)
        return Proposals(rows, mentors, start + np.flatnonzero(count == self.keep))

    def _run_tile(self, job: tuple[int, Int64]) -> Proposals:
        tile, rows = job
        span = slice(tile * TILE, min((tile + 1) * TILE, self.instance.mentors))
        scores = self.values(self.tile(rows, span))
        self.priced += scores.size
        bounds = np.empty((len(rows), 1), np.float32)
        found, count, _ = self.pick(scores, rows, self.least, bounds, span)
        self.bounds[rows, tile] = bounds[:, 0]
        named, mentors = _unfold(rows, found, count)
        return Proposals(named, mentors + span.start, rows[count == min(self.keep, scores.shape[1])])

    def _run_rows(self, span: Span, wanted: Bool) -> Found:
        scores = self.values(self.source.block(*span))
        cut = np.where(wanted[slice(*span)], self.least - self.surplus[slice(*span)], np.inf)
        rows, mentors = np.nonzero(scores - self.price >= cut[:, None])
        return rows + span[0], mentors

    def pick(
        self, scores: Float32, rows: Int64, least: float, bounds: Float32, span: slice | Int64 = slice(None)
    ) -> tuple[Int64, Int64, Float64]:
        keep = min(self.keep, scores.shape[1])
        found, count = np.zeros((len(rows), keep), np.int32), np.zeros(len(rows), np.int32)
        top = np.empty(len(rows))
        pick_rows(
            scores, self.surplus[rows], self.price[span], least, self.instance.row_hash[rows],
            self.mentor_hash[span], bounds, found, count, top,
        )  # fmt: skip
        return found.astype(np.int64), count.astype(np.int64), top


def screen(
    instance: Instance, objective: Objective, price: Int64, keep: int, tick: Tick
) -> tuple[Found, Bounds | None]:
    """First candidates: the best of each row at these prices, the best rows of each mentor at their worth."""
    scan = Scan(instance, objective, keep, arranged=True)
    nothing = np.empty(0, np.int64)
    scan.set_prices(Prices(price, np.zeros(instance.rows, np.int64), nothing, nothing))
    scan.clear_bounds()
    lists = _MentorLists(instance, scan, keep)
    found = in_parallel(lists.run, list(_spans(instance, scan.busy())), tick)
    rows, mentors = lists.best()
    mentors = scan.order[_concatenate([*(named for _, named in found), mentors])]
    return (_concatenate([*(rows for rows, _ in found), rows]), mentors), scan.leave()


Lists = tuple[Float64, Int64, Int32, Int32, Float64]


class _MentorLists:
    """Short lists of rows per mentor, one set per thread, joined at the end."""

    def __init__(self, instance: Instance, scan: Scan, keep: int) -> None:
        self.instance, self.scan, self.keep = instance, scan, keep
        self.local = threading.local()
        self.lists: list[Lists] = []

    def _own(self) -> Lists:
        if not hasattr(self.local, "lists"):
            shape = (self.instance.mentors, self.keep)
            cut = np.where(self.scan.open, -np.inf, np.inf)
            self.local.lists = (
                np.full(shape, -np.inf), np.zeros(shape, np.int64), np.zeros(shape, np.int32),
                np.zeros(shape[0], np.int32), cut,
            )  # fmt: skip
            self.lists.append(self.local.lists)
        lists: Lists = self.local.lists
        return lists

    def run(self, span: Span) -> Found:
        start, stop = span
        scan, instance, rows = self.scan, self.instance, np.arange(start, stop)
        scores = scan.values(scan.source.block(start, stop))
        found, count, top = scan.pick(scores, rows, -np.inf, scan.bounds[start:stop])
        worth = np.where(instance.active[start:stop], np.maximum(top, 0), np.inf)
        hashes = instance.row_hash[start:stop], scan.mentor_hash
        value, draw, row, size, cut = self._own()
        pick_mentors(scores, worth, start, *hashes, value, draw, row, size, cut)
        return _unfold(rows, found, count)

    def best(self) -> Found:
        """The best rows of each mentor over all threads, by value, then hash; none where nobody has a slot."""
        if not self.lists:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        value = np.concatenate([lists[0] for lists in self.lists], axis=1)
        draw = np.concatenate([lists[1] for lists in self.lists], axis=1)
        row = np.concatenate([lists[2] for lists in self.lists], axis=1)
        order = np.lexsort((-draw, -value), axis=1)[:, : self.keep]
        kept = np.take_along_axis(value, order, 1) > -np.inf
        mentors = np.repeat(np.arange(self.instance.mentors), kept.sum(axis=1))
        return np.take_along_axis(row, order, 1)[kept].astype(np.int64), mentors


def _block_of(part: ScoreSource, start: int) -> Callable[[Counting], Float32]:
    return lambda job: part.block(start, start + len(job.rows))


def arrange(source: ScoreSource) -> tuple[Int64, ScoreSource]:
    """The order of mentors in which tiles are alike, and the source in that order; as it stands where it is small."""
    if source.mentors < LEAST_TILES * TILE or not hasattr(source, "arranged"):
        return np.arange(source.mentors), source
    arranged: tuple[Int64, ScoreSource] = source.arranged
    return arranged


def _no_tile(_rows: Int64, _mentors: slice) -> Float32:
    raise NotImplementedError("this source gives whole rows only")


def _new_bounds(scores: Float32) -> Float32:
    return np.empty((len(scores), -(-scores.shape[1] // TILE)), np.float32)


def _unfold(rows: Int64, found: Int64, count: Int64) -> Found:
    taken = np.arange(found.shape[1]) < count[:, None]
    return np.repeat(rows, count), found[taken]


def _concatenate(parts: Iterable[Int64]) -> Int64:
    return np.concatenate([np.empty(0, np.int64), *parts])


def _threshold(instance: Instance, objective: Objective) -> np.float32 | None:
    lowest = max(objective.threshold, instance.floor_points)
    if lowest <= NEVER + 1:
        return None
    return np.float32(lowest / instance.unit - 2 * instance.tolerance)


def _spans(instance: Instance, busy: Bool) -> Iterator[Span]:
    """Blocks of rows that fit the cache, without those in which no row is busy."""
    height = max(1, min(256, BLOCK_BYTES // (4 * max(instance.mentors, 1))))
    for start in range(0, instance.rows, height):
        stop = min(start + height, instance.rows)
        if instance.mentors and busy[start:stop].any():
            yield start, stop


def _tile_jobs(active: Bool) -> Iterator[tuple[int, Int64]]:
    for tile in range(active.shape[1]):
        rows = np.flatnonzero(active[:, tile])
        for start in range(0, len(rows), TILE_ROWS):
            yield tile, rows[start : start + TILE_ROWS]


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


