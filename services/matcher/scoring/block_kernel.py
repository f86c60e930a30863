"""The compiled driver that turns dot products into scores, tile by tile of mentors and row by row.

It repeats in float32 what the features say one by one in float64; a test holds the two together. A tile's arrays stay
in the processor's first cache while all rows pass over them; passes that a row has no use for are left out.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.matcher.scoring.block_sides import MentorSide
from services.matcher.scoring.jit import compiled_inline, compiled_loop, compiled_rows
from services.matcher.scoring.pass_kernel import (
    HALF,
    ONE,
    UNFIT,
    ZERO,
    add,
    add_common_bit,
    add_elsewhere,
    add_hours,
    add_looked_up,
    add_scaled,
    add_site,
    add_specialty,
    add_ties,
    add_unshared,
    bar_foreign,
    bar_hours,
    bar_language,
    bar_site,
    count_hours,
    fetch,
    mix,
    pool,
    take,
)

Floats = NDArray[np.float32]

INTEREST, SPECIALTY, STAGE, SHARED, DIFFERENT, TIME, PLACE, STYLE = range(8)


@compiled_rows
def score_rows(chosen: NDArray[np.int64], begin: NDArray[np.int64], similar: Floats, first: int, last: int, row: Any,
               left: Any, right: Any, tables: Any, scores: Floats) -> None:
    """Fill scores float32[chosen rows, last − first] for the mentors from `first` to `last`.

    `similar` holds the dot products of statements: those of the k-th chosen row begin at line begin[k], those of
    the mentors at column 0.
    """
    base = right.statement_start[first]
    width = right.tile
    buffer = np.zeros((3, width), np.float32)
    for tile in range(first // width, (last + width - 1) // width):
        a, b = max(first, tile * width), min(last, (tile + 1) * width)
        part = MentorSide(
            width,
            right.statement_start[a : b + 1], right.statement_border[a:b], right.wrote[a:b], right.offer[a:b],
            right.specialty[:, a:b], right.rank_weight, right.specialty_named[a:b], right.hours[:, a:b],
            right.hours_known[a:b], right.site[a:b], right.state[a:b], right.ties[:, a:b], right.style[a:b],
            right.languages[a:b], right.tokens_said[a:b], right.token_start, right.token_mentor, right.tokens,
            right.term_start, right.term_mentor, right.term_weight, right.terms,
        )
        close = similar[:, right.statement_start[a] - base : right.statement_start[b] - base]
        place = tile * right.tokens, tile * right.terms
        score_tile(chosen, begin, close, place, a, row, left, part, tables, scores[:, a - first : b - first], buffer)


@compiled_loop
def score_tile(chosen: NDArray[np.int64], begin: NDArray[np.int64], close: Floats, place: Any, first: int, row: Any,
               left: Any, right: Any, tables: Any, scores: Floats, buffer: Floats) -> None:
    """All chosen rows against one tile of mentors; `place` is where the tile's lists of tokens and terms begin."""
    mentors = scores.shape[1]
    line, one, two = buffer[0, :mentors], buffer[1, :mentors], buffer[2, :mentors]
    skip = first % right.tile
    for k in range(len(chosen)):
        r = chosen[k]
        i = row.owner[r]
        if not left.ready[i]:
            scores[k, :] = UNFIT
            continue
        take(line, row.weight[r, STAGE], tables.stage, row.code[r], right.offer)
        add_hours_and_rules(line, r, i, row, left, right, tables, one)
        add_wishes(line, r, i, row, left, right, tables)
        if row.asks_specialty[r] and left.specialty_named[i]:
            bar_foreign(line, left.near_wish, left.specialty_list[i], right.specialty, right.specialty_named)
        if row.weight[r, SPECIALTY] > ZERO:
            add_specialty(line, row.weight[r, SPECIALTY], left.wish, left.specialty_list[i], right.specialty,
                          right.rank_weight, one)
        if row.weight[r, SHARED] > ZERO or row.weight[r, DIFFERENT] > ZERO:
            add_tokens(line, r, i, place[0], skip, row, left, right, one, two)
        if row.weight[r, INTEREST] > ZERO:
            add_texts(line, r, i, begin[k], close, place[1], skip, row, left, right, tables, one, two)
        for m in range(mentors):
            scores[k, m] = line[m]
        for e in range(left.excluded_start[i], left.excluded_start[i + 1]):
            m = left.excluded[e] - first
            if 0 <= m < mentors:
                scores[k, m] = UNFIT


@compiled_inline
def add_hours_and_rules(line: Floats, r: int, i: int, row: Any, left: Any, right: Any, tables: Any, common: Floats
                        ) -> None:
    """Rules about language, institution and common hours, and time."""
    if tables.need_language and left.languages[i] != 0:
        bar_language(line, left.languages[i], right.languages)
    if tables.site_rule != 0 and left.site[i] >= 0:
        bar_site(line, left.site[i], tables.site_rule, right.site)
    if left.hours_known[i]:
        count_hours(common, left.hours[i, 0], left.hours[i, 1], left.hours[i, 2], right.hours)
        if tables.least_hours > ZERO:
            bar_hours(line, common, tables.least_hours, right.hours_known)
        add_hours(line, row.weight[r, TIME] / tables.enough_hours, common, tables.enough_hours)


@compiled_inline
def add_wishes(line: Floats, r: int, i: int, row: Any, left: Any, right: Any, tables: Any) -> None:
    """Place and style."""
    if row.weight[r, PLACE] > ZERO:
        share = row.weight[r, PLACE] / (np.float32(left.site_wish[i] != 0) + np.float32(left.has_ties[i]))
        if left.site_wish[i] != 0:
            add_site(line, share, left.site[i], left.state[i], left.site_wish[i], right.site, right.state)
        if left.has_ties[i]:
            add_ties(line, share, left.ties[i, 0], left.ties[i, 1], right.ties)
    if row.weight[r, STYLE] > ZERO:
        part = row.weight[r, STYLE] / left.style_parts[i]
        add_looked_up(line, part, tables.style, left.style[i], right.style)
        if left.first_language[i] != 0:
            add_common_bit(line, part, left.first_language[i], right.languages)


@compiled_inline
def add_tokens(line: Floats, r: int, i: int, place: int, skip: int, row: Any, left: Any, right: Any, cared: Floats,
               shared: Floats) -> None:
    """Shared experience and different perspective."""
    cared[:] = ZERO
    shared[:] = ZERO
    for t in range(left.token_start[i], left.token_start[i + 1]):
        at = place + left.token[t]
        for e in range(right.token_start[at], right.token_start[at + 1]):
            m = right.token_mentor[e] - skip
            if 0 <= m < len(cared):
                cared[m] += left.importance[t]
                shared[m] += ONE
    if row.weight[r, SHARED] > ZERO:
        add(line, row.weight[r, SHARED] / left.importance_sum[i], cared)
    if row.weight[r, DIFFERENT] > ZERO:
        share = row.weight[r, DIFFERENT] * HALF if left.opted[i] else row.weight[r, DIFFERENT]
        if left.opted[i]:
            add_unshared(line, share, shared, right.tokens_said)
        if left.site[i] >= 0:
            add_elsewhere(line, share, left.site[i], left.state[i], right.site, right.state)


@compiled_inline
def add_texts(line: Floats, r: int, i: int, begin: int, close: Floats, place: int, skip: int, row: Any, left: Any,
              right: Any, tables: Any, meaning: Floats, words: Floats) -> None:
    """Interest: meaning and words, mixed and put on the scale."""
    split = begin + left.statement_border[i] - left.statement_start[i]
    end = begin + left.statement_start[i + 1] - left.statement_start[i]
    if tables.one_each and split - begin == 1 and end == split:
        fetch(meaning, close, begin)
    else:
        pool(meaning, close, begin, split, end, right.statement_start, right.statement_border)
    if tables.lexical > ZERO:
        words[:] = ZERO
        for t in range(left.term_start[i], left.term_start[i + 1]):
            at = place + left.term[t]
            for e in range(right.term_start[at], right.term_start[at + 1]):
                m = right.term_mentor[e] - skip
                if 0 <= m < len(words):
                    words[m] += left.term_weight[t] * right.term_weight[e]
        mix(meaning, meaning, words, tables.lexical)
    add_scaled(line, row.weight[r, INTEREST], meaning, right.wrote, tables.scale, tables.slope)
