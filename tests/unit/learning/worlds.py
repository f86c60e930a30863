"""Invented cycles whose truth is known: what pairs had in common, what became of them, who answered."""

from collections.abc import Sequence

import numpy as np

from services.matcher.learning.observations import Floats, Observations

HAND_SET = (4.0, 2.0, 1.0, 2.0, 1.0, 1.0, 0.5, 0.5)
OTHER_TRUTH = (1.0, 4.0, 1.0, 1.0, 1.0, 3.0, 0.5, 0.5)
RATES = np.array([1.0, 0.6, 0.3, 0.3])  # log-odds of a middling pair
MENTEES_EACH = 3


def shares_of(weights: Sequence[float]) -> Floats:
    given = np.asarray(weights, np.float64)
    return np.asarray(given / given.sum(), np.float64)


def world(
    seed: int, truth: Sequence[float] | None = OTHER_TRUTH, per_cycle: int = 300, cycles: int = 4,
    strength: float = 6.0, mentor_spread: float = 0.0, answer_rate: float = 0.7, *, only_happy: bool = False,
) -> Observations:
    """Pairs of several cycles; outcomes follow `truth`, or nothing at all if it is None.

    `mentor_spread` makes some mentors better whatever the features say. With `only_happy`, people answer the survey
    if they are content (nine in ten) and rarely otherwise (one in seven).
    """
    random = np.random.default_rng(seed)
    pairs = per_cycle * cycles
    design = random.beta(2, 2, (pairs, len(HAND_SET)))
    cluster = np.arange(pairs) // MENTEES_EACH
    liking = random.normal(0, mentor_spread, cluster.max() + 1)[cluster] + random.normal(0, 0.5, pairs)
    if truth is not None:
        liking += strength * (design @ shares_of(truth) - 0.5)
    outcomes = (random.random((pairs, 4)) < 1 / (1 + np.exp(-(liking[:, None] + RATES)))).astype(np.float64)
    answers = np.full((pairs, 2), answer_rate)
    if only_happy:
        answers = np.where(outcomes[:, 2:] == 1, 0.9, 0.15)
    outcomes[:, 2:][random.random((pairs, 2)) > answers] = np.nan
    return Observations(
        design, shares_of(HAND_SET), outcomes, np.ones((pairs, 2), np.bool_), cluster, np.arange(pairs) // per_cycle,
        np.ones(pairs),
    )  # fmt: skip
