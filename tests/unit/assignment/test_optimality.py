"""The optimum, against two independent solvers, and its certificate on every instance."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from services.matcher.assignment import columns
from services.matcher.assignment.certificate import certify
from services.matcher.assignment.problem import Problem, Rules
from services.matcher.assignment.solve import solve
from services.matcher.assignment.sources import DenseScores, FactorScores, SparseScores
from services.matcher.assignment.verify import verify
from tests.unit.assignment.instances import Case, cases, topic_vectors
from tests.unit.assignment.oracles import best_outcome, best_worth_by_highs, measure_solution

COSINE = Rules("none", "none", 0.0, 6)


@settings(max_examples=300, deadline=None)
@given(cases())
def test_a_run_finds_what_trying_everything_finds(case: Case) -> None:
    solution = solve(case.problem, case.rules)
    found = measure_solution(case.problem, case.rules, case.scores, solution)
    assert found.key(case.rules) == best_outcome(case.problem, case.rules, case.scores).key(case.rules)
    assert solution.gap == 0


@settings(max_examples=100, deadline=None)
@given(cases(most_rows=30, most_mentors=15))
def test_every_run_verifies(case: Case) -> None:
    solution = solve(case.problem, case.rules)
    verification = verify(case.problem, solution.mentor, certify(case.problem, solution))
    assert verification.failures == ()


@settings(max_examples=40, deadline=None)
@given(cases(most_rows=25, most_mentors=12))
def test_a_run_reaches_the_optimum_of_highs(case: Case) -> None:
    problem = Problem(case.problem.source, case.problem.capacity, case.problem.owner)
    rules = Rules("none", "none", 0.4, 3)
    solution = solve(problem, rules)
    assert round(solution.objective * rules.scale) == best_worth_by_highs(problem, rules, case.scores)


@settings(max_examples=40, deadline=None)
@given(cases(most_rows=25, most_mentors=12), st.sampled_from([0.0, 0.4]))
def test_coverage_by_tier_comes_before_the_total_as_highs_has_it(case: Case, load_weight: float) -> None:
    problem, rules = replace(case.problem, pins=()), Rules("first", "none", load_weight, 1)
    large = 100_000
    bonus = large * (int(problem.tier.max(initial=0)) + 1 - problem.tier.astype(np.int64))
    found = measure_solution(problem, rules, case.scores, solve(problem, rules))
    tiers = sum(large * (len(found.coverage) - tier) * count for tier, count in enumerate(found.coverage))
    expected = best_worth_by_highs(problem, rules, case.scores, bonus, large)
    assert found.worth + tiers + large * found.least_loads == expected


@pytest.mark.parametrize("seed", range(4))
def test_columns_reach_the_optimum_over_all_pairs(seed: int) -> None:
    left, right, capacity = topic_vectors(900, 300, seed)
    assert left.shape[0] * right.shape[0] > columns.WHOLE
    solution = solve(Problem(FactorScores(left, right, clip0=True), capacity), COSINE)
    scores = np.maximum(left.astype(np.float64) @ right.astype(np.float64).T, 0)
    points = np.rint(scores * 10**6).astype(np.int64)[:, np.repeat(np.arange(300), capacity)]
    rows, slots = linear_sum_assignment(points, maximize=True)
    assert round(solution.objective * 10**6) == points[rows, slots].sum()
    assert solution.pairs_considered >= 900 * 300


@pytest.mark.parametrize("rules", [Rules(), Rules(floor="none"), Rules(floor=0.2, load_weight=0.2)])
def test_a_screened_run_equals_the_run_on_the_whole_matrix(
    rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, right, capacity = topic_vectors(240, 80, 9)
    scores = np.maximum(left.astype(np.float64) @ right.astype(np.float64).T, 0)
    whole = solve(Problem(DenseScores(scores), capacity), rules)
    monkeypatch.setattr(columns, "WHOLE", 0)
    monkeypatch.setattr(columns, "FIRST_COLUMNS", 3)
    monkeypatch.setattr(columns, "MORE_COLUMNS", 3)
    screened = solve(Problem(FactorScores(left, right, clip0=True), capacity), rules)
    assert screened.mentor.tolist() == whole.mentor.tolist()
    assert (screened.floor, screened.objective) == (whole.floor, whole.objective)


def test_a_sparse_matrix_gives_what_its_dense_form_gives() -> None:
    from scipy import sparse

    numbers = np.random.default_rng(5)
    scores = np.where(numbers.random((40, 20)) < 0.3, numbers.random((40, 20)), -np.inf)
    rows, mentors = np.nonzero(np.isfinite(scores))
    entries = sparse.csr_matrix((scores[rows, mentors], (rows, mentors)), shape=scores.shape)
    capacity = numbers.integers(0, 3, 20).astype(np.int32)
    dense = solve(Problem(DenseScores(scores), capacity), Rules())
    assert solve(Problem(SparseScores(entries), capacity), Rules()).mentor.tolist() == dense.mentor.tolist()


def test_all_scores_equal_still_fills_every_slot() -> None:
    problem = Problem(DenseScores(np.zeros((60, 30))), np.full(30, 2, np.int32))
    solution = solve(problem, Rules())
    assert solution.slots_filled == 60
    assert np.bincount(solution.mentor).tolist() == [2] * 30


def test_a_run_that_raises_nothing_makes_no_pair() -> None:
    problem = Problem(DenseScores(np.zeros((5, 5))), np.ones(5, np.int32))
    assert solve(problem, COSINE).slots_filled == 0


@pytest.mark.parametrize("rules", [Rules(), Rules(coverage="none", floor="none")], ids=["coverage first", "total only"])
def test_where_nobody_has_a_slot_nobody_is_matched_and_that_is_proved(rules: Rules) -> None:
    """Also where pairs are screened, not listed: a nation right after its match was published."""
    left, right, _slots = topic_vectors(700, 400)
    problem = Problem(FactorScores(left, right), capacity=np.zeros(400, np.int32))
    solution = solve(problem, rules)
    assert (solution.slots_filled, solution.gap) == (0, 0)
    assert verify(problem, solution.mentor, certify(problem, solution)).passed
