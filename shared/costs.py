"""What a mentorship costs its mentor in hours a month, as the program's policy says. Pure.

A mentor's slots are counted with the dearest kind that they give, so hours are never promised twice.
"""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from shared.bandwidth import HOURS_PER_MENTORSHIP
from shared.vocabulary.mentoring import Kind
from shared.vocabulary.stages import FACULTY_STAGES, Stage

TRAINEE_KINDS = frozenset({Kind.NEAR_PEER, Kind.SPECIALTY, Kind.REVERSE})
FACULTY_KINDS = frozenset({Kind.FACULTY, Kind.SPECIALTY})


def kinds_given(chosen: Collection[Kind], stage: Stage) -> frozenset[Kind]:
    """The kinds a mentor gives: as chosen, else what the career stage suggests."""
    named = frozenset(chosen) - {Kind.ANY}
    return named or (FACULTY_KINDS if stage in FACULTY_STAGES else TRAINEE_KINDS)


def hours_for(policy: dict[str, Any], kinds: Collection[Kind]) -> Decimal:
    """Hours a month of the dearest of these kinds, from a policy document; what it leaves out costs the default."""
    costs = policy.get("kinds") or {}
    hours = ((costs.get(kind) or {}).get("hours_per_month", HOURS_PER_MENTORSHIP) for kind in kinds)
    return max((Decimal(str(hour)) for hour in hours), default=HOURS_PER_MENTORSHIP)
