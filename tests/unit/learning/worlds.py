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
        np.ones(pairs), np.zeros(pairs, np.bool_),
    )  # fmt: skip


def world_of_choice(
    seed: int, runs: int, asked: int, told: float, truth: Sequence[float] = OTHER_TRUTH, *, known: bool = True
) -> Observations:
    """Pairs that a run made and pairs that mentees chose from a list of five, the best of 20 under the hand-set policy.

    A mentee chooses by what will serve the pair and by something that no feature tells, which serves it too, as far as
    `told` says. With `known`, the observations say which pairs were chosen.
    """
    random = np.random.default_rng(seed)
    made, liked = random.beta(2, 2, (runs, len(HAND_SET))), random.normal(0, 1, runs)
    some = random.beta(2, 2, (asked, 20, len(HAND_SET)))
    best = np.argsort(-(some @ shares_of(HAND_SET)), axis=1)[:, :5]
    lists, feeling = np.take_along_axis(some, best[:, :, None], 1), random.normal(0, 1, (asked, 5))
    choice = (np.arange(asked), (6.0 * (lists @ shares_of(truth)) + 1.5 * feeling).argmax(axis=1))
    design, felt = np.vstack([made, lists[choice]]), np.concatenate([liked, feeling[choice]])
    odds = 6.0 * (design @ shares_of(truth) - 0.5) + told * felt + random.normal(0, 0.5, runs + asked)
    outcomes = (random.random((runs + asked, 4)) < 1 / (1 + np.exp(-(odds[:, None] + RATES)))).astype(np.float64)
    order = random.permutation(runs + asked)
    pairs = np.arange(runs + asked)
    return Observations(
        design[order], shares_of(HAND_SET), outcomes[order], np.ones((len(pairs), 2), np.bool_), pairs // MENTEES_EACH,
        pairs * 4 // len(pairs), np.ones(len(pairs)), (order >= runs) & known,
    )  # fmt: skip
