"""What must follow when the input changes in a known way."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from services.matcher.assignment import columns, parallel
from services.matcher.assignment.certificate import certify
from services.matcher.assignment.problem import Problem, Rules
from services.matcher.assignment.solve import solve
from services.matcher.assignment.sources import DenseScores, FactorScores
from tests.unit.assignment.instances import Case, cases, topic_vectors

COSINE = Rules("none", "none", 0.0, 6)


@settings(max_examples=100, deadline=None)
@given(cases(most_rows=12, most_mentors=8))
def test_the_answer_follows_people_not_their_order(case: Case) -> None:
    problem = case.problem
    numbers = np.random.default_rng(1)
    rows, mentors = numbers.permutation(problem.rows), numbers.permutation(problem.mentors)
    row_at, mentor_at = np.argsort(rows), np.argsort(mentors)
    shuffled = Problem(
        DenseScores(case.scores[rows][:, mentors]), problem.capacity[mentors], problem.owner[rows],
        problem.minimum[mentors], problem.load[mentors], problem.tier[rows],
        pins=tuple((int(row_at[r]), int(mentor_at[m])) for r, m in problem.pins),
        forbidden=tuple((int(row_at[r]), int(mentor_at[m])) for r, m in problem.forbidden),
        row_ids=tuple(problem.row_ids[r] for r in rows),
        mentor_ids=tuple(problem.mentor_ids[m] for m in mentors),
    )  # fmt: skip
    assert named_pairs(shuffled, case.rules) == named_pairs(problem, case.rules)


def named_pairs(problem: Problem, rules: Rules) -> set[tuple[str, str]]:
    mentor = solve(problem, rules).mentor
    rows = np.flatnonzero(mentor >= 0)
    return {(problem.row_ids[r], problem.mentor_ids[mentor[r]]) for r in rows}


def test_ties_follow_the_key() -> None:
    problem = Problem(DenseScores(np.ones((20, 20))), np.ones(20, np.int32))
    first = solve(problem, Rules()).mentor
    assert solve(problem, Rules()).mentor.tolist() == first.tolist()
    assert solve(replace(problem, tie_key=b"another"), Rules()).mentor.tolist() != first.tolist()


@pytest.mark.parametrize("rules", [COSINE, Rules()])
def test_the_same_bytes_on_any_number_of_threads(rules: Rules, monkeypatch: pytest.MonkeyPatch) -> None:
    left, right, capacity = topic_vectors(700, 350, 2)
    problem = Problem(FactorScores(left, right, clip0=True), capacity)
    assert problem.rows * problem.mentors > columns.WHOLE
    certificates = set()
    for threads in (1, 2, 5):
        monkeypatch.setattr(parallel, "count_cores", lambda threads=threads: threads)
        with threadpool_limits(threads):
            certificates.add(certify(problem, solve(problem, rules)).to_bytes())
    assert len(certificates) == 1


def test_scaled_scores_scale_the_total_and_keep_the_matching() -> None:
    scores = np.random.default_rng(0).integers(0, 1000, (40, 15)) / 1000
    capacity = np.full(15, 2, np.int32)
    rules = Rules(floor="none", load_weight=0.0, score_decimals=3)
    one = solve(Problem(DenseScores(scores), capacity), rules)
    ten = solve(Problem(DenseScores(scores * 10), capacity), rules)
    assert ten.mentor.tolist() == one.mentor.tolist()
    assert ten.total == pytest.approx(10 * one.total)


def test_a_mentor_split_in_two_serves_the_same_total() -> None:
    scores = np.random.default_rng(8).random((30, 6))
    rules = Rules(load_weight=0.0)
    whole = solve(Problem(DenseScores(scores), np.full(6, 4, np.int32)), rules)
    twice = np.concatenate([scores, scores[:, :1]], axis=1)
    split = solve(Problem(DenseScores(twice), np.array([2, 4, 4, 4, 4, 4, 2], np.int32)), rules)
    assert (split.total, split.floor, split.slots_filled) == (whole.total, whole.floor, whole.slots_filled)


@settings(max_examples=60, deadline=None)
@given(cases(most_rows=12, most_mentors=6), st.integers(2, 50))
def test_scores_times_a_number_give_the_same_matching(case: Case, times: int) -> None:
    rules = Rules("first", "max", 0.0, 0)
    scaled = replace(case.problem, source=DenseScores(case.scores * times))
    one, many = solve(case.problem, rules), solve(scaled, rules)
    assert many.mentor.tolist() == one.mentor.tolist()
    assert many.total == times * one.total


@settings(max_examples=60, deadline=None)
@given(cases(most_rows=12, most_mentors=6), st.integers(0, 3))
def test_a_mentor_who_comes_twice_with_half_the_slots_changes_nothing(case: Case, given_away: int) -> None:
    assume(case.problem.mentors > 0)
    capacity = case.problem.capacity
    moved = min(given_away, int(capacity[0]))
    whole = Problem(DenseScores(case.scores), capacity, tier=case.problem.tier)
    twice = Problem(
        DenseScores(np.concatenate([case.scores, case.scores[:, :1]], axis=1)),
        np.append(np.concatenate([[capacity[0] - moved], capacity[1:]]), moved), tier=case.problem.tier,
    )  # fmt: skip
    one, two = (solve(problem, Rules("first", "max", 0.0, 0)) for problem in (whole, twice))
    assert (two.slots_filled, two.floor, two.total) == (one.slots_filled, one.floor, one.total)
    one, two = (solve(problem, Rules("none", "none", 0.0, 0)) for problem in (whole, twice))
    assert two.total == one.total  # where nothing else is asked for, equal totals may be reached with another floor


def test_one_more_mentor_never_hurts() -> None:
    numbers = np.random.default_rng(11)
    scores = numbers.random((30, 8))
    before = solve(Problem(DenseScores(scores[:, :7]), np.full(7, 3, np.int32)), COSINE)
    after = solve(Problem(DenseScores(scores), np.full(8, 3, np.int32)), COSINE)
    assert after.objective >= before.objective


def test_load_follows_offered_bandwidth() -> None:
    capacity = np.array([8, 4, 4], np.int32)
    solution = solve(Problem(DenseScores(np.zeros((8, 3))), capacity), Rules(load_weight=0.1))
    assert np.bincount(solution.mentor).tolist() == [4, 2, 2]
