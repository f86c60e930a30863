"""What would change a match that was made: other hours, another wish, one more place, and how close the next one is."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from services.matcher.explaining.open_slots import what_would_help
from services.matcher.scoring.national import Index, NationalScores, total
from shared.explanations.features import FEATURES, Feature
from shared.explanations.reasons import Reason, ReasonCode

PLACE = FEATURES.index(Feature.PLACE)

# Looking at every mentor for every mentee is left out where it would take minutes.
MOST_PAIRS = 20_000_000


@dataclass(frozen=True, eq=False)
class Outlook:
    """What a solved match knows beyond each pair.

    `closest`: points that the cheapest other mentor of a row costs the whole match at least. `wanted` bool[mentors]:
    one more place there would serve one more mentee. `candidate_rows`, `candidate_mentors` int64[c]: the pairs that
    came into question at all, rows ascending.
    """

    wanted: NDArray[np.bool_]
    candidate_rows: Index
    candidate_mentors: Index
    closest: Mapping[int, float] = field(default_factory=dict)


def changes_of_pairs(scores: NationalScores, rows: Index, mentors: Index, outlook: Outlook) -> list[tuple[Reason, ...]]:
    """For each pair of a match, what would change it; the readers are told different parts of it."""
    aside = _better_without_place(scores, rows, mentors, outlook)
    thorough = scores.rows * scores.mentors <= MOST_PAIRS
    return [
        (*(what_would_help(scores, row) if thorough else ()), *_changes(row, mentor, outlook, aside[row]))
        for row, mentor in zip(rows.tolist(), mentors.tolist(), strict=True)
    ]


def _changes(row: int, mentor: int, outlook: Outlook, aside: int) -> Iterator[Reason]:
    if aside:
        yield Reason.of(ReasonCode.PLACE_ASIDE, number=aside)
    if outlook.wanted[mentor]:
        yield Reason.of(ReasonCode.MORE_PLACES)
    if row in outlook.closest:
        yield Reason.of(ReasonCode.CLOSEST, points=f"{outlook.closest[row]:.3f}")


def _better_without_place(scores: NationalScores, rows: Index, mentors: Index, outlook: Outlook) -> Counter[int]:
    """Per row: candidates that would score above the given mentor if place did not count, and now do not.

    Without a feature a row's other weights grow by one and the same factor, so that sums of the others decide.
    """
    given = np.full(scores.rows, -1, np.int64)
    given[rows] = mentors
    counts = scores.weights[outlook.candidate_rows, PLACE] > 0
    counts &= given[outlook.candidate_rows] >= 0
    row, candidate = outlook.candidate_rows[counts], outlook.candidate_mentors[counts]
    theirs, ours = scores.contributions(row, candidate), scores.contributions(row, given[row])
    ahead = total(theirs) > total(ours)
    rest = [n for n in range(len(FEATURES)) if n != PLACE]
    ahead_without = theirs[:, rest].sum(axis=1) > ours[:, rest].sum(axis=1)
    return Counter(row[ahead_without & ~ahead].tolist())
