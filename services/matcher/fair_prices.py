"""Congestion prices for suggestions: those of the last run, and fair ones for mentors whom it did not price."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import numpy as np

from services.matcher.assignment.problem import Float64
from services.matcher.scoring.people import Mentor
from shared.vocabulary.stages import Stage

FEWEST_ALIKE = 3


def fair_prices(mentors: Sequence[Mentor], prices: dict[UUID, float]) -> Float64:
    """The price of each mentor in score units, float64[mentors]; where there is none, the median of those alike.

    A run prices the mentors who have a slot at that moment; whoever registers or finds time later has no price until
    the next one. To take 0 for it would put them before everybody, whatever their fit, and bury them in requests.
    Alike is who is at the same career stage: it decides which wishes a mentor can fill, and tells prices far better
    than specialty or bandwidth do. With fewer than `FEWEST_ALIKE` of a stage, the median of all. It follows from the
    stored prices alone, so that lists stay as they are while others come. Before the first run nobody has a price,
    and 0 for all favors nobody.
    """
    priced = [(m.stage, prices[UUID(m.id)]) for m in mentors if UUID(m.id) in prices]
    of_all = float(np.median([price for _stage, price in priced])) if priced else 0.0
    of_stage = {stage: float(np.median(known)) for stage, known in _by_stage(priced).items()
                if len(known) >= FEWEST_ALIKE}  # fmt: skip
    return np.array([prices.get(UUID(m.id), of_stage.get(m.stage, of_all)) for m in mentors], np.float64)


def _by_stage(priced: Sequence[tuple[Stage | None, float]]) -> dict[Stage | None, list[float]]:
    groups: dict[Stage | None, list[float]] = defaultdict(list)
    for stage, price in priced:
        groups[stage].append(price)
    return groups
