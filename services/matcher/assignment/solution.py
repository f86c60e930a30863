"""What a solved run holds: the matching, its figures, and the prices that prove each of its three steps."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np

from services.matcher.assignment.instance import Objective
from services.matcher.assignment.pricing import Prices
from services.matcher.assignment.problem import Float64, Int32, Int64, Rules


class Phase(StrEnum):
    """What a run is doing, for its progress bar."""

    SCREENING = "screening"
    COVERAGE = "coverage"
    FLOOR = "floor"
    SOLVING = "solving"
    PRICING = "pricing"
    TIES = "ties"


Progress = Callable[[Phase, float], None]
Cancelled = Callable[[], bool]


class RunCancelled(Exception):  # noqa: N818 - an event, not an error
    """The caller asked the run to stop; nothing was decided."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Prices that bound an objective over all pairs: no matching is worth more than `bound` half points."""

    objective: Objective
    prices: Prices
    bound: int


@dataclass(frozen=True, slots=True)
class Solution:
    """mentor int32[rows], -1 unmatched (pins included); score int64[rows] in units of 10^-score_decimals.

    `total_proof` proves the total, `coverage_proof` coverage and least loads, `floor_proof` that no
    higher floor keeps them (both None with coverage "none"; the latter also without floor "max").
    Figures are in score units; `gap` is exact and 0 for a finished run. candidates are the pairs the last
    flow was made from (row · mentors + mentor, ascending) with their half points: a warm start for more.
    course: per round of the total how far the best of its candidates lay below the optimum, and how far the bound that
    its prices gave lay above; empty where all pairs were candidates.
    """

    mentor: Int32
    score: Int64
    rules: Rules
    total_proof: Proof
    coverage_proof: Proof | None
    floor_proof: Proof | None
    floor: float | None
    slots_wanted: int
    slots_filled: int
    total: float
    load_cost: float
    objective: float
    dual_bound: float
    gap: float
    pairs_considered: int
    candidate_edges: int
    rounds: int
    seconds: dict[str, float]
    candidates: Int64
    candidate_points: Int64
    course: tuple[tuple[float, float], ...] = ()

    @property
    def proven_to(self) -> Literal["optimum", "floor"]:
        """How far the prices prove the matching: leximin only to its floor, whatever the gap."""
        return "floor" if self.rules.is_leximin else "optimum"

    @property
    def coverage(self) -> float:
        """Share of the wanted slots that are filled."""
        return self.slots_filled / self.slots_wanted if self.slots_wanted else 1.0

    @property
    def mentor_price(self) -> Float64:
        """Price per mentor in score units: what a row's score must beat there."""
        return np.asarray(self.total_proof.prices.price / (2 * self.rules.scale), np.float64)

    @property
    def row_worth(self) -> Float64:
        """Worth per row in score units: what one more such row would add, bonuses included."""
        return np.asarray(self.total_proof.prices.worth / (2 * self.rules.scale), np.float64)
