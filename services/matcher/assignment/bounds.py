"""What the pairs of an open run can gain at most, so that few of them are ever computed again.

For each row and tile of mentors the largest score less price is kept, and for each mentor and tile of rows the
largest score less the row's limit (its worth less its bonus). They are upper bounds: where a price falls, the
bounds of its tile rise as much; where one rises, they stay. Only tiles whose bound allows a gain are computed.
"""

from collections.abc import Iterator

import numpy as np

from services.matcher.assignment.jit import compiled
from services.matcher.assignment.parallel import in_parallel
from services.matcher.assignment.problem import Float32, Float64, Int32, Int64, ScoreSource
from services.matcher.assignment.scanning import TILE, best_of

DRIFT = 1e-6
FAR_FALL = 0.02
SPARE = 1024


@compiled
def top_of_rows(scores: Float32, price: Float64, top: Float32) -> None:
    """The largest score less price of each row and tile of mentors, into top [tiles, rows]."""
    for i in range(scores.shape[0]):
        for tile in range(top.shape[0]):
            top[tile, i] = best_of(scores[i], price, tile * TILE, min((tile + 1) * TILE, scores.shape[1]))


@compiled
def top_of_mentors(scores: Float32, limit: Float64, top: Float32) -> None:
    """The largest score less limit of each mentor, into top [mentors]."""
    top[:] = -np.inf
    for i in range(scores.shape[0]):
        own = np.float32(limit[i])
        for j in range(scores.shape[1]):
            top[j] = max(top[j], scores[i, j] - own)


@compiled
def pairs_above(scores: Float32, price: Float64, least: Float64) -> tuple[Int32, Int32]:
    """Places of the scores that reach their price plus the row's `least`."""
    rows, mentors = np.empty(64, np.int32), np.empty(64, np.int32)
    size = 0
    for i in range(scores.shape[0]):
        for j in range(scores.shape[1]):
            if scores[i, j] - price[j] >= least[i]:
                if size == len(rows):
                    rows, mentors = np.append(rows, np.empty_like(rows)), np.append(mentors, np.empty_like(rows))
                rows[size], mentors[size] = i, j
                size += 1
    return rows[:size], mentors[:size]


def read_scores(source: ScoreSource, rows: Int64, mentors: slice | Int64) -> Float32:
    """Scores of any rows (ascending) against any mentors, float32, by tile where the source can."""
    tile = getattr(source, "tile", None)
    if tile is not None:
        whole = slice(int(rows[0]), int(rows[-1]) + 1) if len(rows) else slice(0, 0)
        return np.ascontiguousarray(tile(whole if len(rows) == whole.stop - whole.start else rows, mentors), np.float32)
    runs = np.split(rows, np.flatnonzero(np.diff(rows) != 1) + 1)
    parts = [part for run in runs for part in np.array_split(run, len(run) // TILE + 1) if len(part)]
    return np.concatenate([source.block(int(part[0]), int(part[-1]) + 1)[:, mentors] for part in parts])


class Tops:
    """top float32[tiles of the others, own]; `wide` has room to grow."""

    def __init__(self, own: int, others: int) -> None:
        self.wide = np.full((_tiles(others), own + own // 16 + SPARE), -np.inf, np.float32)
        self.own = own

    @property
    def top(self) -> Float32:
        return self.wide[:, : self.own]

    def grow(self, own: int, others: int) -> None:
        if own > self.wide.shape[1] or _tiles(others) > self.wide.shape[0]:
            old = self.top
            self.wide = Tops(own, others).wide
            self.wide[: len(old), : self.own] = old
        self.own = own

    def rise(self, falls: Float64, drift: float) -> None:
        """What the others ask fell, float64[others] >= 0."""
        if len(falls) == 0:
            return
        most = np.maximum.reduceat(falls, np.arange(0, len(falls), TILE))
        for tile in np.flatnonzero(most > 0):
            self.top[tile] += np.float32(most[tile] + drift)

    def open_tiles(self, own: Int64, least: Float64) -> Iterator[tuple[int, Int64]]:
        """Tiles, each with those of `own` that may reach their `least` there."""
        at, place = np.nonzero(self.top[:, own] >= least)
        starts = np.searchsorted(at, np.arange(len(self.wide) + 1))
        for tile in np.unique(at):
            yield int(tile), own[place[starts[tile] : starts[tile + 1]]]


def _tiles(size: int) -> int:
    return -(-size // TILE)


class PairBounds:
    """Bounds from both sides. Limits of rows and prices of mentors are in score units, infinite where closed."""

    def __init__(self, source: ScoreSource, limit: Float64, price: Float64, tolerance: float) -> None:
        self.source, self.tolerance, self.drift = source, tolerance, DRIFT
        self._allow(limit, price)
        self.rows, self.mentors = Tops(source.rows, source.mentors), Tops(source.mentors, source.rows)

        def measure(tile: int) -> None:
            span = slice(tile * TILE, min((tile + 1) * TILE, source.rows))
            scores = np.ascontiguousarray(source.block(span.start, span.stop), np.float32)
            top = np.empty((len(self.rows.wide), len(scores)), np.float32)
            top_of_rows(scores, price, top)
            self.rows.top[:, span] = top
            top_of_mentors(scores, limit[span], self.mentors.top[tile])

        if source.rows and source.mentors:
            in_parallel(measure, range(_tiles(source.rows)))

    def _allow(self, limit: Float64, price: Float64) -> None:
        """Bounds are float32: their rounding grows with the size of what is in them (bonuses too)."""
        sizes = (float(np.abs(of[np.isfinite(of)]).max(initial=1.0)) for of in (limit, price))
        self.drift = max(self.drift, DRIFT * max(sizes))
        self.slack = self.tolerance + self.drift

    def grow(self, source: ScoreSource) -> None:
        self.source = source
        self.rows.grow(source.rows, source.mentors)
        self.mentors.grow(source.mentors, source.rows)

    def add_rows(self, rows: Int64, scores: Float32, limit: Float64, price: Float64) -> None:
        """Take in new rows, given their scores with all mentors."""
        top = np.empty((_tiles(scores.shape[1]), len(rows)), np.float32)
        top_of_rows(scores, price, top)
        self.rows.top[: len(top), rows] = top
        for tile in np.unique(rows // TILE):
            here, best = rows // TILE == tile, np.empty(scores.shape[1], np.float32)
            top_of_mentors(scores[here], limit[rows[here]], best)
            self.mentors.top[tile] = np.maximum(self.mentors.top[tile], best)

    def add_mentors(self, mentors: Int64, scores: Float32, limit: Float64) -> None:
        """Take in new mentors, given their scores with all rows; `widen` is due once they have a price."""
        top = np.empty(len(mentors), np.float32)
        for tile in range(_tiles(len(scores))):
            span = slice(tile * TILE, (tile + 1) * TILE)
            top_of_mentors(scores[span], limit[span], top)
            self.mentors.top[tile, mentors] = top

    def proposed(
        self, rows: Int64, row_falls: Float64, price_falls: Float64, limit: Float64, price: Float64
    ) -> tuple[Int64, Int64]:
        """Pairs that may gain now that some rows have less worth, and mentors ask less, than was proven."""
        mentors, far = np.flatnonzero(price_falls > 0), price_falls > FAR_FALL
        self._allow(limit, price)
        self.mentors.rise(row_falls, self.drift)
        self.rows.rise(np.where(far, 0.0, price_falls), self.drift)
        self._widen(np.flatnonzero(far), limit, price)
        found = [np.empty((2, 0), np.int64)]
        for tile, some in self.rows.open_tiles(rows, limit[rows] - self.slack):
            found.append(self._price_rows(tile, some, limit, price))
        for tile, some in self.mentors.open_tiles(mentors, price[mentors] - self.slack):
            found.append(self._price_mentors(tile, some, limit, price))
        row, mentor = np.concatenate(found, axis=1)
        return row, mentor

    def _widen(self, mentors: Int64, limit: Float64, price: Float64) -> None:
        """The rows' bounds for mentors who ask much less: from what is known of these mentors."""
        limit = np.where(np.isfinite(limit), limit, 0.0)
        for j in mentors:
            reach = np.repeat(self.mentors.top[:, j] - price[j] + self.drift, TILE)[: len(limit)] + limit
            self.rows.top[j // TILE] = np.maximum(self.rows.top[j // TILE], reach)

    def _price_rows(self, tile: int, rows: Int64, limit: Float64, price: Float64) -> Int64:
        span = slice(tile * TILE, min((tile + 1) * TILE, self.source.mentors))
        scores, top = read_scores(self.source, rows, span), np.empty((1, len(rows)), np.float32)
        top_of_rows(scores, price[span], top)
        self.rows.top[tile, rows] = top[0]
        row, mentor = pairs_above(scores, price[span], limit[rows] - self.slack)
        return np.stack([rows[row], mentor.astype(np.int64) + span.start])

    def _price_mentors(self, tile: int, mentors: Int64, limit: Float64, price: Float64) -> Int64:
        rows = np.arange(tile * TILE, min((tile + 1) * TILE, self.source.rows))
        scores, top = read_scores(self.source, rows, mentors), np.empty(len(mentors), np.float32)
        top_of_mentors(scores, limit[rows], top)
        self.mentors.top[tile, mentors] = top
        row, mentor = pairs_above(scores, price[mentors], limit[rows] - self.slack)
        return np.stack([rows[row], mentors[mentor]])
