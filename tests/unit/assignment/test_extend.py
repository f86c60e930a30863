"""A run kept open ends exactly where a new run would."""

from dataclasses import replace

import numpy as np
import pytest

from services.matcher.assignment.columns import Effort, beat_prices, first_pool, optimize
from services.matcher.assignment.extend import Extension, LiveRun
from services.matcher.assignment.pricing import Scan
from services.matcher.assignment.problem import Problem, ProblemError, Rules
from services.matcher.assignment.solution import Solution
from services.matcher.assignment.solve import solve
from services.matcher.assignment.sources import DenseScores, FactorScores
from tests.unit.assignment.instances import topic_vectors

RULES = (Rules("none", "none", 0.05), Rules(floor="none"), Rules("none", "none", 0.0))


def part(rows: int, mentors: int, owners: int | None = None, seed: int = 1) -> Problem:
    """The first rows and mentors of one fixed crowd."""
    left, right, capacity = topic_vectors(160, 40, seed)
    owner = np.arange(rows) if owners is None else np.arange(rows) % owners
    return Problem(
        FactorScores(left[:rows], right[:mentors], clip0=True), capacity[:mentors], owner.astype(np.int32)
    )


def check(live: LiveRun, extension: Extension) -> None:
    """Worth as much as a run from nothing, at prices that no pair beats."""
    effort = Effort(lambda _phase, _done: None)
    best = optimize(live.instance, live.objective, first_pool(live.instance, live.objective, effort), effort)
    assert extension.value == extension.dual_bound == best.value
    gains = beat_prices(Scan(live.instance, live.objective, 8), extension.prices, effort)[2]
    assert not (gains > 0).any()


@pytest.mark.parametrize("rules", RULES)
def test_rows_that_arrive_one_by_one_end_at_the_optimum(rules: Rules) -> None:
    problem = part(120, 40)
    live = LiveRun(problem, solve(problem, rules))
    for rows in range(121, 160, 3):
        check(live, live.extend(part(rows, 40)))


@pytest.mark.parametrize("rules", RULES)
def test_mentors_that_arrive_are_used_at_once(rules: Rules) -> None:
    problem = part(160, 25)
    live = LiveRun(problem, solve(problem, rules))
    for mentors in range(26, 41, 3):
        extension = live.extend(part(160, mentors))
        check(live, extension)
    assert (extension.mentor >= 25).any()


def test_owners_with_several_rows_never_get_a_mentor_twice() -> None:
    problem = part(100, 20, owners=40)
    live = LiveRun(problem, solve(problem, RULES[0]))
    for rows in (110, 111, 125):
        extension = live.extend(part(rows, 20, owners=40))
        check(live, extension)
        pairs = [(row % 40, int(m)) for row, m in enumerate(extension.mentor) if m >= 0]
        assert len(pairs) == len(set(pairs))


def test_accepted_rows_stay_where_they_are() -> None:
    problem = part(120, 30)
    solution = solve(problem, RULES[0])
    accepted = solution.mentor >= 0
    accepted[::3] = False
    live = LiveRun(problem, solution, accepted)
    extension = live.extend(part(150, 30))
    check(live, extension)
    assert np.array_equal(extension.mentor[:120][accepted], solution.mentor[accepted])


def test_a_row_that_leaves_frees_its_slot() -> None:
    problem = part(160, 25)
    solution = solve(problem, RULES[1])
    live = LiveRun(problem, solution)
    gone = np.zeros(160, np.bool_)
    gone[np.flatnonzero(solution.mentor >= 0)[:5]] = True
    extension = live.extend(problem, withdrawn=gone)
    check(live, extension)
    assert (extension.mentor[gone] == -1).all()
    assert (extension.mentor >= 0).sum() == (solution.mentor >= 0).sum()


def test_more_and_less_bandwidth_is_followed() -> None:
    problem = part(160, 25)
    live = LiveRun(problem, solve(problem, RULES[0]))
    numbers = np.random.default_rng(4)
    for _ in range(6):
        problem = replace(problem, capacity=numbers.integers(0, 6, 25).astype(np.int32))
        check(live, live.extend(problem))


def test_an_extension_says_who_moved() -> None:
    problem = part(120, 40)
    solution = solve(problem, RULES[1])
    extension = LiveRun(problem, solution).extend(part(124, 40))
    moved = np.flatnonzero(extension.mentor[:120] != solution.mentor)
    assert extension.moved.tolist() == [*moved.tolist(), 120, 121, 122, 123]


def test_newcomers_may_be_matched_below_the_floor_of_the_run() -> None:
    scores = np.array([[0.9, 0.8], [0.8, 0.9]])
    problem = Problem(DenseScores(scores), np.array([1, 2], np.int32))
    live = LiveRun(problem, solve(problem, Rules()))
    grown = Problem(DenseScores(np.array([[0.9, 0.8], [0.8, 0.9], [0.1, 0.2]])), problem.capacity)
    assert live.extend(grown).mentor.tolist() == [0, 1, 1]


def test_a_change_that_reorders_people_is_refused() -> None:
    problem = part(60, 20)
    live = LiveRun(problem, solve(problem, RULES[0]))
    with pytest.raises(ProblemError, match="keep their places"):
        live.extend(replace(problem, row_ids=tuple(reversed(problem.row_ids))))
    with pytest.raises(ProblemError, match="cannot be accepted"):
        LiveRun(problem, replace(live_solution(problem), mentor=np.full(60, -1, np.int32)), np.ones(60, np.bool_))


def live_solution(problem: Problem) -> Solution:
    return solve(problem, RULES[0])
