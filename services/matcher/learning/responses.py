"""Who answered the survey, and whether those who did differ from those who did not.

What a pair did is known of everybody: whether it met within 30 days and was active at day 60. So surveys are weighted
within classes of activity (weighting-class adjustment; Little 1986), and a difference in activity between those who
answered and those who did not is told as a warning (non-response analysis below 80 %: OMB 2006, guideline 3.2.9).
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from services.matcher.learning.observations import ACTIVITY, SURVEYS, Bools, Floats, Observations

FULL_RESPONSE = 0.8
LOW_RESPONSE = 0.5
MOST_WEIGHT = 5.0
LEAST_COMPARED = 10


@dataclass(frozen=True)
class Response:
    """One side's survey. `gap` is the difference in activity, those who answered less those who did not, in shares,
    with its 95 % interval; None where there are too few on either side."""

    asked: int
    answered: int
    gap: tuple[float, float, float] | None

    @property
    def rate(self) -> float:
        return self.answered / self.asked if self.asked else 0.0

    @property
    def is_low(self) -> bool:
        """So few answered that nothing can make up for the others."""
        return bool(self.asked) and self.rate < LOW_RESPONSE

    @property
    def is_biased(self) -> bool:
        """Not all answered, and those who did were more (or less) active than chance explains."""
        return self.rate < FULL_RESPONSE and self.gap is not None and not self.gap[1] <= 0.0 <= self.gap[2]


def responses(seen: Observations) -> tuple[Response, Response]:
    """The mentees' survey and the mentors'."""
    first, second = (_response(seen, side) for side in range(len(SURVEYS)))
    return first, second


def _response(seen: Observations, side: int) -> Response:
    asked = seen.asked[:, side]
    answered = asked & ~np.isnan(seen.outcomes[:, SURVEYS[side]])
    return Response(int(asked.sum()), int(answered.sum()), _activity_gap(seen, answered, asked & ~answered))


def _activity_gap(seen: Observations, answered: Bools, silent: Bools) -> tuple[float, float, float] | None:
    """Difference of the mean share of activity, with Welch's interval."""
    activity = _activity(seen)
    one, other = (activity[chosen & ~np.isnan(activity)] for chosen in (answered, silent))
    if min(len(one), len(other)) < LEAST_COMPARED:
        return None
    found = stats.ttest_ind(one, other, equal_var=False)
    gap = float(one.mean() - other.mean())
    if not np.isfinite(found.pvalue):
        return gap, gap, gap
    interval = found.confidence_interval(0.95)
    return gap, float(interval.low), float(interval.high)


def _activity(seen: Observations) -> Floats:
    """float64[n]: the share of the two signs of activity that a pair shows; nan where neither is known."""
    signs = seen.outcomes[:, ACTIVITY]
    known = ~np.isnan(signs)
    total = np.nansum(signs, axis=1)
    share: Floats = np.where(known.any(axis=1), total / np.maximum(known.sum(axis=1), 1), np.nan)
    return share


def response_weights(seen: Observations) -> Floats:
    """float64[n, 2]: 1 / response rate among pairs as active as this one, at most 5, scaled to mean 1."""
    activity = np.nan_to_num(_activity(seen), nan=-1.0)
    weights = np.ones((seen.pairs, len(SURVEYS)))
    for side, column in enumerate(SURVEYS):
        asked = seen.asked[:, side]
        answered = asked & ~np.isnan(seen.outcomes[:, column])
        for level in np.unique(activity):
            alike = activity == level
            rate = answered[alike].sum() / max(asked[alike].sum(), 1)
            weights[alike, side] = min(1.0 / rate, MOST_WEIGHT) if rate > 0 else 1.0
        if answered.any():
            weights[:, side] /= weights[answered, side].mean()
    return weights
