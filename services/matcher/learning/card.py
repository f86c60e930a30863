"""What was learned, as the card that a lead reads."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from importlib.metadata import version
from typing import Any
from uuid import UUID

import numpy as np

from services.matcher.learning.judging import Judgment
from services.matcher.learning.learning import Learned
from services.matcher.learning.measures import Bin, Calibration, Difference, Measures
from services.matcher.learning.observations import OUTCOMES, Observations
from services.matcher.learning.responses import Response
from services.matcher.policy import Policy
from shared.contracts import model_card as contract
from shared.explanations.features import Feature

LIBRARIES = ("numpy", "scipy")
SIDES = ("mentee", "mentor")
DECIMALS = 3


@dataclass(frozen=True)
class Source:
    """Where observations come from: what a card says of them beside the numbers."""

    model_id: UUID
    policy: Policy
    policy_version: int
    features: tuple[Feature, ...]
    started: tuple[datetime, ...]
    cycles: int
    by_cycle: bool
    reconstructed: int
    explored: int
    chosen: int


def make_card(seen: Observations, learned: Learned, source: Source) -> contract.ModelCard:
    """The card, with a hash over all of it."""
    weights = _weights(learned, source)
    card = contract.ModelCard(
        model_id=source.model_id,
        policy_version=source.policy_version,
        verdict=learned.verdict,
        cautions=_cautions(learned, source),
        data=_data(seen, source),
        needed=learned.needed,
        outcomes=_outcomes(seen),
        responses=[_response(side, one) for side, one in zip(SIDES, learned.responses, strict=True)],
        weights=weights,
        pull=learned.pull if np.isfinite(learned.pull) else None,
        later=_later(learned.judgment) if learned.judgment else None,
        policy=reweighted(source.policy, {weight.feature: weight.fitted for weight in weights}),
        versions={name: version(name) for name in LIBRARIES},
    )
    return card.model_copy(update={"hash": card_hash(card)})


def card_hash(card: contract.ModelCard) -> str:
    """BLAKE2b over the card without its hash."""
    told = card.model_dump(mode="json", exclude={"hash"})
    return hashlib.blake2b(json.dumps(told, sort_keys=True).encode(), digest_size=32).hexdigest()


def reweighted(policy: Policy, weights: dict[Feature, float]) -> dict[str, Any]:
    """The policy's document with other weights; those by kind keep their ratio to the feature's own."""
    document = policy.model_dump(mode="json")
    for feature, weight in weights.items():
        part, before = document["features"][feature.value], policy.features[feature].weight
        part["by_kind"] = {k: round(w * weight / before, DECIMALS) for k, w in part["by_kind"].items()}
        part["weight"] = weight
    return document


def _weights(learned: Learned, source: Source) -> list[contract.LearnedWeight]:
    total = sum(source.policy.features[feature].weight for feature in source.features)
    low, high = learned.interval.low, learned.interval.high
    return [
        contract.LearnedWeight(
            feature=feature,
            hand_set=source.policy.features[feature].weight,
            fitted=round(float(learned.fitted[n] * total), DECIMALS),
            alone=_estimate(learned.alone[n] * total, low[n] * total, high[n] * total),
        )
        for n, feature in enumerate(source.features)
    ]


def _estimate(value: float, low: float, high: float) -> contract.Estimate:
    return contract.Estimate(value=float(value), low=float(low), high=float(high))


def _difference(given: Difference) -> contract.Estimate:
    return _estimate(given.mean, given.low, given.high)


def _cautions(learned: Learned, source: Source) -> list[contract.Caution]:
    found = {
        contract.Caution.ONE_CYCLE: learned.judgment is not None and not source.by_cycle,
        contract.Caution.LOW_RESPONSE: any(one.is_low for one in learned.responses),
        contract.Caution.BIASED_RESPONSE: any(one.is_biased for one in learned.responses),
        contract.Caution.RECONSTRUCTED: source.reconstructed > 0,
        contract.Caution.NOT_EXPLORED: source.explored == 0,
    }
    return [caution for caution, holds in found.items() if holds]


def _data(seen: Observations, source: Source) -> contract.Data:
    return contract.Data(
        pairs=seen.pairs,
        with_outcomes=int(seen.known.sum()),
        mentors=len(np.unique(seen.cluster)),
        cycles=source.cycles,
        reconstructed=source.reconstructed,
        explored=source.explored,
        chosen=source.chosen,
        first_started_at=min(source.started, default=None),
        last_started_at=max(source.started, default=None),
        hash=observations_hash(seen),
    )


def observations_hash(seen: Observations) -> str:
    """BLAKE2b over every number that was learned from."""
    digest = hashlib.blake2b(digest_size=32)
    for field in fields(seen):
        array = np.ascontiguousarray(getattr(seen, field.name))
        digest.update(f"{field.name}{array.dtype}{array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def _outcomes(seen: Observations) -> list[contract.OutcomeCount]:
    known = ~np.isnan(seen.outcomes)
    good = np.nansum(seen.outcomes, axis=0) / np.maximum(known.sum(axis=0), 1)
    return [
        contract.OutcomeCount(outcome=kind, known=int(known[:, n].sum()), good=float(good[n]))
        for n, kind in enumerate(OUTCOMES)
    ]


def _response(side: str, one: Response) -> contract.ResponseCount:
    gap = _estimate(*one.gap) if one.gap else None
    return contract.ResponseCount(side=side, asked=one.asked, answered=one.answered, gap=gap)


def _later(judged: Judgment) -> contract.LaterPairs:
    return contract.LaterPairs(
        pairs=judged.pairs,
        base_rates=_scores(judged.base),
        hand_set=_scores(judged.hand_set),
        fitted=_scores(judged.fitted),
        gain_of_hand_set=_difference(judged.gain_of_hand_set),
        gain_of_fitted=_difference(judged.gain_of_fitted),
        gain_over_hand_set=_difference(judged.gain_over_hand_set),
        calibration=_calibration(judged.calibration),
        hand_set_calibration=_calibration(judged.hand_set_calibration),
    )


def _scores(one: Measures) -> contract.Scores:
    return contract.Scores(log_loss=one.log_loss, brier=one.brier, auc=one.auc)


def _calibration(one: Calibration) -> contract.Calibration:
    return contract.Calibration(slope=one.slope, shift=one.shift, error=one.error, bins=_bins(one.bins))


def _bins(bins: Sequence[Bin]) -> list[contract.Bin]:
    return [
        contract.Bin(count=b.count, foretold=b.foretold, happened=_estimate(b.happened, b.low, b.high)) for b in bins
    ]
