"""Compiled loops over blocks of scores: the best of each row, the best of each mentor, tile by tile."""

import numpy as np

from services.matcher.assignment.jit import compiled, compiled_fast
from services.matcher.assignment.problem import Float32, Float64, Int32, Int64
from services.matcher.assignment.ties import UInt64, pair_hash

TILE = 256


@compiled_fast
def best_of(scores: Float32, price: Float64, start: int, stop: int) -> float:
    """The largest score less price of a stretch of mentors (vector instructions)."""
    best = -np.inf
    for j in range(start, stop):
        best = max(best, scores[j] - price[j])
    return best


@compiled
def insert(value: Float64, draw: Int64, name: Int32, size: int, new: float, drawn: int, who: int) -> int:
    """Put an entry into a short list kept in order of value, then draw; the last falls off a full list."""
    at = size if size < len(value) else size - 1
    if at < size and (value[at] > new or (value[at] == new and draw[at] >= drawn)):
        return size
    while at > 0 and (value[at - 1] < new or (value[at - 1] == new and draw[at - 1] < drawn)):
        value[at], draw[at], name[at] = value[at - 1], draw[at - 1], name[at - 1]
        at -= 1
    value[at], draw[at], name[at] = new, drawn, who
    return min(size + 1, len(value))


@compiled
def pick_rows(
    scores: Float32, surplus: Float64, price: Float64, least: float,
    row_hash: UInt64, mentor_hash: UInt64, bounds: Float32, found: Int32, count: Int32, top: Float64,
) -> None:  # fmt: skip
    """Per row the mentors with the largest score + surplus - price above `least`; ties by hash.

    scores [rows, mentors]; fills found [rows, K] and count; bounds [rows, tiles] with the largest value of
    each tile; top with the largest score - price of each row.
    """
    mentors, keep = scores.shape[1], found.shape[1]
    value, draw = np.empty(keep), np.empty(keep, np.int64)
    for i in range(scores.shape[0]):
        size = 0
        cut = least - surplus[i]
        top[i] = -np.inf
        for start in range(0, mentors, TILE):
            stop = min(start + TILE, mentors)
            best = best_of(scores[i], price, start, stop)
            bounds[i, start // TILE] = best + surplus[i]
            top[i] = max(top[i], best)
            if not best >= cut:
                continue
            for j in range(start, stop):
                gain = scores[i, j] - price[j]
                if gain >= cut and gain > -np.inf:
                    drawn = pair_hash(row_hash[i], mentor_hash[j])
                    size = insert(value, draw, found[i], size, gain, drawn, j)
                    if size == keep:
                        cut = max(cut, value[keep - 1])
        count[i] = size


@compiled
def pick_mentors(
    scores: Float32, worth: Float64, first_row: int, row_hash: UInt64, mentor_hash: UInt64,
    value: Float64, draw: Int64, row: Int32, size: Int32, cut: Float64,
) -> None:  # fmt: skip
    """Per mentor the rows with the largest score - worth so far; value, draw, row are [mentors, K] lists.

    cut[mentor] is the last value of a full list (-inf before): what a newcomer must reach.
    """
    mentors, keep = scores.shape[1], value.shape[1]
    for i in range(scores.shape[0]):
        for start in range(0, mentors, TILE):
            stop = min(start + TILE, mentors)
            if not best_of(scores[i], cut, start, stop) >= worth[i]:
                continue
            for j in range(start, stop):
                gain = scores[i, j] - worth[i]
                if gain >= cut[j] and gain > -np.inf:
                    drawn = pair_hash(row_hash[i], mentor_hash[j])
                    size[j] = insert(value[j], draw[j], row[j], size[j], gain, drawn, first_row + i)
                    if size[j] == keep:
                        cut[j] = value[j, keep - 1]
