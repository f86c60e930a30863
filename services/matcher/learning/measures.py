"""How well chances foretell outcomes: log loss, Brier, AUC, calibration; differences with intervals by mentor."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from services.matcher.learning.observations import OUTCOMES, Floats, Ints

BINS = 8
LEAST_CHANCE = 1e-6


@dataclass(frozen=True)
class Measures:
    """Lower log loss and Brier are better; AUC .5 is guessing (None where all outcomes are alike)."""

    log_loss: float
    brier: float
    auc: float | None


@dataclass(frozen=True)
class Difference:
    """A mean per pair with its 95 % interval."""

    mean: float
    low: float
    high: float

    @property
    def is_above_zero(self) -> bool:
        return self.low > 0.0


@dataclass(frozen=True)
class Bin:
    """Foretold chances beside what happened, with Wilson's 95 % interval."""

    count: int
    foretold: float
    happened: float
    low: float
    high: float


@dataclass(frozen=True)
class Calibration:
    """log-odds of what happened = shift + slope · log-odds foretold (Cox 1958); 0 and 1 are perfect.

    `error` is the mean distance of foretold and happened over the bins, weighted by their counts.
    """

    slope: float
    shift: float
    error: float
    bins: tuple[Bin, ...]


def sigmoid(eta: Floats) -> Floats:
    chances: Floats = 1.0 / (1.0 + np.exp(-np.clip(eta, -500.0, 500.0)))
    return chances


def losses(eta: Floats, y: Floats) -> Floats:
    """float64[m]: log loss of each outcome."""
    lost: Floats = np.logaddexp(0.0, eta) - y * eta
    return lost


def measure(eta: Floats, y: Floats, outcome: Ints, weight: Floats) -> Measures:
    """The figures of forecasts, as log-odds."""
    return Measures(
        log_loss=float(np.average(losses(eta, y), weights=weight)),
        brier=float(np.average((sigmoid(eta) - y) ** 2, weights=weight)),
        auc=auc(eta, y, outcome),
    )


def auc(eta: Floats, y: Floats, outcome: Ints) -> float | None:
    """Chance that the better of two pairs was foretold as better, ties half; only outcomes of one kind are compared.

    Source: Mann & Whitney 1947, stratified by outcome so that rates of outcomes don't count as insight.
    """
    won, compared = 0.0, 0.0
    for kind in range(len(OUTCOMES)):
        chosen = outcome == kind
        good, ranks = y[chosen] == 1, stats.rankdata(eta[chosen])
        ones, zeros = float(good.sum()), float((~good).sum())
        won += ranks[good].sum() - ones * (ones + 1) / 2
        compared += ones * zeros
    return won / compared if compared else None


def mean_by_cluster(per_line: Floats, pair: Ints, cluster: Ints) -> Difference:
    """The mean over pairs of what their lines sum to, with an interval that reckons with mentors.

    `per_line` float64[m], `pair` int64[m]; `cluster` int64[n] of all pairs. Source: the sandwich of a mean
    (Liang & Zeger 1986) with Student's quantile of clusters − 1.
    """
    total = np.bincount(pair, per_line, len(cluster))
    seen = np.unique(pair)
    mean = float(total[seen].mean())
    groups = np.unique(cluster[seen], return_inverse=True)[1]
    sums = np.bincount(groups, total[seen] - mean)
    count = len(sums)
    if count < 2:
        return Difference(mean, -np.inf, np.inf)
    error = float(np.sqrt((sums**2).sum() * count / (count - 1))) / len(seen)
    reach = float(stats.t.ppf(0.975, count - 1)) * error
    return Difference(mean, mean - reach, mean + reach)


def calibrate(eta: Floats, y: Floats, weight: Floats) -> tuple[float, float]:
    """(slope, shift) of Platt's logistic recalibration, by Newton's method with a little ridge."""
    columns, point = np.stack([eta, np.ones(len(eta))], axis=1), np.array([1.0, 0.0])
    for _ in range(50):
        chance = sigmoid(columns @ point)
        slope = columns.T @ (weight * (chance - y)) + 1e-3 * (point - np.array([1.0, 0.0]))
        bend = (columns * (weight * chance * (1 - chance))[:, None]).T @ columns + 1e-3 * np.eye(2)
        step = np.linalg.solve(bend, slope)
        point = point - step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < 1e-8:
            break
    return float(point[0]), float(point[1])


def calibration(eta: Floats, y: Floats, weight: Floats) -> Calibration:
    """Bins of equally many outcomes, and the slope and shift that would put the forecasts right."""
    slope, shift = calibrate(eta, y, weight)
    chances = sigmoid(eta)
    order = np.argsort(chances, kind="stable")
    bins = tuple(_bin(chances[part], y[part]) for part in np.array_split(order, BINS) if len(part))
    counts = np.array([one.count for one in bins], np.float64)
    apart = np.array([abs(one.foretold - one.happened) for one in bins])
    return Calibration(slope, shift, float(np.average(apart, weights=counts)), bins)


def _bin(chances: Floats, y: Floats) -> Bin:
    found = stats.binomtest(int(y.sum()), len(y)).proportion_ci(0.95, method="wilson")
    return Bin(len(y), float(chances.mean()), float(y.mean()), float(found.low), float(found.high))
