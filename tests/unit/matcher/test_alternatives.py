"""What another mentor would cost: proved from the prices, never more than what a new run shows."""

from dataclasses import replace
from typing import Literal

import numpy as np
import pytest

from services.matcher.alternatives import MOST, alternatives
from services.matcher.assignment.problem import Problem, Rules
from services.matcher.assignment.solve import solve
from services.matcher.assignment.sources import DenseScores

RULES = Rules(load_weight=0.0, floor="none")


def scarce(seed: int) -> Problem:
    """Twelve rows, some of one mentee, for nine places; some pairs are not eligible."""
    rng = np.random.default_rng(seed)
    scores = rng.random((12, 5))
    scores[rng.random(scores.shape) < 0.2] = -np.inf
    return Problem(DenseScores(scores), capacity=np.array([2, 2, 2, 2, 1]), owner=np.array([0, 0, *range(1, 11)]))


@pytest.mark.parametrize("floor", ["none", "max"])
@pytest.mark.parametrize("seed", range(12))
def test_making_another_pair_costs_at_least_what_is_told_or_a_place_or_a_weaker_match(
    seed: int, floor: Literal["none", "max"]
) -> None:
    problem, rules = scarce(seed), replace(RULES, floor=floor)
    before = solve(problem, rules)
    told = [(row, *one) for row, some in alternatives(problem, before).items() for one in some]
    assert told
    for row, mentor, _score, costs in told:
        after = solve(replace(problem, pins=((row, mentor),)), rules)
        weaker = floor == "max" and (after.floor or 0.0) < (before.floor or 0.0)
        assert weaker or after.slots_filled < before.slots_filled or after.total <= before.total - costs + 1e-9


def test_alternatives_are_others_with_room_the_cheapest_first() -> None:
    problem = replace(scarce(3), capacity=np.array([2, 2, 0, 3, 1], np.int32), forbidden=((5, 0),))
    solution = solve(problem, RULES)
    for row, some in alternatives(problem, solution).items():
        mentors, costs = [one[0] for one in some], [one[2] for one in some]
        assert len(some) <= MOST
        assert costs == sorted(costs)
        assert not {2, int(solution.mentor[row])} & set(mentors)
        assert row != 5 or 0 not in mentors


def test_a_pinned_place_has_no_alternative() -> None:
    problem = scarce(4)
    row, mentor = next((r, m) for r in range(12) for m in range(5) if np.isfinite(problem.source.exact([r], [m])[0]))  # type: ignore[arg-type]
    pinned = replace(problem, pins=((row, mentor),))
    assert row not in alternatives(pinned, solve(pinned, RULES))
