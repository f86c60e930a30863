"""Beyond the worst score the next worst, and so on: against trying everything."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from services.matcher.assignment.certificate import certify
from services.matcher.assignment.problem import Problem, ProblemError, Rules
from services.matcher.assignment.solve import solve
from services.matcher.assignment.sources import DenseScores, FactorScores
from services.matcher.assignment.verify import verify
from tests.unit.assignment.instances import Case, cases, topic_vectors
from tests.unit.assignment.oracles import Outcome, all_matchings, measure

RULES = Rules("first", "leximin", 0.7, 1)
Key = tuple[tuple[int, ...], int, list[int], int]


def key_of(problem: Problem, case: Case, mentors: list[int]) -> Key:
    """Coverage, least loads, the scores given from the worst up, and what remains: total less load cost."""
    found: Outcome = measure(problem, RULES, case.scores, mentors)
    pinned = {row for row, _ in problem.pins}
    made = [(row, mentor) for row, mentor in enumerate(mentors) if mentor >= 0 and row not in pinned]
    return found.coverage, found.least_loads, sorted(round(case.scores[pair] * 10) for pair in made), found.worth


@settings(max_examples=250, deadline=None)
@given(cases())
def test_leximin_finds_what_trying_everything_finds(case: Case) -> None:
    mentors = [int(mentor) for mentor in solve(case.problem, RULES).mentor]
    best = max(key_of(case.problem, case, matching) for matching in all_matchings(case.problem, RULES, case.scores))
    assert key_of(case.problem, case, mentors) == best


@settings(max_examples=60, deadline=None)
@given(cases(most_rows=25, most_mentors=12))
def test_its_floor_is_the_highest_and_it_verifies(case: Case) -> None:
    solution = solve(case.problem, RULES)
    highest = solve(case.problem, replace(RULES, floor="max"))
    assert (solution.slots_filled, solution.floor) == (highest.slots_filled, highest.floor)
    assert solution.gap >= 0
    assert verify(case.problem, solution.mentor, certify(case.problem, solution)).failures == ()


def test_the_next_worst_comes_before_the_total_and_a_better_total_is_refused() -> None:
    """The first row has one mentor; of the others one gets .9 and the other .4, or .5 and .6."""
    none = -np.inf
    scores = np.array([[none, none, 0.2], [0.9, 0.5, none], [0.6, 0.4, none]])
    problem, rules = Problem(DenseScores(scores), np.ones(3, np.int32)), Rules(load_weight=0.0)
    total, fair = solve(problem, rules), solve(problem, replace(rules, floor="leximin"))
    assert (total.mentor.tolist(), fair.mentor.tolist()) == ([2, 0, 1], [2, 1, 0])
    assert total.gap == 0
    assert fair.gap == pytest.approx(0.2)
    forged = replace(certify(problem, fair), mentor=total.mentor, score=total.score)
    assert {check.name for check in verify(problem, total.mentor, forged).failures} == {"leximin"}


def test_two_slots_of_one_mentee_do_not_hide_the_fairer_pair() -> None:
    """The last mentor must be filled: by the second or fourth mentee at -1, not by the first one's slot at -2."""
    none = -np.inf
    scores = np.array([[none, none, -2.0], [none, -2, -1], [-2, none, none], [none, none, -1], [none, -1, none]])
    problem = Problem(
        DenseScores(scores), np.array([3, 3, 1], np.int32), owner=np.array([4, 1, 2, 3, 4], np.int32),
        minimum=np.array([0, 1, 1], np.int32), load=np.array([0, 1, 1], np.int32),
        tier=np.array([0, 0, 0, 0, 1], np.int16), forbidden=((1, 1),),
    )  # fmt: skip
    solution = solve(problem, RULES)
    assert sorted(solution.score[solution.mentor >= 0]) == [-20, -10, -10]


def test_a_crowd_of_some_size_and_what_is_too_large() -> None:
    left, right, capacity = topic_vectors(90, 30, 3)
    problem = Problem(FactorScores(left, right, clip0=True), capacity)
    fair, total = solve(problem, Rules(floor="leximin")), solve(problem, Rules())
    worst = [np.sort(s.score[s.mentor >= 0]).tolist() for s in (fair, total)]
    assert worst[0] > worst[1]
    left, right, capacity = topic_vectors(400, 200, 3)
    with pytest.raises(ProblemError, match="leximin is for up to 60,000 pairs, not 80,000"):
        solve(Problem(FactorScores(left, right), capacity), Rules(floor="leximin"))
