"""From past pairs to what they say about the weights."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from services.matcher.learning.choosing import DATA_ALONE, choose_pull
from services.matcher.learning.fitting import Sample, fit
from services.matcher.learning.intervals import WeightInterval, bootstrap
from services.matcher.learning.judging import Judgment, judge
from services.matcher.learning.observations import Floats, Observations
from services.matcher.learning.responses import Response, responses
from shared.contracts.model_card import Verdict

# Ten pairs for each weight (Peduzzi et al. 1996), and half as many of the rarer outcome.
PAIRS_PER_WEIGHT = 10
RARER_PER_WEIGHT = 5


class Stage(StrEnum):
    """What the learning does, for its progress bar."""

    FITTING = "fitting"
    JUDGING = "judging"
    INTERVALS = "intervals"


Progress = Callable[[Stage], None]


@dataclass(frozen=True)
class Learned:
    """Shares float64[f] sum to 1: `fitted` are pulled towards the hand-set ones, `alone` are not."""

    verdict: Verdict
    needed: int
    pull: float
    fitted: Floats
    alone: Floats
    interval: WeightInterval
    judgment: Judgment | None
    responses: tuple[Response, Response]


def pairs_needed(features: int) -> int:
    """How many pairs with outcomes a fit needs."""
    return PAIRS_PER_WEIGHT * features


def is_enough(seen: Observations) -> bool:
    """Enough pairs, and enough of the rarer of good and bad outcomes."""
    known = seen.outcomes[~np.isnan(seen.outcomes)]
    rarer = min(float(known.sum()), float((1 - known).sum()))
    return int(seen.known.sum()) >= pairs_needed(seen.features) and rarer >= RARER_PER_WEIGHT * seen.features


def learn(seen: Observations, progress: Progress = lambda _stage: None, *, intervals: bool = True) -> Learned:
    """What outcomes say; with too few of them nothing is fitted and the hand-set weights stay.

    1. the pull is chosen on unseen blocks; 2. weights are fitted on everything; 3. the whole procedure, the choice of
    the pull included, is judged on later pairs; 4. intervals are drawn by mentor.
    """
    answered = responses(seen)
    needed = pairs_needed(seen.features)
    if not is_enough(seen):
        unsure = WeightInterval(np.zeros(seen.features), np.ones(seen.features))
        return Learned(Verdict.TOO_FEW, needed, np.inf, seen.shares, seen.shares, unsure, None, answered)
    progress(Stage.FITTING)
    sample = Sample.of(seen)
    pull = choose_pull(seen, sample).pull
    fitted, alone = (fit(sample, seen.shares, p).shares(seen.shares) for p in (pull, DATA_ALONE))
    progress(Stage.JUDGING)
    judgment = judge(seen, sample)
    progress(Stage.INTERVALS)
    interval = bootstrap(seen, sample) if intervals else WeightInterval(fitted, fitted)
    return Learned(verdict_of(judgment), needed, pull, fitted, alone, interval, judgment, answered)


def verdict_of(judgment: Judgment | None) -> Verdict:
    """A claim needs a gain on later pairs whose 95 % interval lies above zero."""
    if judgment is None:
        return Verdict.NOT_JUDGED
    if judgment.gain_over_hand_set.is_above_zero and judgment.gain_of_fitted.is_above_zero:
        return Verdict.FITTED_IS_BETTER
    if judgment.gain_of_hand_set.is_above_zero or judgment.gain_of_fitted.is_above_zero:
        return Verdict.HAND_SET_HOLDS
    return Verdict.NO_SIGNAL
