"""Input that cannot be matched is refused with a sentence that says why."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from services.matcher.assignment.problem import Problem, ProblemError, Rules
from services.matcher.assignment.solution import Phase, RunCancelled
from services.matcher.assignment.solve import solve
from services.matcher.assignment.sources import DenseScores, FactorScores, SparseScores

SCORES = np.arange(12, dtype=np.float64).reshape(4, 3) / 12


def problem(**changes: Any) -> Problem:
    given: dict[str, Any] = {"source": DenseScores(SCORES), "capacity": np.array([1, 2, 1], np.int32)}
    return Problem(**given | changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"capacity": [1, -2, 1]}, "capacity: entry 1 is -2"),
        ({"capacity": [1, 1.5, 1]}, "capacity: entry 1 is not a whole number"),
        ({"capacity": [1, float("nan"), 1]}, "capacity: entry 1 is not a whole number"),
        ({"capacity": [1, 1]}, r"capacity has shape \(2,\), expected \(3,\)"),
        ({"owner": [0, 1]}, "owner has shape"),
        ({"tier": [0, 0, -1, 0]}, "tier: entry 2 is -1"),
        ({"pins": ((0, 0), (1, 0))}, "more pins than slots for mentor 'mentor0'"),
        ({"pins": ((0, 0), (0, 1))}, "a row is pinned twice"),
        ({"pins": ((0, 1), (1, 1)), "owner": [0, 0, 1, 2]}, "the same mentee the same mentor"),
        ({"pins": ((0, 0),), "forbidden": ((0, 0),)}, r"pinned pair \(0, 0\) is forbidden"),
        ({"pins": ((2, 0),), "forbidden_owners": ((2, 0),)}, "is forbidden"),
        ({"pins": ((9, 0),)}, "does not exist"),
        ({"forbidden": ((0, 7),)}, "does not exist"),
        ({"row_ids": ("a", "b", "a", "c")}, "row id 'a' appears twice"),
        ({"mentor_ids": ("a",)}, "mentor_ids has 1 entries, expected 3"),
    ],
)
def test_a_problem_that_cannot_be_matched_says_why(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        problem(**changes)


def test_scores_that_are_not_numbers_are_refused_where_they_stand() -> None:
    for bad in (np.nan, np.inf):
        scores = SCORES.copy()
        scores[2, 1] = bad
        with pytest.raises(ProblemError, match=r"the score at \(2, 1\)"):
            DenseScores(scores)
        with pytest.raises(ProblemError, match="vector at"):
            FactorScores(scores.astype(np.float32), SCORES[:2].astype(np.float32))


def test_sparse_scores_that_are_not_numbers_are_refused() -> None:
    from scipy import sparse

    with pytest.raises(ProblemError, match="stored score"):
        SparseScores(sparse.csr_matrix(([1.0, np.inf], ([0, 1], [0, 1])), shape=(2, 2)))


def test_scores_too_large_for_exact_arithmetic_are_refused() -> None:
    huge = DenseScores(np.full((2, 2), 1e9))
    with pytest.raises(ProblemError, match="too large for exact arithmetic"):
        solve(Problem(huge, np.ones(2, np.int32)), Rules())


def test_a_pin_on_a_pair_that_is_not_eligible_is_refused() -> None:
    scores = SCORES.copy()
    scores[1, 2] = -np.inf
    with pytest.raises(ProblemError, match="pin of row 'row1' is not an eligible pair"):
        problem(source=DenseScores(scores), pins=((1, 2),))


@pytest.mark.parametrize(
    "rules",
    [{"coverage": "some"}, {"floor": "high"}, {"floor": np.nan}, {"load_weight": -1.0}, {"score_decimals": 12}],
)
def test_rules_that_make_no_sense_are_refused(rules: dict[str, Any]) -> None:
    with pytest.raises(ProblemError):
        Rules(**rules)


def test_pins_are_kept_and_count_against_bandwidth() -> None:
    solution = solve(problem(pins=((0, 2),)), Rules())
    assert solution.mentor[0] == 2
    assert np.bincount(solution.mentor[solution.mentor >= 0], minlength=3).tolist() == [1, 2, 1]


def test_a_mentee_never_gets_the_same_mentor_twice() -> None:
    solution = solve(problem(owner=[0, 0, 0, 0], capacity=[4, 4, 4]), Rules())
    assert sorted(solution.mentor[solution.mentor >= 0].tolist()) == [0, 1, 2]


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
def test_an_empty_side_matches_nobody(shape: tuple[int, int]) -> None:
    empty = Problem(DenseScores(np.zeros(shape)), np.ones(shape[1], np.int32))
    for rules in (Rules(), Rules("none", "none", 0.0)):
        solution = solve(empty, rules)
        assert solution.slots_filled == 0
        assert solution.floor is None


def test_progress_names_the_phases() -> None:
    seen: set[Phase] = set()
    solve(problem(), Rules(), progress=lambda phase, _done: seen.add(phase))
    assert {Phase.COVERAGE, Phase.FLOOR, Phase.SOLVING, Phase.TIES} <= seen


def test_a_cancelled_run_stops() -> None:
    with pytest.raises(RunCancelled):
        solve(problem(), Rules(), cancelled=lambda: True)


def test_a_changed_problem_is_checked_again() -> None:
    with pytest.raises(ProblemError):
        replace(problem(), pins=((0, 0), (1, 0)))
