"""Exploring: nobody loses a place or the floor, hardly any score is lost, and every pair's chance is known."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from services.matcher import exploring
from services.matcher.assignment.problem import Problem, ProblemError, Rules
from services.matcher.assignment.solve import solve
from services.matcher.assignment.sources import DenseScores
from services.matcher.exploring import explore

EPSILON = 0.05


def _problem(seed: int, key: bytes = b"key", **parts: Any) -> Problem:
    random = np.random.default_rng(seed)
    scores = np.round(random.random((24, 10)), 3)
    scores[random.random(scores.shape) < 0.2] = -np.inf
    capacity, load = (random.integers(0, most, 10).astype(np.int32) for most in (4, 2))
    tier = random.integers(0, 2, 24).astype(np.int16)
    return Problem(DenseScores(scores), capacity, tier=tier, load=load, tie_key=key, **parts)


RULES = (Rules(), Rules(floor="none"), Rules(floor=0.3), Rules(coverage="none", floor="none"))


@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("seed", range(6))
def test_no_more_than_epsilon_per_pair_is_lost_and_neither_place_nor_floor(seed: int, rules: Rules) -> None:
    problem = _problem(seed)
    optimum = solve(problem, rules)
    found = explore(problem, optimum, EPSILON, 1).solution
    assert 0 <= found.gap <= EPSILON * found.slots_filled + 1e-9
    assert found.gap == pytest.approx(optimum.objective - found.objective, abs=1e-8)
    if rules.coverage == "first":
        assert found.slots_filled == optimum.slots_filled
        tiers = [np.bincount(problem.tier[s.mentor >= 0], minlength=2).tolist() for s in (optimum, found)]
        assert tiers[0] == tiers[1]
    if rules.maximizes_floor:
        assert found.floor == optimum.floor
    if isinstance(rules.floor, float):
        assert (found.floor or 1) >= rules.floor


def test_capacities_and_eligibility_hold() -> None:
    problem = _problem(3)
    found = explore(problem, solve(problem, Rules()), 0.3, 1).solution
    rows = np.flatnonzero(found.mentor >= 0)
    assert (np.bincount(found.mentor[rows], minlength=10) <= problem.capacity).all()
    assert np.isfinite(problem.source.exact(rows, found.mentor[rows])).all()


def test_something_is_tried_that_the_optimum_would_not_try() -> None:
    moved = [explore(problem, solve(problem, Rules()), 0.3, 1).moved for problem in map(_problem, range(5))]
    assert sum(moved) > 5


def test_pairs_that_the_optimum_has_not_made_are_counted() -> None:
    problem = replace(_problem(8), owner=np.arange(24, dtype=np.int32) // 2)
    optimum = solve(problem, Rules())
    found = explore(problem, optimum, 0.3, 1)
    made = [
        {(int(problem.owner[row]), int(mentor)) for row, mentor in enumerate(one.mentor) if mentor >= 0}
        for one in (optimum, found.solution)
    ]
    assert found.moved == len(made[1] - made[0]) > 0


def test_without_room_to_explore_the_optimum_stays() -> None:
    problem = _problem(4)
    optimum = solve(problem, Rules())
    assert explore(problem, optimum, 1e-7, 3).solution.objective == optimum.objective


def test_the_same_key_explores_the_same_way_another_one_differently() -> None:
    first, again, other = (
        explore(problem, solve(problem, Rules()), 0.3, 4)
        for problem in (_problem(5), _problem(5), _problem(5, b"other"))
    )
    np.testing.assert_array_equal(first.solution.mentor, again.solution.mentor)
    np.testing.assert_array_equal(first.propensity, again.propensity)
    assert (first.solution.mentor != other.solution.mentor).any()


def test_a_propensity_is_how_often_keys_make_the_pair() -> None:
    """Over many keys, the pairs that a run makes with a certain propensity are made about that often."""
    foretold, happened = [], []
    for key in range(12):
        problem = _problem(6, bytes([key]))
        explored = explore(problem, solve(problem, Rules()), 0.3, 30)
        fresh = explore(replace(problem, tie_key=bytes([key, 99])), solve(problem, Rules()), 0.3, 1)
        matched = explored.solution.mentor >= 0
        foretold += explored.propensity[matched].tolist()
        happened += (fresh.solution.mentor == explored.solution.mentor)[matched].tolist()
    assert min(foretold) >= 1 / 30
    assert np.mean(foretold) == pytest.approx(np.mean(happened), abs=0.08)


def test_pinned_pairs_stay() -> None:
    problem = _problem(7)
    row = int(np.argmax(np.isfinite(problem.source.exact(np.arange(24), np.zeros(24, np.int64)))))
    pinned = _problem(7, pins=((row, 0),))
    assert explore(pinned, solve(pinned, Rules()), 0.3, 2).solution.mentor[row] == 0


def test_a_run_too_large_to_explore_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exploring, "MOST_EXPLORED_PAIRS", 100)
    with pytest.raises(ProblemError, match=r"exploration\.epsilon"):
        explore(_problem(1), solve(_problem(1), Rules()), 0.1, 1)
