"""What is kept of a suggestion tells as much as the scores themselves: how far each feature applied."""

import numpy as np
import pytest

from services.matcher.explaining.explain import explain_pairs
from services.matcher.outcomes.keeping import applied, computed, ranks_of
from services.matcher.policy import Policy
from services.matcher.scoring.national import Index, NationalScores
from tests.unit.matcher.crowd import crowd, interests

POLICY = Policy.model_validate({"features": {
    "interest": {}, "specialty": {"weight": 2, "by_kind": {"specialty": 4}}, "stage": {}, "time": {},
    "shared_experience": {"weight": 2}, "style": {"weight": 0.5},
}})  # fmt: skip


def _scores(seed: int) -> NationalScores:
    mentees, mentors = crowd(seed, 30, 12)
    return NationalScores(mentees, mentors, POLICY, interests(seed, 30, 12))


@pytest.mark.parametrize("seed", range(4))
def test_how_far_features_applied_can_be_told_from_the_explanation(seed: int) -> None:
    scores = _scores(seed)
    rows = np.arange(scores.rows)
    told = explain_pairs(scores, rows, np.zeros(scores.rows, np.int64))
    found = np.array([applied(one, POLICY) for one in told])
    known = computed(scores)[rows]
    several = (known[:, [0, 2, 5, 7]] > 0).any(axis=1)  # a plain feature is there to measure by
    np.testing.assert_allclose(found[several], known[several], atol=1e-12)
    assert several.sum() > 20


def test_a_feature_that_is_switched_off_is_kept_as_not_applying() -> None:
    assert not computed(_scores(1))[:, [4, 6]].any()


def test_ranks_count_those_whom_the_mentee_would_rather_have() -> None:
    scores = _scores(2)
    rows = np.array([r for r in range(scores.rows) if np.isfinite(scores.block(r, r + 1)).sum() > 3])
    everybody = np.arange(scores.mentors)
    exact = np.stack([scores.exact(np.full(scores.mentors, row), everybody) for row in rows])
    best, second = np.argsort(-exact, axis=1, kind="stable")[:, :2].T
    clear = exact[np.arange(len(rows)), best] - exact[np.arange(len(rows)), second] > 1e-3
    assert _ranks(scores, rows[clear], best[clear]) == {1}
    assert _ranks(scores, rows[clear], second[clear]) == {2}
    assert clear.sum() > 5


def _ranks(scores: NationalScores, rows: Index, mentors: Index) -> set[int]:
    found = ranks_of(scores, rows, mentors)
    assert found is not None
    return set(found.tolist())
