"""Past pairs as numbers: what each feature was worth, what became of the pair, and how much it counts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MET_WITHIN = timedelta(days=30)
ACTIVE_AT = timedelta(days=60)
CONTENT = 4


class Outcome(StrEnum):
    """What can become of a mentorship; the two sides' contentment is asked for at week eight."""

    MET = "met_30_days"
    ACTIVE = "active_60_days"
    MENTEE_CONTENT = "mentee_content"
    MENTOR_CONTENT = "mentor_content"


OUTCOMES: tuple[Outcome, ...] = tuple(Outcome)
ACTIVITY = (0, 1)
SURVEYS = (2, 3)


@dataclass(frozen=True)
class Course:
    """How a mentorship went so far. Satisfaction is 1 to 5, None without an answer."""

    started_at: datetime
    ended_at: datetime | None = None
    completed: bool = False
    first_met_at: datetime | None = None
    mentee_asked: bool = False
    mentor_asked: bool = False
    mentee_satisfaction: int | None = None
    mentor_satisfaction: int | None = None

    def outcomes(self, now: datetime) -> tuple[float, ...]:
        """1, 0, or nan for what cannot be known yet, in the order of OUTCOMES."""
        return (
            self._met(now), self._active(now), _content(self.mentee_satisfaction), _content(self.mentor_satisfaction)
        )  # fmt: skip

    def _met(self, now: datetime) -> float:
        if self.first_met_at is not None and self.first_met_at <= self.started_at + MET_WITHIN:
            return 1.0
        return 0.0 if now >= self.started_at + MET_WITHIN else np.nan

    def _active(self, now: datetime) -> float:
        """A pair that reached its goals before day 60 did not fail."""
        if self.completed:
            return 1.0
        if self.ended_at is not None and self.ended_at < self.started_at + ACTIVE_AT:
            return 0.0
        return 1.0 if now >= self.started_at + ACTIVE_AT else np.nan


def _content(satisfaction: int | None) -> float:
    return np.nan if satisfaction is None else float(satisfaction >= CONTENT)


@dataclass(frozen=True)
class Observations:
    """n past pairs, f features that the hand-set policy uses.

    `design` float64[n, f]: what each feature would add to the pair's score if it had all the weight, less what it
    adds on average, so that `design @ shares` is how far the score under the hand-set policy lies above the average of
    slots like this one; `shares` float64[f]: its weights, scaled to sum 1.
    `outcomes` float64[n, 4]: 1, 0 or nan. `asked` bool[n, 2]: who was sent the survey (mentee, mentor).
    `chosen` bool[n]: pairs that people made themselves, by a request or an import, not a run.
    `cluster` int64[n]: the mentor; `block` int64[n]: 0, 1, … in the order of time; `weight` float64[n]: 1, or the
    stabilized inverse of the propensity with which an exploring run made the pair.
    """

    design: Floats
    shares: Floats
    outcomes: Floats
    asked: Bools
    cluster: Ints
    block: Ints
    weight: Floats
    chosen: Bools

    def __post_init__(self) -> None:
        pairs, features = self.design.shape
        shapes = {
            "shares": (features,), "outcomes": (pairs, len(OUTCOMES)), "asked": (pairs, 2), "cluster": (pairs,),
            "block": (pairs,), "weight": (pairs,), "chosen": (pairs,),
        }  # fmt: skip
        for name, shape in shapes.items():
            if getattr(self, name).shape != shape:
                raise ValueError(f"{name} has shape {getattr(self, name).shape}, expected {shape}")

    @property
    def pairs(self) -> int:
        return len(self.design)

    @property
    def features(self) -> int:
        return int(self.design.shape[1])

    @property
    def blocks(self) -> int:
        return int(self.block.max(initial=-1)) + 1

    @property
    def known(self) -> Bools:
        """bool[n]: pairs of which at least one outcome is known."""
        return np.asarray(~np.isnan(self.outcomes).all(axis=1), np.bool_)

    def where(self, kept: Bools) -> Self:
        """Some of the pairs."""
        names = ("design", "outcomes", "asked", "cluster", "block", "weight", "chosen")
        return replace(self, **{name: getattr(self, name)[kept] for name in names})


def design_of(values: Floats, applies: Floats, weights: Floats, shares: Floats) -> Floats:
    """float64[n, f]: see `Observations.design`.

    `values`, `applies` float64[n, f]: each feature, and how far it applied to the mentee's slot; `weights`
    float64[n, f]: the hand-set weights for the kind of that slot. Values are taken from their mean over the slots
    that they apply to, and are 0 elsewhere: nobody is thought worse of for what they left out.
    """
    asked = applies > 0
    center = (values * asked).sum(axis=0) / np.maximum(asked.sum(axis=0), 1)
    counted = applies * weights
    sums = counted.sum(axis=1, keepdims=True)
    scaled: Floats = (values - center) * counted / np.where(sums > 0, sums, 1.0) / shares
    return scaled


def time_blocks(cycles: Sequence[int], starts: Sequence[float], least: int, slices: int) -> tuple[Ints, bool]:
    """int64[n] blocks in the order of time, and whether they are cycles.

    Cycles (numbered in their order) are the blocks if at least two of them hold `least` pairs, smaller ones joining
    the cycle before them; else the pairs are cut into `slices` by when they started.
    """
    cycle, start = np.asarray(cycles, np.int64), np.asarray(starts, np.float64)
    counts = np.bincount(cycle, minlength=1)
    if (counts >= least).sum() >= 2:
        block = np.maximum(np.cumsum(counts >= least) - 1, 0)
        return block[cycle], True
    order = np.argsort(np.argsort(start, kind="stable"), kind="stable")
    return order * slices // max(len(order), 1), False


def stabilized_weights(propensity: Sequence[float | None], most: float = 10.0) -> Floats:
    """float64[n]: mean propensity / propensity, at most `most`; 1 where a run did not explore.

    Source: Robins, Hernán, Brumback 2000 (stabilized weights); truncated as in Cole, Hernán 2008.
    """
    given = np.array([np.nan if p is None else p for p in propensity], np.float64)
    explored = ~np.isnan(given)
    weights = np.ones(len(given))
    if explored.any():
        weights[explored] = np.minimum(given[explored].mean() / given[explored], most)
    return weights
