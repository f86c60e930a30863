"""Random runs tampered with at random: none passes."""

from dataclasses import replace

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.matcher.assignment.certificate import Certificate, certify
from services.matcher.assignment.problem import Int32, Problem, Rules
from services.matcher.assignment.solve import solve
from services.matcher.assignment.sources import DenseScores
from services.matcher.assignment.verify import verify

RULES = (Rules(), Rules(floor="none", load_weight=0.0), Rules("none", "none", 0.1))
RUNS = settings(max_examples=60, deadline=None)
seeds, choices = st.integers(0, 10**6), st.integers(0, 10**6)


def make_run(seed: int, rules: Rules) -> tuple[Problem, Certificate]:
    """Scores without ties, some pairs missing, two rows for some owners."""
    numbers = np.random.default_rng(seed)
    rows, mentors = int(numbers.integers(4, 16)), int(numbers.integers(2, 8))
    scores = numbers.random((rows, mentors))
    scores[numbers.random(scores.shape) < 0.2] = -np.inf
    owner = numbers.integers(0, rows, rows).astype(np.int32)
    problem = Problem(DenseScores(scores), numbers.integers(0, 4, mentors).astype(np.int32), owner)
    certificate = certify(problem, solve(problem, rules))
    assume((certificate.mentor >= 0).sum() >= 2)
    return problem, certificate


def passes(problem: Problem, matches: Int32, certificate: Certificate) -> bool:
    return verify(problem, matches, certificate).passed


def forged(certificate: Certificate, matches: Int32) -> list[Certificate]:
    """The certificate as it is, and with the matching written into it."""
    return [certificate, replace(certificate, mentor=matches)]


@RUNS
@given(seeds, st.sampled_from(RULES), choices, choices)
def test_swapped_mentors_are_refused(seed: int, rules: Rules, one: int, other: int) -> None:
    problem, certificate = make_run(seed, rules)
    made = np.flatnonzero(certificate.mentor >= 0)
    pair = made[[one % len(made), other % len(made)]]
    assume(certificate.mentor[pair[0]] != certificate.mentor[pair[1]])
    matches = certificate.mentor.copy()
    matches[pair] = matches[pair[::-1]]
    assert not any(passes(problem, matches, shown) for shown in forged(certificate, matches))


@RUNS
@given(seeds, st.sampled_from(RULES), choices)
def test_a_dropped_person_is_refused(seed: int, rules: Rules, one: int) -> None:
    problem, certificate = make_run(seed, rules)
    made = np.flatnonzero(certificate.mentor >= 0)
    matches = certificate.mentor.copy()
    matches[made[one % len(made)]] = -1
    assert not any(passes(problem, matches, shown) for shown in forged(certificate, matches))


@RUNS
@given(seeds, st.sampled_from(RULES), choices, choices)
def test_another_mentor_is_refused(seed: int, rules: Rules, row: int, mentor: int) -> None:
    """Also one without a slot left, one who is not eligible, or one whom the mentee has already."""
    problem, certificate = make_run(seed, rules)
    row, mentor = row % problem.rows, mentor % problem.mentors
    assume(certificate.mentor[row] != mentor)
    matches = certificate.mentor.copy()
    matches[row] = mentor
    assert not any(passes(problem, matches, shown) for shown in forged(certificate, matches))


@RUNS
@given(seeds, st.sampled_from(RULES), choices, st.sampled_from([-2000, -2, 2, 2000]), st.booleans())
def test_a_moved_price_is_refused_wherever_it_matters(
    seed: int, rules: Rules, one: int, change: int, of_row: bool
) -> None:
    problem, certificate = make_run(seed, rules)
    prices = certificate.total.prices
    made = np.flatnonzero(certificate.mentor >= 0)
    row = made[one % len(made)]
    price, worth = prices.price.copy(), prices.worth.copy()
    if of_row:
        worth[row] += change
    else:
        price[certificate.mentor[row]] += change
    moved = replace(certificate.total, prices=replace(prices, price=price, worth=worth))
    assert not passes(problem, certificate.mentor, replace(certificate, total=moved))


@RUNS
@given(seeds, st.sampled_from(RULES), choices, choices, st.sampled_from([-0.5, -1e-6, 1e-6, 0.5]))
def test_a_changed_score_is_refused(seed: int, rules: Rules, row: int, mentor: int, change: float) -> None:
    problem, certificate = make_run(seed, rules)
    source = problem.source
    assert isinstance(source, DenseScores)
    row, mentor = row % problem.rows, mentor % problem.mentors
    scores = source.matrix.copy()
    assume(np.isfinite(scores[row, mentor]))
    scores[row, mentor] += change
    assert not passes(replace(problem, source=DenseScores(scores)), certificate.mentor, certificate)
