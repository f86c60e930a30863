"""What the pairs of an open run can gain at most, tile by tile, so that few of them are ever computed again.

For each row and tile of mentors the largest score less price is kept, as an upper bound: where a price falls,
the bounds of its tile rise as much; where one rises, they stay. Only tiles whose bound allows a gain are computed.
"""

from collections.abc import Iterator

import numpy as np

from services.matcher.assignment.jit import compiled
from services.matcher.assignment.parallel import in_parallel
from services.matcher.assignment.problem import Float32, Float64, Int32, Int64, ScoreSource
from services.matcher.assignment.scanning import TILE, best_of

DRIFT = 1e-6
CHUNK = 256


@compiled
def top_tiles(scores: Float32, price: Float64, top: Float32) -> None:
    """The largest score less price of each row and tile, into top [tiles, rows]."""
    for i in range(scores.shape[0]):
        for tile in range(top.shape[0]):
            top[tile, i] = best_of(scores[i], price, tile * TILE, min((tile + 1) * TILE, scores.shape[1]))


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
    """Scores of any rows against any mentors, float32, by tile where the source can."""
    tile = getattr(source, "tile", None)
    if tile is not None:
        return np.ascontiguousarray(tile(slice(None) if len(rows) == source.rows else rows, mentors), np.float32)
    runs = np.split(rows, np.flatnonzero(np.diff(rows) != 1) + 1)
    parts = [part for run in runs for part in np.array_split(run, len(run) // CHUNK + 1) if len(part)]
    return np.concatenate([source.block(int(part[0]), int(part[-1]) + 1)[:, mentors] for part in parts])


class TileBounds:
    """top float32[tiles, rows]: no score less price of a row's pairs within a tile is above it."""

    def __init__(self, source: ScoreSource, price: Float64) -> None:
        self.top: Float32 = np.full((-(-source.mentors // TILE), source.rows), -np.inf, np.float32)

        def measure(start: int) -> None:
            stop = min(start + CHUNK, source.rows)
            scores = np.ascontiguousarray(source.block(start, stop), np.float32)
            top_tiles(scores, price, self.top[:, start:stop])

        if self.top.size:
            in_parallel(measure, range(0, source.rows, CHUNK))

    def grow(self, rows: int, mentors: int) -> None:
        """For more rows (nothing is known of them: they may gain anywhere) and more mentors (see `widen`)."""
        tiles, known = self.top.shape
        top = np.full((-(-mentors // TILE), rows), np.inf, np.float32)
        top[tiles:] = -np.inf
        top[:tiles, :known] = self.top
        self.top = top

    def set_rows(self, rows: Int64, scores: Float32, price: Float64) -> None:
        """Bounds of rows from their scores with all mentors."""
        top = np.empty((len(self.top), len(rows)), np.float32)
        top_tiles(scores, price, top)
        self.top[:, rows] = top

    def widen(self, mentors: Int64, scores: Float32, price: Float64) -> None:
        """Take in some mentors, given their scores with all rows."""
        for tile in np.unique(mentors // TILE):
            here = mentors // TILE == tile
            self.top[tile] = np.maximum(self.top[tile], (scores[:, here] - price[here].astype(np.float32)).max(axis=1))
            self.top[tile] += DRIFT

    def fall(self, falls: Float64) -> Int64:
        """Prices fell, float64[mentors] >= 0. Returns the tiles in which some did."""
        most = np.maximum.reduceat(falls, np.arange(0, len(falls), TILE)) if len(falls) else falls
        tiles = np.flatnonzero(most > 0)
        self.top[tiles] += (most[tiles] + DRIFT).astype(np.float32)[:, None]
        return tiles

    def open_tiles(self, rows: Int64, tiles: Int64, least: Float64) -> Iterator[tuple[int, Int64]]:
        """Tiles, each with the rows whose pairs there may reach `least` (float64 of all rows).

        Looked for in some rows everywhere, and in some tiles for everybody.
        """
        whole = np.zeros(len(self.top), np.bool_)
        whole[tiles] = True
        for tile in range(len(self.top)):
            if whole[tile]:
                yield tile, np.flatnonzero(self.top[tile] >= least)
        at, row = np.nonzero(self.top[:, rows] >= least[rows])
        starts = np.searchsorted(at, np.arange(len(self.top) + 1))
        for tile in np.flatnonzero(~whole):
            yield int(tile), rows[row[starts[tile] : starts[tile + 1]]]

    def price_tile(
        self, source: ScoreSource, tile: int, rows: Int64, price: Float64, least: Float64
    ) -> tuple[Int64, Int64]:
        """Pairs of rows within a tile that may reach `least`; the rows' bounds are exact again."""
        span = slice(tile * TILE, min((tile + 1) * TILE, source.mentors))
        scores = read_scores(source, rows, span)
        top = np.empty((1, len(rows)), np.float32)
        top_tiles(scores, price[span], top)
        self.top[tile, rows] = top[0]
        row, mentor = pairs_above(scores, price[span], least[rows])
        return rows[row], mentor.astype(np.int64) + span.start

