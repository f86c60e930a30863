"""Intervals beside numbers from the literature and from SciPy."""

import numpy as np
import pytest
from scipy import stats

from services.api.dashboards.intervals import Z95, Interval, bonferroni, of_mean, student, wilson


@pytest.mark.parametrize(("count", "size"), [(0, 12), (5, 12), (81, 263), (148, 148), (1, 1)])
def test_a_share_has_wilsons_interval(count: int, size: int) -> None:
    expected = stats.binomtest(count, size).proportion_ci(method="wilson")
    assert wilson(count, size) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_nobody_says_nothing() -> None:
    assert wilson(0, 0) == Interval(0.0, 1.0)


@pytest.mark.parametrize("freedom", [10, 15, 40, 1000])
def test_students_quantile_is_close(freedom: int) -> None:
    assert student(freedom) == pytest.approx(float(stats.t.ppf(0.975, freedom)), abs=1e-3)


def test_a_mean_has_students_interval() -> None:
    values = np.random.default_rng(3).normal(0.6, 0.1, 23).tolist()
    expected = stats.t.interval(0.95, 22, loc=np.mean(values), scale=stats.sem(values))
    assert of_mean(values) == pytest.approx(expected, abs=1e-4)


def test_many_comparisons_ask_for_wider_intervals() -> None:
    assert bonferroni(1) == pytest.approx(Z95)
    assert bonferroni(20) == pytest.approx(float(stats.norm.ppf(1 - 0.05 / 40)))
