"""First choices and envy, against a look at every pair by itself."""

import numpy as np
from hypothesis import given, settings

from services.matcher.assignment.envy import standing
from services.matcher.assignment.problem import Problem, Rules
from services.matcher.assignment.solution import Solution
from services.matcher.assignment.solve import solve
from services.matcher.assignment.sources import DenseScores, FactorScores
from tests.unit.assignment.instances import Case, cases, topic_vectors


def _by_hand(case: Case, solution: Solution) -> tuple[list[bool], list[bool]]:
    problem, rules = case.problem, case.rules
    floor = -np.inf if isinstance(rules.floor, str) else rules.floor
    holders: dict[int, list[int]] = {}
    for row, mentor in enumerate(solution.mentor):
        holders.setdefault(int(mentor), []).append(row)
    firsts, envies = [], []
    for row, mine in enumerate(solution.mentor):
        own = case.scores[row, mine] if mine >= 0 else -np.inf
        siblings = np.flatnonzero(problem.owner == problem.owner[row])
        taken = {int(solution.mentor[sibling]) for sibling in siblings}
        wanted = [
            mentor for mentor in range(problem.mentors)
            if problem.capacity[mentor] > 0 and mentor not in taken and (row, mentor) not in problem.forbidden
            and case.scores[row, mentor] > own and case.scores[row, mentor] >= floor
        ]
        firsts.append(bool(mine >= 0 and not wanted))
        envies.append(any(case.scores[row, j] > case.scores[r, j] for j in wanted for r in holders.get(j, ())))
    return firsts, envies


@settings(max_examples=200, deadline=None)
@given(cases())
def test_it_is_what_a_look_at_every_pair_finds(case: Case) -> None:
    solution = solve(case.problem, case.rules)
    found = standing(case.problem, solution)
    assert (found.first_choice.tolist(), found.envies.tolist()) == _by_hand(case, solution)


def test_an_approximate_block_changes_nothing() -> None:
    left, right, capacity = topic_vectors(200, 60, 3)
    vectors = FactorScores(left, right)
    exact = vectors.exact(*(axis.ravel() for axis in np.indices((200, 60)))).reshape(200, 60)
    owner = (np.arange(200) // 2).astype(np.int32)
    rules = Rules("first", "max", 0.05, 6)
    one, other = (Problem(source, capacity, owner) for source in (vectors, DenseScores(exact)))
    found, again = standing(one, solve(one, rules)), standing(other, solve(other, rules))
    assert found.first_choice.tolist() == again.first_choice.tolist()
    assert found.envies.tolist() == again.envies.tolist()
    assert 0 < found.first_choice.mean() < 1


def test_an_open_wish_envies_whoever_holds_a_mentor_with_a_lower_score() -> None:
    pinned = Problem(DenseScores(np.array([[0.9], [0.5]])), np.array([1]), pins=((1, 0),))
    found = standing(pinned, solve(pinned, Rules()))
    assert found.envies.tolist() == [True, False]
    assert found.first_choice.tolist() == [False, True]


def test_where_the_best_pair_is_made_nobody_envies() -> None:
    problem = Problem(DenseScores(np.array([[0.9], [0.5]])), np.array([1]))
    found = standing(problem, solve(problem, Rules()))
    assert found.envies.tolist() == [False, False]
    assert found.first_choice.tolist() == [True, False]
