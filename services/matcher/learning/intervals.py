"""How sure the weights are: mentors are drawn again and again with all their pairs, and the model fitted anew."""

from dataclasses import dataclass

import numpy as np

from services.matcher.learning.choosing import DATA_ALONE
from services.matcher.learning.fitting import Fit, Sample, fit
from services.matcher.learning.observations import Floats, Observations

DRAWS = 200
SEED = 20_240_602


@dataclass(frozen=True)
class WeightInterval:
    """95 % interval of each weight's share, float64[f]."""

    low: Floats
    high: Floats


def bootstrap(
    seen: Observations, sample: Sample, pull: float = DATA_ALONE, draws: int = DRAWS, seed: int = SEED
) -> WeightInterval:
    """Percentile intervals of the shares (Efron & Tibshirani 1993), by mentor since pairs of a mentor are alike.

    With the default pull, which hardly pulls, they say what the outcomes alone leave open.
    """
    random = np.random.default_rng(seed)
    clusters = np.unique(seen.cluster, return_inverse=True)[1]
    whole: Fit = fit(sample, seen.shares, pull)
    start = whole if np.isfinite(pull) else None
    shares = np.empty((draws, seen.features))
    for draw in range(draws):
        drawn = np.bincount(random.integers(0, clusters.max() + 1, clusters.max() + 1), minlength=clusters.max() + 1)
        shares[draw] = fit(sample.reweighted(drawn[clusters].astype(np.float64)), seen.shares, pull, start).shares(
            seen.shares
        )
    low, high = np.percentile(shares, [2.5, 97.5], axis=0)
    return WeightInterval(low, high)
