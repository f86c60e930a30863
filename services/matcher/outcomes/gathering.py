"""Past pairs with what became of them, as the observations that are learned from.

A pair of a run, or asked for from the suggestions, comes with the features that were kept then. Of any other (an
import, say) they are worked out from the records of its cycle as they are now, and it is counted as reconstructed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import RowMapping

from services.matcher.interests.records import Interests
from services.matcher.learning.card import Source
from services.matcher.learning.learning import pairs_needed
from services.matcher.learning.observations import (
    OUTCOMES,
    Course,
    Floats,
    Observations,
    design_of,
    stabilized_weights,
    time_blocks,
)
from services.matcher.loading import Cycle, load_cycle
from services.matcher.outcomes import queries
from services.matcher.outcomes.keeping import computed
from services.matcher.policy import Policy
from services.matcher.scoring.national import NationalScores
from shared.db.engine import ReadSession
from shared.explanations.features import FEATURES, Feature
from shared.models.base import Json
from shared.vocabulary.mentoring import Kind

SLICES = 4
Read = Callable[[Cycle], Interests]
Outcome = RowMapping


@dataclass(frozen=True)
class PastPair:
    """A mentorship with its features; `cycle` is the number of its cycle in time; `chosen`: no run made it."""

    outcome: Outcome
    cycle: int
    kind: Kind
    features: Sequence[float]
    applies: Sequence[float]
    propensity: float | None
    reconstructed: bool
    chosen: bool


def past_pairs(session: ReadSession, program_id: UUID, policy: Policy, read: Read) -> list[PastPair]:
    """Every mentorship of a program of which the features are known or can be worked out, the oldest first.

    `read` brings what the people of a cycle wrote.
    """
    of_runs = queries.read_scored_pairs(session, program_id)
    kept = queries.read_asked_pairs(session, program_id) | of_runs
    outcomes = queries.read_outcomes(session, program_id)
    found: list[PastPair] = []
    for number, (cycle_id, of_cycle) in enumerate(groupby(outcomes, key=lambda row: row["cycle_id"])):
        known = list(of_cycle)
        missing = [row for row in known if _names(row) not in kept]
        again = reconstructed(session, cycle_id, missing, policy, read) if missing else {}
        found += [
            PastPair(row, number, Kind(features["kind"]), features["features"], features["applies"],
                     features["propensity"], reconstructed=_names(row) in again, chosen=_names(row) not in of_runs)
            for row in known if (features := kept.get(_names(row)) or again.get(_names(row)))
        ]  # fmt: skip
    return found


def _names(row: RowMapping) -> tuple[UUID, UUID]:
    return row["mentee_id"], row["mentor_id"]


def reconstructed(
    session: ReadSession, cycle_id: UUID, outcomes: Sequence[Outcome], policy: Policy, read: Read
) -> dict[tuple[UUID, UUID], Json]:
    """Features of pairs by mentee and mentor; who no longer takes part is left out."""
    cycle = load_cycle(session, cycle_id, policy)
    mentor_at = {mentor.id: n for n, mentor in enumerate(cycle.mentors)}
    there = {mentee.id for mentee in cycle.mentees}
    pairs = [o for o in outcomes if str(o["mentee_id"]) in there and str(o["mentor_id"]) in mentor_at]
    pairs.sort(key=lambda o: str(o["mentee_id"]))
    cycle = replace(cycle, mentees=_wanting(cycle, pairs))
    if not pairs:
        return {}
    scores = NationalScores(cycle.mentees, cycle.mentors, policy, read(cycle))
    rows = np.arange(len(pairs), dtype=np.int64)
    mentors = np.array([mentor_at[str(o["mentor_id"])] for o in pairs], np.int64)
    features, applies = scores.features(rows, mentors), computed(scores)
    return {
        _names(o): {"kind": o["kind"], "features": features[n], "applies": applies[n], "propensity": None}
        for n, o in enumerate(pairs)
    }


def _wanting(cycle: Cycle, pairs: Sequence[Outcome]) -> tuple[Any, ...]:
    """The mentees of the pairs, in their order, each wanting what it got: a slot for each of its pairs."""
    by_id = {mentee.id: mentee for mentee in cycle.mentees}
    groups: Iterator[tuple[str, Iterator[Outcome]]] = groupby(pairs, key=lambda o: str(o["mentee_id"]))
    return tuple(replace(by_id[key], slots=tuple(Kind(o["kind"]) for o in own)) for key, own in groups)


def observe(pairs: Sequence[PastPair], policy: Policy, now: datetime) -> Observations:
    """The pairs as arrays, under the hand-set policy whose weights are to be improved."""
    used = used_features(policy)
    columns = [FEATURES.index(feature) for feature in used]
    base = np.array([policy.features[feature].weight for feature in used])
    values, applies = (_columns([getattr(p, name) for p in pairs], len(FEATURES)) for name in ("features", "applies"))
    weights = _columns([[policy.features[f].weight_for(pair.kind) for f in used] for pair in pairs], len(used))
    mentors = [str(pair.outcome["mentor_id"]) for pair in pairs]
    asked = [(pair.outcome["mentee_asked"], pair.outcome["mentor_asked"]) for pair in pairs]
    return Observations(
        design=design_of(values[:, columns], applies[:, columns], weights, base / base.sum()),
        shares=base / base.sum(),
        outcomes=_columns([course(pair.outcome).outcomes(now) for pair in pairs], len(OUTCOMES)),
        asked=_columns(asked, 2).astype(np.bool_),
        cluster=np.unique(mentors, return_inverse=True)[1].astype(np.int64),
        block=blocks_of(pairs, len(used))[0],
        weight=stabilized_weights([pair.propensity for pair in pairs]),
        chosen=np.array([pair.chosen for pair in pairs], np.bool_),
    )


def _columns(lines: Sequence[Sequence[float]], width: int) -> Floats:
    """float64[lines, width], also without lines."""
    return np.array(lines, np.float64).reshape(len(lines), width)


def used_features(policy: Policy) -> tuple[Feature, ...]:
    """What the hand-set policy counts. What a program switched off stays off, whatever outcomes say."""
    return tuple(feature for feature in FEATURES if policy.features[feature].weight > 0)


def blocks_of(pairs: Sequence[PastPair], features: int) -> tuple[Any, bool]:
    starts = [pair.outcome["started_at"].timestamp() for pair in pairs]
    return time_blocks([pair.cycle for pair in pairs], starts, pairs_needed(features), SLICES)


def course(outcome: Outcome) -> Course:
    names = (
        "started_at", "ended_at", "completed", "first_met_at", "mentee_asked", "mentor_asked", "mentee_satisfaction",
        "mentor_satisfaction",
    )  # fmt: skip
    return Course(**{name: outcome[name] for name in names})


def source_of(pairs: Sequence[PastPair], policy: Policy, model: RowMapping) -> Source:
    used = used_features(policy)
    return Source(
        model_id=model["model_id"],
        policy=policy,
        policy_version=model["policy_version"],
        features=used,
        started=tuple(pair.outcome["started_at"] for pair in pairs),
        cycles=len({pair.cycle for pair in pairs}),
        by_cycle=blocks_of(pairs, len(used))[1],
        reconstructed=sum(pair.reconstructed for pair in pairs),
        explored=sum(pair.propensity is not None for pair in pairs),
        chosen=sum(pair.chosen for pair in pairs),
    )

