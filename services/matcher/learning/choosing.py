"""How strongly to pull towards the hand-set weights: chosen on pairs that the fit has not seen."""

from dataclasses import dataclass

import numpy as np

from services.matcher.learning.fitting import Fit, Sample, fit
from services.matcher.learning.measures import losses, mean_by_cluster
from services.matcher.learning.observations import Floats, Ints, Observations

PULLS: tuple[float, ...] = (np.inf, 300.0, 100.0, 30.0, 10.0, 3.0, 1.0)
DATA_ALONE = 0.01
FOLDS = 5


@dataclass(frozen=True)
class Choice:
    """The pull, and the out-of-fold log-odds float64[m] of every line of the sample under it."""

    pull: float
    unseen: Floats


def choose_pull(seen: Observations, sample: Sample) -> Choice:
    """The strongest pull that is not clearly worse than the best one (one standard error, differences by mentor).

    Folds are blocks of time (cycles); within a single block they are mentors. Source of the rule: Breiman, Friedman,
    Olshen & Stone 1984; differences are paired, so that the noise common to all pulls does not hide them.
    """
    folds = folds_of(seen)
    unseen = [_unseen(sample, seen.shares, folds, pull) for pull in PULLS]
    lost = [sample.weight * losses(eta, sample.y) for eta in unseen]
    best = int(np.argmin([one.sum() for one in lost]))
    for n, pull in enumerate(PULLS[: best + 1]):
        worse = mean_by_cluster(lost[n] - lost[best], sample.pair, seen.cluster)
        error = (worse.high - worse.mean) / 1.96
        if n == best or worse.mean <= error:
            return Choice(pull, unseen[n])
    return Choice(PULLS[best], unseen[best])


def folds_of(seen: Observations) -> Ints:
    """int64[n]: blocks of time if there are at least three, else mentors dealt out to five folds."""
    if len(np.unique(seen.block)) >= 3:
        return np.asarray(np.unique(seen.block, return_inverse=True)[1], np.int64)
    mentors = np.unique(seen.cluster, return_inverse=True)[1]
    return np.asarray(mentors % FOLDS, np.int64)


def _unseen(sample: Sample, shares: Floats, folds: Ints, pull: float) -> Floats:
    """float64[m]: each line's log-odds from the model of the other folds."""
    eta, start = np.zeros(len(sample.y)), None
    for fold in np.unique(folds):
        model: Fit = fit(sample.of_pairs(folds != fold), shares, pull, start)
        start = model if np.isfinite(pull) else None
        held = folds[sample.pair] == fold
        eta[held] = model.log_odds(sample)[held]
    return eta
