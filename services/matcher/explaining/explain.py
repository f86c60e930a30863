"""Why pairs are proposed: contributions that add up to the score, reasons, notes, and what would change it."""

from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np

from services.matcher.explaining.reasons import PairFacts, notes_of, reasons_of
from services.matcher.interests.lexical import MOST_TERMS
from services.matcher.scoring.national import Floats, Index, NationalScores, total
from shared.explanations.features import FEATURES
from shared.explanations.reasons import Contribution, Explanation, Reason


def explain_pairs(scores: NationalScores, rows: Sequence[int] | Index, mentors: Sequence[int] | Index
                  ) -> list[Explanation]:
    """One explanation per (row, mentor) pair, in order.

    The contributions' points, added from left to right, are `scores.exact` of the pair to the last bit.
    """
    at_rows, at_mentors = np.asarray(rows, np.int64), np.asarray(mentors, np.int64)
    values = scores.features(at_rows, at_mentors)
    points = scores.contributions(at_rows, at_mentors)
    totals = total(points)
    facts = _facts(scores, at_rows, at_mentors, values)
    return [
        _explanation(fact, scores.weights[row], points[n], float(totals[n]))
        for n, (row, fact) in enumerate(zip(at_rows, facts, strict=True))
    ]


def explain(scores: NationalScores, row: int, mentor: int) -> Explanation:
    """The explanation of one pair."""
    return explain_pairs(scores, [row], [mentor])[0]


def _explanation(facts: PairFacts, weights: Floats, points: Floats, score: float) -> Explanation:
    counted = [f for n, f in enumerate(FEATURES) if weights[n] > 0]
    strongest = sorted(counted, key=lambda f: -points[FEATURES.index(f)])
    return Explanation(
        score=score,
        contributions=tuple(
            Contribution(feature=f, value=facts.values[f], weight=float(weights[n]), points=float(points[n]))
            for n, f in enumerate(FEATURES)
        ),
        reasons=tuple(_interleaved([list(reasons_of(f, facts)) for f in strongest])),
        notes=tuple(chain.from_iterable(notes_of(f, facts) for f in counted)),
    )


def _interleaved(by_feature: list[list[Reason]]) -> Iterator[Reason]:
    """The first reason of each feature before the second of any: two sentences should say two things."""
    for depth in range(max(map(len, by_feature), default=0)):
        yield from (reasons[depth] for reasons in by_feature if len(reasons) > depth)


def _facts(scores: NationalScores, rows: Index, mentors: Index, values: Floats) -> list[PairFacts]:
    mentees = scores.owner[rows].astype(np.int64)
    hours = scores.hours.hours(mentees, mentors)
    shared = scores.experience.count(mentees, mentors)
    elsewhere = scores.places.elsewhere(mentees, mentors)
    kinds = scores.given_kinds(rows, mentors)
    left, right = scores.interest.mentee_terms, scores.interest.mentor_terms
    return [
        PairFacts(
            mentee=scores.mentee_people[i], mentor=scores.mentor_people[j], kind=kinds[n], policy=scores.policy,
            values=dict(zip(FEATURES, values[n].tolist(), strict=True)),
            common_terms=tuple(left.common(right, i, j, MOST_TERMS)), common_hours=int(hours[n]),
            shared_experiences=int(shared[n]), elsewhere=float(elsewhere[n]),
        )
        for n, (i, j) in enumerate(zip(mentees.tolist(), mentors.tolist(), strict=True))
    ]


