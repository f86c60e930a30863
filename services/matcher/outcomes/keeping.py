"""Pairs as they were scored, of drafts and of suggestions, kept so that outcomes can be learned from years later."""

from uuid import UUID

import numpy as np

from services.matcher.assignment.solution import Solution
from services.matcher.loading import Cycle
from services.matcher.outcomes import queries
from services.matcher.policy import Policy
from services.matcher.scoring.national import Floats, Index, NationalScores
from shared.db.engine import WriteSession
from shared.explanations.features import Feature
from shared.explanations.reasons import Explanation
from shared.models.base import Json
from shared.vocabulary.mentoring import Kind
from shared.wishes import wish_for

# A rank takes a pass over all pairs; in the largest runs it is left out.
MOST_PAIRS_RANKED = 20_000_000


def scored_pairs(
    cycle: Cycle, scores: NationalScores, solution: Solution, policy_version: int, propensity: Floats | None = None
) -> list[Json]:
    """Rows of `matching.scored_pair` for every matched row; `propensity` float64[rows] of a run that explored."""
    rows = np.flatnonzero(solution.mentor >= 0).astype(np.int64)
    mentors = solution.mentor[rows].astype(np.int64)
    features, applies = scores.features(rows, mentors), computed(scores)[rows]
    given, ranks = scores.exact(rows, mentors), ranks_of(scores, rows, mentors)
    return [
        {
            "mentee_id": UUID(cycle.mentees[scores.owner[row]].id),
            "mentor_id": UUID(cycle.mentors[mentor].id),
            "kind": scores.kinds[row].value,
            "policy_version": policy_version,
            "features": features[n].tolist(),
            "applies": applies[n].tolist(),
            "score": float(given[n]),
            "rank": int(ranks[n]) if ranks is not None else None,
            "propensity": float(propensity[row]) if propensity is not None else None,
        }
        for n, (row, mentor) in enumerate(zip(rows.tolist(), mentors.tolist(), strict=True))
    ]


def computed(scores: NationalScores) -> Floats:
    """float64[rows, features]: how far each feature applied to the row; 0 where the policy had it switched off."""
    applies: Floats = scores.applies() * (scores.weights != 0).any(axis=0)
    return applies


def ranks_of(scores: NationalScores, rows: Index, mentors: Index) -> Index | None:
    """int64[k]: 1 for the mentor who was worth most to the row of all it could have had; None in the largest runs."""
    if scores.rows * scores.mentors > MOST_PAIRS_RANKED:
        return None
    ranks = np.empty(len(rows), np.int64)
    for n, (row, mentor) in enumerate(zip(rows.tolist(), mentors.tolist(), strict=True)):
        line = scores.block(row, row + 1)[0]
        ranks[n] = 1 + int((line > line[mentor] + scores.tolerance).sum())
    return ranks


def keep_asked(session: WriteSession, mentee_id: UUID, mentor_id: UUID, policy: Policy) -> None:
    """A mentee asks a mentor from the list: keep why the pair stood there, before the list changes."""
    found = queries.read_suggestion(session, mentee_id, mentor_id)
    if found is None:
        return
    told = Explanation.model_validate(found["explanation"])
    queries.keep_asked_pair(session, {
        "mentee_id": mentee_id,
        "mentor_id": mentor_id,
        "kind": wish_for(Kind(found["kind"]), found["kinds"]) or Kind(found["kind"]),
        "features": [part.value for part in told.contributions],
        "applies": applied(told, policy),
        "score": found["score"],
        "rank": found["rank"],
    })  # fmt: skip


def applied(told: Explanation, policy: Policy) -> list[float]:
    """How far each feature applied, from its share of the weight: wholly, or (shared experience) as far as it matters.

    Any feature whose weight no kind changes tells what a share of a wholly applying one is per unit of weight.
    """
    plain = [(part.weight, policy.features[part.feature].weight) for part in told.contributions
             if part.weight > 0 and not policy.features[part.feature].by_kind
             and part.feature is not Feature.SHARED_EXPERIENCE]  # fmt: skip
    unit = plain[0][0] / plain[0][1] if plain and plain[0][1] else 0.0
    weight = policy.features.shared_experience.weight
    return [
        min(1.0, part.weight / (unit * weight))
        if part.feature is Feature.SHARED_EXPERIENCE and part.weight > 0 and unit and weight
        else float(part.weight > 0)
        for part in told.contributions
    ]
