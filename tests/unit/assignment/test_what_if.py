"""What-if answers equal new runs; shadow prices equal what one more slot really adds."""

from dataclasses import replace

import numpy as np
import pytest

from services.matcher.assignment.problem import Problem, ProblemError, Rules
from services.matcher.assignment.solve import solve
from services.matcher.assignment.sources import DenseScores
from services.matcher.assignment.what_if import raise_bandwidth, shadow_prices, what_if, worst_off

COUNTED = Rules(floor="none", load_weight=0.0)
TOTAL = Rules("none", "none", 0.0)


def crowd(seed: int) -> Problem:
    """More mentees than slots, with pairs missing."""
    numbers = np.random.default_rng(seed)
    scores = numbers.random((40, 10))
    scores[numbers.random((40, 10)) < 0.5] = -np.inf
    return Problem(DenseScores(scores), numbers.integers(0, 5, 10).astype(np.int32))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("rules", [COUNTED, TOTAL])
def test_a_shadow_price_is_what_one_more_slot_adds(seed: int, rules: Rules) -> None:
    problem = crowd(seed)
    before = solve(problem, rules)
    shadow = shadow_prices(problem, before)
    for mentor in np.flatnonzero(problem.capacity > 0):
        change = what_if(before, raise_bandwidth(problem, {int(mentor): 1}))
        if rules.coverage == "first":
            assert change.slots_filled == shadow.coverage[mentor]
        assert change.total == pytest.approx(shadow.total[mentor], abs=1e-9)


def test_a_what_if_tells_the_difference_to_the_run() -> None:
    problem = crowd(1)
    before = solve(problem, Rules())
    more = what_if(before, raise_bandwidth(problem, {0: 3, 4: 2}))
    assert more.slots_filled == more.after.slots_filled - before.slots_filled > 0
    other = what_if(before, problem, Rules(load_weight=0.5))
    assert other.slots_filled == 0
    assert other.after.load_cost >= other.before.load_cost


def test_one_more_mentor_is_an_appended_column() -> None:
    problem = crowd(2)
    before = solve(problem, Rules())
    source = problem.source
    assert isinstance(source, DenseScores)
    scores = np.concatenate([source.matrix, np.full((40, 1), 0.9)], axis=1)
    grown = Problem(DenseScores(scores), np.append(problem.capacity, 2))
    assert what_if(before, grown).slots_filled == 2


def test_where_one_more_slot_helps_most_is_told_by_group() -> None:
    problem = crowd(3)
    shadow = shadow_prices(problem, solve(problem, COUNTED))
    groups = (np.arange(10) % 2).astype(np.int32)
    assert worst_off(shadow, groups)[0] == pytest.approx(shadow.coverage[groups == 0].mean())


def test_a_mentor_with_room_has_no_shadow_price() -> None:
    problem = replace(crowd(4), capacity=np.full(10, 40, np.int32))
    shadow = shadow_prices(problem, solve(problem, COUNTED))
    assert not shadow.coverage.any()
    assert not shadow.total.any()


def test_bandwidth_cannot_fall_below_nothing() -> None:
    with pytest.raises(ProblemError, match="capacity"):
        raise_bandwidth(crowd(0), {0: -9})
    with pytest.raises(ProblemError, match="no mentor 99"):
        raise_bandwidth(crowd(0), {99: 1})
