"""The compiled pass that turns dot products into scores, row by row; see `block` for the arrays.

It repeats in float32 what the features say one by one in float64; a test holds the two together.
"""

from typing import Any

import numba
import numpy as np
from numba.extending import intrinsic
from numpy.typing import NDArray

CHUNK_ROWS = 16
INTEREST, SPECIALTY, STAGE, SHARED, DIFFERENT, TIME, PLACE, STYLE = range(8)
SAME, OTHER = 1, 2
FORBIDDEN, REQUIRED = 1, 2
UNFIT = np.float32(-np.inf)
ZERO, HALF, ONE = np.float32(0.0), np.float32(0.5), np.float32(1.0)


def _ones(_typing: Any, word: Any) -> Any:
    """The number of bits set in a word, as one machine instruction."""
    def emit(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return word(word), emit


ones: Any = intrinsic(_ones)


@numba.njit(cache=True, parallel=True, fastmath={"nsz", "contract"})
def score_rows(first: int, owner: NDArray[np.int32], code: NDArray[np.int32],
               asks_specialty: NDArray[np.bool_], weights: NDArray[np.float32],
               similar: NDArray[np.float32], offset: int, left: Any, right: Any, tables: Any,
               scores: NDArray[np.float32]) -> None:
    """Fill scores float32[rows, mentors] for the rows from `first` on."""
    mentors = len(right.offer)
    chunks = (len(owner) + CHUNK_ROWS - 1) // CHUNK_ROWS
    for chunk in numba.prange(chunks):
        words = np.zeros(mentors, np.float32)
        cared = np.zeros(mentors, np.float32)
        shared = np.zeros(mentors, np.float32)
        for r in range(chunk * CHUNK_ROWS, min((chunk + 1) * CHUNK_ROWS, len(owner))):
            i, row = owner[r], first + r
            weight, line = weights[row], scores[r]
            spread_tokens(i, left, right, cared, shared)
            if tables.lexical > ZERO:
                spread_terms(i, left, right, words)
            add_tables(i, tables.stage[code[row]], weight, left, right, tables, line)
            if weight[INTEREST] > ZERO:
                add_interest(i, weight[INTEREST], similar, offset, words, left, right, tables, line)
            if weight[SHARED] > ZERO:
                add_shared(weight[SHARED] / left.importance_sum[i], cared, line)
            if weight[DIFFERENT] > ZERO:
                add_different(i, weight[DIFFERENT], shared, left, right, line)
            if asks_specialty[row] and left.specialty_named[i]:
                bar_foreign(left.near_wish[left.specialty_list[i]], right, line)
            for e in range(left.excluded_start[i], left.excluded_start[i + 1]):
                line[left.excluded[e]] = UNFIT
            clear(i, left, right, words, cared, shared)


@numba.njit(cache=True, inline="always")
def spread_tokens(i: int, left: Any, right: Any, cared: NDArray[np.float32], shared: NDArray[np.float32]) -> None:
    for t in range(left.token_start[i], left.token_start[i + 1]):
        token, importance = left.token[t], left.importance[t]
        for at in range(right.token_start[token], right.token_start[token + 1]):
            cared[right.token_mentor[at]] += importance
            shared[right.token_mentor[at]] += ONE


@numba.njit(cache=True, inline="always")
def spread_terms(i: int, left: Any, right: Any, words: NDArray[np.float32]) -> None:
    for t in range(left.term_start[i], left.term_start[i + 1]):
        term, weight = left.term[t], left.term_weight[t]
        for at in range(right.term_start[term], right.term_start[term + 1]):
            words[right.term_mentor[at]] += weight * right.term_weight[at]


@numba.njit(cache=True, inline="always")
def clear(i: int, left: Any, right: Any, words: NDArray[np.float32], cared: NDArray[np.float32],
          shared: NDArray[np.float32]) -> None:
    for t in range(left.token_start[i], left.token_start[i + 1]):
        for at in range(right.token_start[left.token[t]], right.token_start[left.token[t] + 1]):
            cared[right.token_mentor[at]] = ZERO
            shared[right.token_mentor[at]] = ZERO
    for t in range(left.term_start[i], left.term_start[i + 1]):
        for at in range(right.term_start[left.term[t]], right.term_start[left.term[t] + 1]):
            words[right.term_mentor[at]] = ZERO


@numba.njit(cache=True, inline="always")
def add_tables(i: int, stage: NDArray[np.float32], weight: NDArray[np.float32], left: Any, right: Any,
               tables: Any, line: NDArray[np.float32]) -> None:
    """Hard rules, stage, specialty, time, place and style."""
    wish, style = left.wish[left.specialty_list[i]], tables.style[left.style[i]]
    h0, h1, h2 = left.hours[i, 0], left.hours[i, 1], left.hours[i, 2]
    t0, t1 = left.ties[i, 0], left.ties[i, 1]
    speaks, mother = left.languages[i], left.first_language[i]
    site, state, site_wish = left.site[i], left.state[i], left.site_wish[i]
    time_weight = weight[TIME] / tables.enough_hours
    style_weight = weight[STYLE] / max(left.style_parts[i], ONE)
    place_weight = weight[PLACE] / max(np.float32(site_wish != 0) + np.float32(left.has_ties[i]), ONE)
    for m in range(len(line)):
        fit = stage[right.offer[m]]
        here = right.site[m] == site
        hours = (ones(right.hours[m, 0] & h0) + ones(right.hours[m, 1] & h1) + ones(right.hours[m, 2] & h2))
        barred = fit == UNFIT or not right.ready[m] or not left.ready[i]
        if tables.need_language:
            both = right.languages[m] & speaks
            barred |= both == 0 and speaks != 0 and right.languages[m] != 0
        if tables.site_rule == FORBIDDEN:
            barred |= here
        elif tables.site_rule == REQUIRED:
            barred |= not here and site >= 0 and right.site[m] >= 0
        barred |= hours < tables.least_hours and left.hours_known[i] and right.hours_known[m]
        best = ZERO
        for s in range(right.specialty.shape[1]):
            best = max(best, wish[right.specialty[m, s]] * right.specialty_weight[m, s])
        place = np.float32((right.ties[m, 0] & t0) != 0 or (right.ties[m, 1] & t1) != 0)
        if site_wish == SAME:
            place += ONE if here else (HALF if right.state[m] == state else ZERO)
        elif site_wish == OTHER:
            place += ZERO if here else ONE
        alike = style[right.style[m]] + np.float32((right.languages[m] & mother) != 0)
        score = (weight[SPECIALTY] * best + weight[STAGE] * max(fit, ZERO) + style_weight * alike
                 + time_weight * min(np.float32(hours), tables.enough_hours) + place_weight * place)
        line[m] = UNFIT if barred else score


@numba.njit(cache=True, inline="always")
def add_interest(i: int, weight: np.float32, similar: NDArray[np.float32], offset: int,
                 words: NDArray[np.float32], left: Any, right: Any, tables: Any,
                 line: NDArray[np.float32]) -> None:
    cells = len(tables.scale) - 1
    half, most = np.float32(cells / 2), np.float32(cells - 0.001)
    begin, end = left.statement_start[i] - offset, left.statement_start[i + 1] - offset
    meaning_share = ONE - tables.lexical
    for m in range(len(line)):
        first, last = right.statement_start[m], right.statement_start[m + 1]
        if first == last or line[m] == UNFIT:
            continue
        if last - first == 1 and end - begin == 1:
            meaning = similar[begin, first]
        else:
            meaning = best_three(similar, begin, end, first, last)
        close = meaning_share * meaning + tables.lexical * words[m]
        at = min(max((close + ONE) * half, ZERO), most)
        cell = np.int32(at)
        low = tables.scale[cell]
        line[m] += weight * (low + (at - np.float32(cell)) * (tables.scale[cell + 1] - low))


@numba.njit(cache=True, inline="always")
def best_three(similar: NDArray[np.float32], begin: int, end: int, first: int, last: int) -> np.float32:
    one, two, three = UNFIT, UNFIT, UNFIT
    for a in range(begin, end):
        for b in range(first, last):
            value = similar[a, b]
            three = max(three, min(two, value))
            two = max(two, min(one, value))
            one = max(one, value)
    found = (end - begin) * (last - first)
    if found >= 3:
        return (one + two + three) / np.float32(3.0)
    return (one + two) * HALF if found == 2 else one


@numba.njit(cache=True, inline="always")
def add_shared(weight: np.float32, cared: NDArray[np.float32], line: NDArray[np.float32]) -> None:
    for m in range(len(line)):
        line[m] += weight * cared[m]


@numba.njit(cache=True, inline="always")
def add_different(i: int, weight: np.float32, shared: NDArray[np.float32], left: Any, right: Any,
                  line: NDArray[np.float32]) -> None:
    site, state, opted = left.site[i], left.state[i], left.opted[i]
    share = weight * HALF if opted else weight
    for m in range(len(line)):
        lived = ZERO
        if opted and right.tokens_said[m] > ZERO:
            lived = ONE - shared[m] / right.tokens_said[m]
        place = ZERO
        if site >= 0 and right.site[m] >= 0 and right.site[m] != site:
            place = HALF if right.state[m] == state else ONE
        line[m] += share * (lived + place)


@numba.njit(cache=True, inline="always")
def bar_foreign(near: NDArray[np.bool_], right: Any, line: NDArray[np.float32]) -> None:
    for m in range(len(line)):
        found = not right.specialty_named[m]
        for s in range(right.specialty.shape[1]):
            found |= near[right.specialty[m, s]]
        if not found:
            line[m] = UNFIT
