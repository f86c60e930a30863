"""The rows of a draft: pairs with explanations, open slots with reasons, each with what it could have had instead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from services.matcher.assignment.solution import Solution
from services.matcher.explaining.changes import Outlook, changes_of_pairs
from services.matcher.explaining.explain import explain_pairs
from services.matcher.explaining.open_slots import why_open
from services.matcher.loading import Cycle
from services.matcher.posing import slot_numbers
from services.matcher.scoring.national import NationalScores
from shared.contracts.alternatives import Alternative
from shared.models.base import Json

Others = Mapping[int, Sequence[tuple[int, float, float]]]


@dataclass(frozen=True)
class Found:
    """A solved match with what is told of it; `others`: see `alternatives`."""

    cycle: Cycle
    scores: NationalScores
    solution: Solution
    others: Others
    outlook: Outlook

    def mentee_id(self, row: int) -> UUID:
        return UUID(self.cycle.mentees[self.scores.owner[row]].id)

    def told_alternatives(self, row: int) -> list[Json]:
        return [
            Alternative(
                mentor_id=UUID(self.cycle.mentors[mentor].id), score=round(score, 6), costs=round(costs, 6)
            ).model_dump(mode="json")
            for mentor, score, costs in self.others.get(row, ())
        ]


def pair_rows(found: Found) -> list[Json]:
    """Rows of `matching.draft_pair`."""
    rows = np.flatnonzero(found.solution.mentor >= 0)
    mentors = found.solution.mentor[rows].astype(np.int64)
    kinds = found.scores.given_kinds(rows, mentors)
    explained = explain_pairs(found.scores, rows, mentors)
    changes = changes_of_pairs(found.scores, rows, mentors, found.outlook)
    return [
        {
            "mentee_id": found.mentee_id(row),
            "mentor_id": UUID(found.cycle.mentors[mentor].id),
            "kind": kind,
            "score": explanation.score,
            "explanation": explanation.model_copy(update={"changes": told}).model_dump(mode="json"),
            "alternatives": found.told_alternatives(row),
        }
        for row, mentor, kind, explanation, told in zip(
            rows.tolist(), mentors, kinds, explained, changes, strict=True
        )
    ]


def unmatched_rows(found: Found) -> list[Json]:
    """Rows of `matching.draft_unmatched`."""
    given = found.solution.mentor
    taken = np.bincount(given[given >= 0], minlength=len(found.cycle.mentors))
    free = np.array([m.max_mentees for m in found.cycle.mentors], np.int64) - taken
    numbers = slot_numbers(found.scores)
    return [
        {
            "mentee_id": found.mentee_id(row),
            "slot": numbers[row],
            "kind": found.scores.kinds[row],
            "reasons": [reason.model_dump(mode="json") for reason in why_open(found.scores, row, free)],
            "alternatives": found.told_alternatives(row),
        }
        for row in np.flatnonzero(given < 0).tolist()
    ]
