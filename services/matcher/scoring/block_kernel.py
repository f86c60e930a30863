"""The compiled passes that turn dot products into scores, row by row; see `block` for the arrays.

They repeat in float32 what the features say one by one in float64; a test holds the two together. Each pass runs
over all mentors without a branch, so that the compiler can use vector instructions; passes that a row has no use
for are left out.
"""

from typing import Any

import numpy as np
from numba.extending import intrinsic
from numpy.typing import NDArray

from services.matcher.scoring.jit import compiled_loop, compiled_rows

Floats = NDArray[np.float32]
Words = NDArray[np.uint64]

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


@compiled_rows
def score_rows(first: int, similar: Floats, offset: int, row: Any, left: Any, right: Any, tables: Any,
               scores: Floats) -> None:
    """Fill scores float32[rows, mentors] for the rows from `first` on.

    `similar` holds the dot products of these rows' statements, the first of which has the number `offset`.
    """
    rows, mentors = scores.shape
    meaning, words = np.zeros(mentors, np.float32), np.zeros(mentors, np.float32)
    cared, shared = np.zeros(mentors, np.float32), np.zeros(mentors, np.float32)
    for r in range(rows):
        i, weight, line = row.owner[first + r], row.weight[first + r], scores[r]
        if not left.ready[i]:
            line[:] = UNFIT
            continue
        take(line, tables.stage[row.code[first + r]], weight[STAGE], right.offer)
        bar(line, i, left, right, tables)
        if row.asks_specialty[first + r] and left.specialty_named[i]:
            bar_foreign(line, left.near_wish[left.specialty_list[i]], right.specialty, right.specialty_named)
        add_plain(line, i, weight, left, right, tables)
        if weight[SPECIALTY] > ZERO:
            best_specialty(meaning, left.wish[left.specialty_list[i]], right.specialty, right.rank_weight)
            add(line, weight[SPECIALTY], meaning)
        if weight[SHARED] > ZERO or weight[DIFFERENT] > ZERO:
            add_tokens(line, i, weight, left, right, cared, shared)
        if weight[INTEREST] > ZERO:
            add_texts(line, i, weight[INTEREST], similar, offset, left, right, tables, meaning, words)
        for e in range(left.excluded_start[i], left.excluded_start[i + 1]):
            m = left.excluded[e] - right.first
            if 0 <= m < mentors:
                line[m] = UNFIT


@compiled_loop
def bar(line: Floats, i: int, left: Any, right: Any, tables: Any) -> None:
    """Rules about language, institution and common hours."""
    if tables.need_language and left.languages[i] != 0:
        bar_language(line, left.languages[i], right.languages)
    if tables.site_rule != 0 and left.site[i] >= 0:
        bar_site(line, left.site[i], tables.site_rule, right.site)
    if tables.least_hours > 0 and left.hours_known[i]:
        bar_hours(line, left.hours[i], tables.least_hours, right.hours, right.hours_known)


@compiled_loop
def add_plain(line: Floats, i: int, weight: Floats, left: Any, right: Any, tables: Any) -> None:
    """Time, place and style."""
    if weight[TIME] > ZERO:
        add_hours(line, weight[TIME] / tables.enough_hours, left.hours[i], tables.enough_hours, right.hours)
    if weight[PLACE] > ZERO:
        wishes = np.float32(left.site_wish[i] != 0) + np.float32(left.has_ties[i])
        if left.site_wish[i] != 0:
            add_site(line, weight[PLACE] / wishes, left.site[i], left.state[i], left.site_wish[i], right.site,
                     right.state)
        if left.has_ties[i]:
            add_ties(line, weight[PLACE] / wishes, left.ties[i], right.ties)
    if weight[STYLE] > ZERO:
        part = weight[STYLE] / left.style_parts[i]
        add_looked_up(line, part, tables.style[left.style[i]], right.style)
        if left.first_language[i] != 0:
            add_common_bit(line, part, left.first_language[i], right.languages)


@compiled_loop
def add_tokens(line: Floats, i: int, weight: Floats, left: Any, right: Any, cared: Floats, shared: Floats) -> None:
    """Shared experience and different perspective; `cared` and `shared` are zero before and after."""
    for t in range(left.token_start[i], left.token_start[i + 1]):
        for at in range(right.token_start[left.token[t]], right.token_start[left.token[t] + 1]):
            cared[right.token_mentor[at]] += left.importance[t]
            shared[right.token_mentor[at]] += ONE
    if weight[SHARED] > ZERO:
        add(line, weight[SHARED] / left.importance_sum[i], cared)
    if weight[DIFFERENT] > ZERO:
        share = weight[DIFFERENT] * HALF if left.opted[i] else weight[DIFFERENT]
        if left.opted[i]:
            add_unshared(line, share, shared, right.tokens_said)
        if left.site[i] >= 0:
            add_elsewhere(line, share, left.site[i], left.state[i], right.site, right.state)
    for t in range(left.token_start[i], left.token_start[i + 1]):
        for at in range(right.token_start[left.token[t]], right.token_start[left.token[t] + 1]):
            cared[right.token_mentor[at]] = ZERO
            shared[right.token_mentor[at]] = ZERO


@compiled_loop
def add_texts(line: Floats, i: int, weight: np.float32, similar: Floats, offset: int, left: Any, right: Any,
              tables: Any, meaning: Floats, words: Floats) -> None:
    """Interest: meaning and words, mixed and put on the scale; `words` is zero before and after."""
    begin, end = left.statement_start[i] - offset, left.statement_start[i + 1] - offset
    close = meaning
    if tables.one_each and end - begin == 1:
        close = similar[begin]
    else:
        pool(meaning, similar[begin:end], right.statement_start)
    if tables.lexical > ZERO:
        spread_terms(words, i, left, right)
        mix(meaning, close, words, tables.lexical)
        close = meaning
        clear_terms(words, i, left, right)
    add_scaled(line, weight, close, right.wrote, tables.scale, tables.slope)


@compiled_loop
def take(line: Floats, fits: Floats, weight: np.float32, code: NDArray[np.uint16]) -> None:
    for m in range(len(line)):
        fit = fits[code[m]]
        line[m] = UNFIT if fit == UNFIT else weight * fit


@compiled_loop
def add(line: Floats, weight: np.float32, values: Floats) -> None:
    for m in range(len(line)):
        line[m] += weight * values[m]


@compiled_loop
def add_looked_up(line: Floats, weight: np.float32, table: Floats, code: NDArray[np.uint16]) -> None:
    for m in range(len(line)):
        line[m] += weight * table[code[m]]


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
def bar_hours(line: Floats, hours: Words, least: int, offered: Words, known: NDArray[np.bool_]) -> None:
    h0, h1, h2 = hours
    for m in range(len(line)):
        common = ones(offered[0, m] & h0) + ones(offered[1, m] & h1) + ones(offered[2, m] & h2)
        line[m] = UNFIT if (common < np.uint64(least)) & known[m] else line[m]


@compiled_loop
def bar_foreign(line: Floats, near: NDArray[np.bool_], specialty: NDArray[np.uint16], named: NDArray[np.bool_]) -> None:
    for m in range(len(line)):
        fine = not named[m]
        for rank in range(len(specialty)):
            fine |= near[specialty[rank, m]]
        line[m] = line[m] if fine else UNFIT


@compiled_loop
def add_hours(line: Floats, weight: np.float32, hours: Words, enough: np.float32, offered: Words) -> None:
    h0, h1, h2 = hours
    for m in range(len(line)):
        common = ones(offered[0, m] & h0) + ones(offered[1, m] & h1) + ones(offered[2, m] & h2)
        line[m] += weight * min(np.float32(common), enough)


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
def add_ties(line: Floats, weight: np.float32, ties: Words, known: Words) -> None:
    t0, t1 = ties
    for m in range(len(line)):
        line[m] += weight * (ONE if ((known[0, m] & t0) | (known[1, m] & t1)) != 0 else ZERO)


@compiled_loop
def add_common_bit(line: Floats, weight: np.float32, bit: np.uint64, words: Words) -> None:
    for m in range(len(line)):
        line[m] += weight * (ONE if (words[m] & bit) != 0 else ZERO)


@compiled_loop
def best_specialty(best: Floats, wish: Floats, specialty: NDArray[np.uint16], rank_weight: Floats) -> None:
    for m in range(len(best)):
        best[m] = rank_weight[0] * wish[specialty[0, m]]
    for rank in range(1, len(specialty)):
        for m in range(len(best)):
            best[m] = max(best[m], rank_weight[rank] * wish[specialty[rank, m]])


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
def spread_terms(words: Floats, i: int, left: Any, right: Any) -> None:
    for t in range(left.term_start[i], left.term_start[i + 1]):
        term, weight = left.term[t], left.term_weight[t]
        for at in range(right.term_start[term], right.term_start[term + 1]):
            words[right.term_mentor[at]] += weight * right.term_weight[at]


@compiled_loop
def clear_terms(words: Floats, i: int, left: Any, right: Any) -> None:
    for t in range(left.term_start[i], left.term_start[i + 1]):
        for at in range(right.term_start[left.term[t]], right.term_start[left.term[t] + 1]):
            words[right.term_mentor[at]] = ZERO


@compiled_loop
def mix(mixed: Floats, meaning: Floats, words: Floats, share: np.float32) -> None:
    for m in range(len(mixed)):
        mixed[m] = (ONE - share) * meaning[m] + share * words[m]


@compiled_loop
def pool(pooled: Floats, similar: Floats, start: NDArray[np.int64]) -> None:
    """The mean of the three best dot products of each mentor's statements; 0 without any."""
    for m in range(len(pooled)):
        one, two, three = UNFIT, UNFIT, UNFIT
        for a in range(len(similar)):
            for b in range(start[m], start[m + 1]):
                value = similar[a, b]
                three = max(three, min(two, value))
                two = max(two, min(one, value))
                one = max(one, value)
        found = len(similar) * (start[m + 1] - start[m])
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
