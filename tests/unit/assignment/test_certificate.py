"""Every tampering that we could think of is noticed."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from services.matcher.assignment.certificate import (
    Certificate,
    CertificateError,
    certify,
    load_certificate,
)
from services.matcher.assignment.problem import Int32, Problem, Rules
from services.matcher.assignment.solve import solve
from services.matcher.assignment.sources import DenseScores
from services.matcher.assignment.verify import VerificationError, verify

RULES = Rules()


def make_problem(seed: int = 3) -> Problem:
    numbers = np.random.default_rng(seed)
    scores = numbers.random((30, 12))
    scores[numbers.random((30, 12)) < 0.2] = -np.inf
    return Problem(
        DenseScores(scores), numbers.integers(1, 4, 12).astype(np.int32),
        owner=(np.arange(30) // 2).astype(np.int32), tier=(np.arange(30) % 2).astype(np.int16),
        minimum=np.ones(12, np.int32), pins=((0, int(np.argmax(scores[0]))),),
    )  # fmt: skip


@pytest.fixture(scope="module")
def problem() -> Problem:
    return make_problem()


@pytest.fixture(scope="module")
def certificate(problem: Problem) -> Certificate:
    return certify(problem, solve(problem, RULES))


def failed(problem: Problem, matches: Int32, certificate: Certificate) -> set[str]:
    return {check.name for check in verify(problem, matches, certificate).failures}


def test_an_untouched_run_verifies(problem: Problem, certificate: Certificate) -> None:
    verify(problem, certificate.mentor, certificate).require()


def test_a_certificate_survives_its_file(problem: Problem, certificate: Certificate) -> None:
    again = load_certificate(io.BytesIO(certificate.to_bytes()))
    assert failed(problem, again.mentor, again) == set()
    assert again.to_bytes() == certificate.to_bytes()


def swap(matches: Int32) -> None:
    first, second = np.flatnonzero(matches >= 0)[[1, 2]]
    matches[[first, second]] = matches[[second, first]]


def drop(matches: Int32) -> None:
    matches[np.flatnonzero(matches >= 0)[-1]] = -1


def overfill(matches: Int32) -> None:
    matches[:] = matches[matches >= 0][0]


def unpin(matches: Int32) -> None:
    matches[0] = -1


@pytest.mark.parametrize("tamper", [swap, drop, overfill, unpin])
@pytest.mark.parametrize("also_in_certificate", [False, True])
def test_a_changed_matching_is_refused(
    problem: Problem, certificate: Certificate, tamper: Callable[[Int32], None], also_in_certificate: bool
) -> None:
    matches = certificate.mentor.copy()
    tamper(matches)
    shown = replace(certificate, mentor=matches) if also_in_certificate else certificate
    assert failed(problem, matches, shown)


@pytest.mark.parametrize("proof", ["total", "coverage", "floor"])
@pytest.mark.parametrize("field", ["price", "worth"])
@pytest.mark.parametrize("change", [-2, 2])
def test_a_changed_price_is_refused(
    problem: Problem, certificate: Certificate, proof: str, field: str, change: int
) -> None:
    given = getattr(certificate, proof)
    moved = getattr(given.prices, field).copy()
    used = np.flatnonzero(certificate.mentor >= 0)
    at = used[1] if field == "worth" else certificate.mentor[used[1]]
    moved[at] += change
    if proof == "floor":
        moved += change * 100
    forged = replace(given, prices=replace(given.prices, **{field: moved}))
    assert failed(problem, certificate.mentor, replace(certificate, **{proof: forged}))


@pytest.mark.parametrize("proof", ["coverage", "floor"])
def test_a_missing_proof_is_refused(problem: Problem, certificate: Certificate, proof: str) -> None:
    without: dict[str, Any] = {proof: None}
    assert failed(problem, certificate.mentor, replace(certificate, **without))


def test_another_policy_is_refused(problem: Problem, certificate: Certificate) -> None:
    for rules in (Rules(load_weight=0.2), Rules(floor="none"), Rules(coverage="none"), Rules(score_decimals=3)):
        assert failed(problem, certificate.mentor, replace(certificate, rules=rules))


def test_a_changed_score_is_refused(problem: Problem, certificate: Certificate) -> None:
    source = problem.source
    assert isinstance(source, DenseScores)
    scores = source.matrix.copy()
    row = int(np.flatnonzero(certificate.mentor >= 0)[3])
    scores[row, certificate.mentor[row]] -= 0.01
    changed = replace(problem, source=DenseScores(scores))
    assert {"inputs", "scores"} <= failed(changed, certificate.mentor, certificate)


def test_changed_people_are_refused(problem: Problem, certificate: Certificate) -> None:
    changes: list[dict[str, Any]] = [
        {"capacity": problem.capacity + 1}, {"tier": 1 - problem.tier}, {"tie_key": b"other"},
    ]  # fmt: skip
    for change in changes:
        changed = replace(problem, **change)
        assert "inputs" in failed(changed, certificate.mentor, certificate)


def test_a_matching_of_the_wrong_size_is_refused(problem: Problem, certificate: Certificate) -> None:
    assert failed(problem, certificate.mentor[:-1], certificate) == {"shape"}
    assert failed(problem, certificate.mentor + 100, certificate) == {"range"}
    assert failed(make_problem(4), certificate.mentor, replace(certificate, score=certificate.score[:3]))


def test_refusal_is_loud(problem: Problem, certificate: Certificate) -> None:
    with pytest.raises(VerificationError, match="matching"):
        verify(problem, np.full(problem.rows, -1, np.int32), certificate).require()


@pytest.mark.parametrize("content", [b"", b"no certificate", b"PK\x03\x04 half a zip"])
def test_a_file_that_is_no_certificate_is_named_as_such(content: bytes) -> None:
    with pytest.raises(CertificateError, match="not a readable certificate"):
        load_certificate(io.BytesIO(content))
