"""Intervals for shares and means, 95 % unless another z is given. Pure.

Shares: Wilson (JASA 22 (1927) 209 to 212). Means: Student's t, whose quantile is expanded in powers of
one over the degrees of freedom (Abramowitz and Stegun 26.7.5, exact to 0.001 from ten of them on).
"""

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist, fmean, variance
from typing import NamedTuple

Z95 = NormalDist().inv_cdf(0.975)


class Interval(NamedTuple):
    low: float
    high: float

    def meets(self, other: "Interval") -> bool:
        return self.low <= other.high and other.low <= self.high


def wilson(count: int, size: int, z: float = Z95) -> Interval:
    """The interval of the share count / size; all of [0, 1] for nobody."""
    if size == 0:
        return Interval(0.0, 1.0)
    share, scale = count / size, 1 + z * z / size
    middle = (share + z * z / (2 * size)) / scale
    half = z * sqrt(share * (1 - share) / size + z * z / (4 * size * size)) / scale
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def of_mean(values: Sequence[float], z: float = Z95) -> Interval:
    """The interval of the mean of at least two values."""
    half = student(len(values) - 1, z) * sqrt(variance(values) / len(values))
    mean = fmean(values)
    return Interval(mean - half, mean + half)


def student(freedom: int, z: float = Z95) -> float:
    """The quantile of Student's t that belongs to the normal quantile z."""
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3


def bonferroni(comparisons: int, level: float = 0.05) -> float:
    """The z at which all of so many intervals hold together."""
    return NormalDist().inv_cdf(1 - level / (2 * max(1, comparisons)))
