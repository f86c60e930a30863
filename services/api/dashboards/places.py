"""Free places: what a match would find today, by the rule that matches and offers go by."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from services.api.dashboards import queries
from services.api.matching.queries import latest_policy
from services.api.matching.room import mentor_slots
from shared.bandwidth import Period
from shared.costs import hours_for, kinds_given
from shared.db.engine import ReadSession
from shared.models.programs import Cycle
from shared.vocabulary.mentoring import Kind
from shared.vocabulary.stages import Stage


@dataclass(frozen=True)
class Places:
    """Mentors who have these in common: each has `slots` places, of which mentorships and open offers take some."""

    specialty: str
    stage: str
    state: str
    mentors: int
    slots: int
    taken: int

    @property
    def free(self) -> int:
        """Of all of them together."""
        return self.mentors * max(0, self.slots - self.taken)


def places(session: ReadSession, cycle: Cycle, today: date) -> list[Places]:
    """Those of all active mentors, for what is left of the cycle."""
    slots = slots_by_rule(session, cycle, today)
    return [
        Places(one["specialty"], one["stage"], one["state"], one["mentors"],
               slots(one["periods"], tuple(one["kinds"]), one["stage"]), one["taken"])
        for one in queries.mentors(session, cycle.id)
    ]  # fmt: skip


def slots_by_rule(
    session: ReadSession, cycle: Cycle, today: date
) -> Callable[[str | None, tuple[str, ...], str], int]:
    """How many mentees somebody with these periods (JSON), kinds and stage can take on in what is left of a cycle."""
    policy = latest_policy(session, cycle.program_id)

    @cache
    def slots(periods: str | None, kinds: tuple[str, ...], stage: str) -> int:
        cost = hours_for(policy, kinds_given([Kind(kind) for kind in kinds], Stage(stage)))
        return mentor_slots(read_periods(periods), (cycle.starts_on, cycle.ends_on), today, cost)

    return slots


def read_periods(stated: str | None) -> list[Period]:
    """Periods from the JSON of the queries; none of None."""
    found = json.loads(stated or "[]")
    return [
        Period(date.fromisoformat(first), date.fromisoformat(last), Decimal(hours), slots)
        for first, last, hours, slots in found
    ]


def supply_and_demand(
    session: ReadSession, cycle: Cycle, found: Sequence[Places], by: str
) -> list[tuple[str, int, int]]:
    """(group, free places, waiting mentees); `by` is specialty, stage or state."""
    free = Counter[str]()
    for group in found:
        free[getattr(group, by)] += group.free
    waiting = queries.waiting(session, cycle.id, by)
    return [(key, free[key], waiting.get(key, 0)) for key in sorted({*free, *waiting})]
