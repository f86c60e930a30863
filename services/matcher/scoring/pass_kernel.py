"""The passes over the mentors of a tile from which a block of scores is made; see `block_kernel` for their order.

Each runs over all mentors of the tile without a branch, so that the compiler can use vector instructions.
"""

from typing import Any

import numpy as np
from numba.extending import intrinsic
from numpy.typing import NDArray

from services.matcher.scoring.jit import compiled_loop

Floats = NDArray[np.float32]
Words = NDArray[np.uint64]

SAME = 1
FORBIDDEN = 1
UNFIT = np.float32(-np.inf)
ZERO, HALF, ONE = np.float32(0.0), np.float32(0.5), np.float32(1.0)


def _ones(_typing: Any, word: Any) -> Any:
    """The number of bits set in a word, as one machine instruction."""
    def emit(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return word(word), emit


ones: Any = intrinsic(_ones)


@compiled_loop
def take(line: Floats, weight: np.float32, table: Floats, at: int, code: NDArray[np.uint16]) -> None:
    for m in range(len(line)):
        fit = table[at, code[m]]
        line[m] = UNFIT if fit == UNFIT else weight * fit


@compiled_loop
def add(line: Floats, weight: np.float32, values: Floats) -> None:
    for m in range(len(line)):
        line[m] += weight * values[m]


@compiled_loop
def add_looked_up(line: Floats, weight: np.float32, table: Floats, at: int, code: NDArray[np.uint16]) -> None:
    for m in range(len(line)):
        line[m] += weight * table[at, code[m]]


@compiled_loop
def bar_language(line: Floats, speaks: np.uint64, languages: Words) -> None:
    for m in range(len(line)):
        line[m] = UNFIT if ((languages[m] & speaks) == 0) & (languages[m] != 0) else line[m]


@compiled_loop
def bar_site(line: Floats, site: np.int32, rule: int, sites: NDArray[np.int32]) -> None:
    for m in range(len(line)):
        here = sites[m] == site
        barred = here if rule == FORBIDDEN else (not here) & (sites[m] >= 0)
        line[m] = UNFIT if barred else line[m]


@compiled_loop
def count_hours(common: Floats, h0: np.uint64, h1: np.uint64, h2: np.uint64, offered: Words) -> None:
    for m in range(len(common)):
        both = ones(offered[0, m] & h0) + ones(offered[1, m] & h1) + ones(offered[2, m] & h2)
        common[m] = np.float32(both)


@compiled_loop
def bar_hours(line: Floats, common: Floats, least: np.float32, known: NDArray[np.bool_]) -> None:
    for m in range(len(line)):
        line[m] = UNFIT if (common[m] < least) & known[m] else line[m]


@compiled_loop
def add_hours(line: Floats, weight: np.float32, common: Floats, enough: np.float32) -> None:
    for m in range(len(line)):
        line[m] += weight * min(common[m], enough)


@compiled_loop
def bar_foreign(
    line: Floats, near: NDArray[np.bool_], at: int, specialty: NDArray[np.uint16], named: NDArray[np.bool_]
) -> None:
    for m in range(len(line)):
        fine = not named[m]
        for rank in range(len(specialty)):
            fine |= near[at, specialty[rank, m]]
        line[m] = line[m] if fine else UNFIT


@compiled_loop
def add_site(line: Floats, weight: np.float32, site: np.int32, state: np.int32, wish: int, sites: NDArray[np.int32],
             states: NDArray[np.int32]) -> None:
    if wish == SAME:
        for m in range(len(line)):
            line[m] += weight * (ONE if sites[m] == site else (HALF if states[m] == state else ZERO))
    else:
        for m in range(len(line)):
            line[m] += weight * (ZERO if sites[m] == site else ONE)


@compiled_loop
def add_ties(line: Floats, weight: np.float32, t0: np.uint64, t1: np.uint64, known: Words) -> None:
    for m in range(len(line)):
        line[m] += weight * (ONE if ((known[0, m] & t0) | (known[1, m] & t1)) != 0 else ZERO)


@compiled_loop
def add_common_bit(line: Floats, weight: np.float32, bit: np.uint64, words: Words) -> None:
    for m in range(len(line)):
        line[m] += weight * (ONE if (words[m] & bit) != 0 else ZERO)


@compiled_loop
def add_specialty(
    line: Floats, weight: np.float32, wish: Floats, at: int, specialty: NDArray[np.uint16], rank_weight: Floats,
    best: Floats,
) -> None:
    for m in range(len(line)):
        best[m] = rank_weight[0] * wish[at, specialty[0, m]]
    for rank in range(1, len(specialty)):
        for m in range(len(line)):
            best[m] = max(best[m], rank_weight[rank] * wish[at, specialty[rank, m]])
    for m in range(len(line)):
        line[m] += weight * best[m]


@compiled_loop
def add_unshared(line: Floats, weight: np.float32, shared: Floats, said: Floats) -> None:
    for m in range(len(line)):
        line[m] += weight * (ONE - shared[m] / max(said[m], ONE) if said[m] > ZERO else ZERO)


@compiled_loop
def add_elsewhere(line: Floats, weight: np.float32, site: np.int32, state: np.int32, sites: NDArray[np.int32],
                  states: NDArray[np.int32]) -> None:
    for m in range(len(line)):
        other = (sites[m] >= 0) & (sites[m] != site)
        line[m] += weight * ((HALF if states[m] == state else ONE) if other else ZERO)


@compiled_loop
def mix(mixed: Floats, meaning: Floats, words: Floats, share: np.float32) -> None:
    for m in range(len(mixed)):
        mixed[m] = (ONE - share) * meaning[m] + share * words[m]


@compiled_loop
def fetch(values: Floats, similar: Floats, at: int) -> None:
    for m in range(len(values)):
        values[m] = similar[at, m]


@compiled_loop
def pool(pooled: Floats, similar: Floats, begin: int, split: int, end: int, start: NDArray[np.int64],
         border: NDArray[np.int64]) -> None:
    """The mean of the three best dot products of statements before both borders or behind both; 0 without any."""
    for m in range(len(pooled)):
        one, two, three = UNFIT, UNFIT, UNFIT
        for a in range(begin, end):
            first, last = (start[m], border[m]) if a < split else (border[m], start[m + 1])
            for b in range(first - start[0], last - start[0]):
                value = similar[a, b]
                three = max(three, min(two, value))
                two = max(two, min(one, value))
                one = max(one, value)
        found = (split - begin) * (border[m] - start[m]) + (end - split) * (start[m + 1] - border[m])
        if found >= 3:
            pooled[m] = (one + two + three) / np.float32(3.0)
        elif found == 2:
            pooled[m] = (one + two) * HALF
        else:
            pooled[m] = one if found == 1 else ZERO


@compiled_loop
def add_scaled(line: Floats, weight: np.float32, close: Floats, wrote: Floats, scale: Floats, slope: Floats) -> None:
    half, most = np.float32(len(slope) / 2), np.float32(len(slope) - 0.001)
    for m in range(len(line)):
        at = min(max((close[m] + ONE) * half, ZERO), most)
        cell = np.uint32(at)
        line[m] += weight * wrote[m] * (scale[cell] + (at - np.float32(cell)) * slope[cell])
