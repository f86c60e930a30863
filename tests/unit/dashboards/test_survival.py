"""Waiting times with those who still wait: against values worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.api.dashboards.survival import Step, Wait, median_days, survival_curve


def test_nobody_waits_in_an_empty_program() -> None:
    assert survival_curve([]) == [Step(0, 1.0)]
    assert median_days(survival_curve([])) is None


def test_without_censoring_it_is_the_share_that_still_waits() -> None:
    curve = survival_curve([Wait(2, over=True), Wait(4, over=True), Wait(4, over=True), Wait(8, over=True)])
    assert [(s.day, s.waiting) for s in curve] == [(0, 1.0), (2, 0.75), (4, 0.25), (8, 0.0)]
    assert median_days(curve) == 4


def test_those_who_still_wait_count_until_now() -> None:
    """Freireich's 6-MP arm, as printed in every textbook: S(6) = .857, S(7) = .807, S(10) = .753, S(13) = .690."""
    over = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    waiting = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    curve = survival_curve([*(Wait(d, over=True) for d in over), *(Wait(d, over=False) for d in waiting)])
    found = {step.day: step.waiting for step in curve}
    assert [found[d] for d in (6, 7, 10, 13)] == pytest.approx([0.857, 0.807, 0.753, 0.690], abs=5e-4)
    assert median_days(curve) == 23


@given(st.lists(st.builds(Wait, days=st.integers(0, 60), over=st.booleans()), max_size=60))
def test_the_curve_only_falls_and_stays_a_share(waits: list[Wait]) -> None:
    shares = [step.waiting for step in survival_curve(waits)]
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= share <= 1 for share in shares)
