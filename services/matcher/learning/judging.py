"""Fitted weights beside hand-set ones and beside base rates, on pairs that started later than all they learned from."""

from dataclasses import dataclass

import numpy as np

from services.matcher.learning.choosing import choose_pull
from services.matcher.learning.fitting import Sample, base_rates, fit
from services.matcher.learning.measures import (
    Calibration,
    Difference,
    Measures,
    calibration,
    losses,
    mean_by_cluster,
    measure,
)
from services.matcher.learning.observations import Floats, Ints, Observations

LEAST_LATER = 30


@dataclass(frozen=True)
class Forecasts:
    """Log-odds float64[m] of later outcomes, each foretold from what came before it. Lines as in a Sample."""

    base: Floats
    hand_set: Floats
    fitted: Floats
    y: Floats
    outcome: Ints
    weight: Floats
    pair: Ints

    def measures(self, eta: Floats) -> Measures:
        return measure(eta, self.y, self.outcome, self.weight)


@dataclass(frozen=True)
class Judgment:
    """What later pairs say. A gain is log loss saved per pair: positive is better."""

    pairs: int
    base: Measures
    hand_set: Measures
    fitted: Measures
    gain_of_hand_set: Difference
    gain_of_fitted: Difference
    gain_over_hand_set: Difference
    calibration: Calibration
    hand_set_calibration: Calibration


def judge(seen: Observations, sample: Sample) -> Judgment | None:
    """Each block of time is foretold by models of the blocks before it; None with fewer than 30 later pairs."""
    told = forecast(seen, sample)
    if told is None or len(np.unique(told.pair)) < LEAST_LATER:
        return None
    base, hand_set, fitted = (told.weight * losses(eta, told.y) for eta in (told.base, told.hand_set, told.fitted))
    return Judgment(
        pairs=len(np.unique(told.pair)),
        base=told.measures(told.base),
        hand_set=told.measures(told.hand_set),
        fitted=told.measures(told.fitted),
        gain_of_hand_set=mean_by_cluster(base - hand_set, told.pair, seen.cluster),
        gain_of_fitted=mean_by_cluster(base - fitted, told.pair, seen.cluster),
        gain_over_hand_set=mean_by_cluster(hand_set - fitted, told.pair, seen.cluster),
        calibration=calibration(told.fitted, told.y, told.weight),
        hand_set_calibration=calibration(told.hand_set, told.y, told.weight),
    )


def forecast(seen: Observations, sample: Sample) -> Forecasts | None:
    """Forward chaining over the blocks; None if there is but one."""
    eta = np.zeros((3, len(sample.y)))
    later = np.zeros(len(sample.y), np.bool_)
    for block in np.unique(seen.block)[1:]:
        before, now = seen.block < block, seen.block[sample.pair] == block
        known = sample.of_pairs(before)
        if len(np.unique(known.y)) < 2 or not now.any():
            continue
        pull = choose_pull(seen.where(before), Sample.of(seen.where(before))).pull
        models = (base_rates(known), fit(known, seen.shares, np.inf), fit(known, seen.shares, pull))
        for line, model in zip(eta, models, strict=True):
            line[now] = model.log_odds(sample)[now]
        later |= now
    if not later.any():
        return None
    base, hand_set, fitted = eta[:, later]
    return Forecasts(
        base, hand_set, fitted, sample.y[later], sample.outcome[later], sample.weight[later], sample.pair[later]
    )  # fmt: skip
