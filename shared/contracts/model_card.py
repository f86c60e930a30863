"""The card of an outcome model: what the matcher learned from outcomes, and what the Learning page shows.

`model_fit.phase` is a LearningPhase and `model_fit.progress` the share of the whole that is done, in [0, 1].
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.explanations.features import Feature

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]


class LearningPhase(StrEnum):
    """The phases of learning in their order; FAILED is an end from any of them."""

    WAITING = "waiting"
    READING = "reading"
    FEATURES = "features"
    FITTING = "fitting"
    JUDGING = "judging"
    INTERVALS = "intervals"
    DONE = "done"
    FAILED = "failed"


LEARNING_PHASES: tuple[LearningPhase, ...] = tuple(LearningPhase)[1:-2]


class Verdict(StrEnum):
    """What the outcomes say about the weights."""

    TOO_FEW = "too_few"  # nothing was fitted: the hand-set weights stay
    NOT_JUDGED = "not_judged"  # fitted, but no later pairs to judge it on
    NO_SIGNAL = "no_signal"  # neither the hand-set nor the fitted weights foretell outcomes better than base rates
    HAND_SET_HOLDS = "hand_set_holds"  # scores foretell outcomes; other weights do so no better
    FITTED_IS_BETTER = "fitted_is_better"  # on later pairs, by more than chance


class Caution(StrEnum):
    """What to keep in mind when reading a card."""

    ONE_CYCLE = "one_cycle"  # later pairs are of the same cycle
    LOW_RESPONSE = "low_response"
    BIASED_RESPONSE = "biased_response"
    RECONSTRUCTED = "reconstructed"  # features worked out afterwards, from records as they are now
    NOT_EXPLORED = "not_explored"  # no run explored: only pairs that the policy liked were ever tried


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Estimate(_Part):
    """A value with its 95 % interval."""

    value: float
    low: float
    high: float


class OutcomeCount(_Part):
    """Of how many pairs an outcome is known, and for which share of them it was good."""

    outcome: str
    known: Count
    good: Share


class ResponseCount(_Part):
    """One side's survey; `gap`: activity of pairs that answered less activity of those that did not."""

    side: str
    asked: Count
    answered: Count
    gap: Estimate | None

    @property
    def rate(self) -> float:
        return self.answered / self.asked if self.asked else 0.0


class LearnedWeight(_Part):
    """A feature's weight, all on the scale of the hand-set ones. `alone` is what outcomes say without any pull."""

    feature: Feature
    hand_set: float
    fitted: float
    alone: Estimate


class Scores(_Part):
    """How well later outcomes were foretold."""

    log_loss: float
    brier: float
    auc: float | None


class Bin(_Part):
    """Foretold chances beside what happened."""

    count: Count
    foretold: Share
    happened: Estimate


class Calibration(_Part):
    """Perfect: slope 1, shift 0, error 0."""

    slope: float
    shift: float
    error: float
    bins: list[Bin]


class LaterPairs(_Part):
    """Figures on pairs that started after all that the model learned from; gains are log loss saved per pair."""

    pairs: Count
    base_rates: Scores
    hand_set: Scores
    fitted: Scores
    gain_of_hand_set: Estimate
    gain_of_fitted: Estimate
    gain_over_hand_set: Estimate
    calibration: Calibration
    hand_set_calibration: Calibration


class Data(_Part):
    """What was learned from. Ids of pairs are not in a card, only a hash over them and their numbers."""

    pairs: Count
    with_outcomes: Count
    mentors: Count
    cycles: Count
    reconstructed: Count
    explored: Count
    chosen: Count = 0  # by the two themselves: a request, an import
    first_started_at: datetime | None
    last_started_at: datetime | None
    hash: str


class ModelCard(_Part):
    """Everything that a lead, or an auditor, should know of a model. `policy` is the document that would be adopted."""

    model_id: UUID
    policy_version: int
    verdict: Verdict
    cautions: list[Caution]
    data: Data
    needed: Count  # pairs with outcomes that a fit needs
    outcomes: list[OutcomeCount]
    responses: list[ResponseCount]
    weights: list[LearnedWeight]
    pull: float | None  # of the prior; None is infinite: the hand-set weights
    later: LaterPairs | None
    policy: dict[str, Any]
    versions: dict[str, str]
    hash: str = ""  # of the card without it

    @property
    def may_be_adopted(self) -> bool:
        """Weights that differ from the hand-set ones."""
        return any(abs(weight.fitted - weight.hand_set) > 1e-3 for weight in self.weights)
