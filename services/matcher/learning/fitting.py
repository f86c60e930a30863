"""A logistic model of outcomes whose weights are pulled towards the hand-set ones.

For pair i and outcome k: logit P(y_ik = 1) = a_k + c·z_i + Σ_f β_f x_if with β ≥ 0, since a policy knows no negative
weights. z_i is 1 for pairs that people chose themselves: they know more of each other than the features tell, so such
pairs may fare better (or worse) whatever the features say, and without a level of their own that would be laid to the
features that bring people onto each other's lists.
Minimized is the weighted log loss + pull/2 · |β − proj β|², where proj is onto the ray of the hand-set weights: a
Gaussian prior centered on them up to a scale, which the data choose. An infinite pull leaves the hand-set policy
with the scale alone. The problem is convex; it is solved by projected Newton steps (Bertsekas 1982).
"""

from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np

from services.matcher.learning.observations import OUTCOMES, SURVEYS, Bools, Floats, Ints, Observations
from services.matcher.learning.responses import response_weights

RIDGE = 1e-3
SHIFT_PULL = 1.0  # of c towards 0: a Gaussian prior with deviation 1 on the log-odds
LEVELS = len(OUTCOMES) + 1
MOST_STEPS = 60
ENOUGH = 1e-7
HALVINGS = 30


@dataclass(frozen=True)
class Sample:
    """The known outcomes of pairs, one line each.

    `x` float64[m, f], `outcome` int64[m], `y` float64[m], `weight` float64[m], `pair` int64[m] (its number), `chosen`
    float64[m]: 1 for pairs that people made themselves.
    """

    x: Floats
    outcome: Ints
    y: Floats
    weight: Floats
    pair: Ints
    chosen: Floats

    @classmethod
    def of(cls, seen: Observations) -> Self:
        """Surveys count with the inverse of the response rate of pairs like theirs (see `responses`)."""
        pair, outcome = np.nonzero(~np.isnan(seen.outcomes))
        weight = seen.weight[pair].copy()
        survey = np.isin(outcome, SURVEYS)
        weight[survey] *= response_weights(seen)[pair[survey], outcome[survey] - SURVEYS[0]]
        chosen = seen.chosen[pair].astype(np.float64)
        return cls(seen.design[pair], outcome, seen.outcomes[pair, outcome], weight, pair, chosen)

    def reweighted(self, of_pair: Floats) -> Self:
        """The same with each pair's weight multiplied: a bootstrap draw, or a fold (0 and 1)."""
        return replace(self, weight=self.weight * of_pair[self.pair])

    def of_pairs(self, some: Bools) -> Self:
        """The lines of some pairs, their numbers unchanged."""
        kept = some[self.pair]
        return replace(self, **{field.name: getattr(self, field.name)[kept] for field in fields(self)})


@dataclass(frozen=True)
class Fit:
    """`intercept` float64[4], `beta` float64[f] ≥ 0, `shift` of pairs that people chose, on the log-odds scale."""

    intercept: Floats
    beta: Floats
    shift: float = 0.0

    def log_odds(self, sample: Sample) -> Floats:
        """float64[m]."""
        eta: Floats = self.intercept[sample.outcome] + self.shift * sample.chosen + sample.x @ self.beta
        return eta

    def shares(self, hand_set: Floats) -> Floats:
        """float64[f]: the weights scaled to sum 1; the hand-set ones if no feature says anything."""
        total = self.beta.sum()
        found: Floats = self.beta / total if total > 1e-9 else hand_set
        return found


def fit(sample: Sample, shares: Floats, pull: float, start: Fit | None = None) -> Fit:
    """The model of a sample; `shares` float64[f] is the ray, `pull` in [0, ∞], `start` a guess near the answer."""
    if np.isinf(pull):
        found = _minimize(replace(sample, x=(sample.x @ shares)[:, None]), np.zeros((1, 1)), None)
        return replace(found, beta=found.beta[0] * shares)
    across = np.eye(len(shares)) - np.outer(shares, shares) / (shares @ shares)
    return _minimize(sample, pull * across, start)


def base_rates(sample: Sample) -> Fit:
    """The model that knows nothing of features: one rate for each outcome, and the shift of chosen pairs."""
    plain = _plain_rates(sample)
    if len(np.unique(sample.chosen)) < 2:
        return plain
    nothing = replace(sample, x=np.zeros((len(sample.y), 0)))
    return replace(_minimize(nothing, np.zeros((0, 0)), None), beta=plain.beta)


def _plain_rates(sample: Sample) -> Fit:
    """One rate for each outcome, with a Jeffreys half of each."""
    good = np.bincount(sample.outcome, sample.weight * sample.y, len(OUTCOMES)) + 0.5
    bad = np.bincount(sample.outcome, sample.weight * (1 - sample.y), len(OUTCOMES)) + 0.5
    return Fit(np.log(good / bad), np.zeros(sample.x.shape[1]))


@dataclass(frozen=True)
class _Loss:
    """The function to be minimized over (a, c, β): `columns` float64[m, 5 + f], `curve` the penalty's matrix."""

    columns: Floats
    y: Floats
    weight: Floats
    curve: Floats

    def value(self, point: Floats) -> float:
        eta = self.columns @ point
        return float(self.weight @ (np.logaddexp(0.0, eta) - self.y * eta) + 0.5 * point @ self.curve @ point)

    def step(self, point: Floats) -> Floats:
        """Newton's step of the free coordinates; a weight at 0 whose slope keeps it there rests."""
        chance = 1.0 / (1.0 + np.exp(-np.clip(self.columns @ point, -500, 500)))
        slope = self.columns.T @ (self.weight * (chance - self.y)) + self.curve @ point
        bend = (self.columns * (self.weight * chance * (1 - chance))[:, None]).T @ self.columns + self.curve
        free = (point > 0) | (slope < 0)
        free[:LEVELS] = True
        step = np.zeros(len(point))
        step[free] = -np.linalg.solve(bend[np.ix_(free, free)], slope[free])
        return step

    def descend(self, point: Floats, value: float) -> tuple[Floats, float]:
        """Along the projected step, halved until it helps; the point itself if it never does."""
        step = self.step(point)
        for halving in range(HALVINGS):
            tried = point + step * 0.5**halving
            tried[LEVELS:] = np.maximum(tried[LEVELS:], 0.0)
            new = self.value(tried)
            if new < value:
                return tried, new
        return point, value


def _minimize(sample: Sample, penalty: Floats, start: Fit | None) -> Fit:
    features, outcomes = sample.x.shape[1], len(OUTCOMES)
    curve = RIDGE * np.eye(LEVELS + features)
    curve[outcomes, outcomes] = SHIFT_PULL
    curve[LEVELS:, LEVELS:] += penalty
    columns = np.hstack([np.eye(outcomes)[sample.outcome], sample.chosen[:, None], sample.x])
    loss = _Loss(columns, sample.y, sample.weight, curve)
    first = start or replace(_plain_rates(sample), beta=np.ones(features))
    point = np.concatenate([first.intercept, [first.shift], first.beta])
    value = loss.value(point)
    for _ in range(MOST_STEPS):
        point, new = loss.descend(point, value)
        if value - new <= ENOUGH * (1.0 + abs(value)):
            break
        value = new
    return Fit(point[:outcomes], point[LEVELS:], float(point[outcomes]))
