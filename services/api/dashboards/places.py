"""Free places: what the match would find today, by the rule that the matcher and the offers go by."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.api.dashboards import queries
from services.api.matching.queries import mentor_room
from shared.db.engine import ReadSession


@dataclass(frozen=True)
class Place:
    """A mentor's places: all of them, and those that no mentorship or open offer takes."""

    specialty: str
    stage: str
    state: str
    slots: int
    free: int


def places(session: ReadSession, cycle_id: UUID, today: date) -> list[Place]:
    """One for each active mentor of a cycle, for what is left of it."""
    mentors = queries.mentors(session, cycle_id)
    room = mentor_room(session, [mentor["id"] for mentor in mentors], today)
    return [
        Place(one["specialty"] or "", one["stage"], one["state"], room[one["id"]].slots, room[one["id"]].free)
        for one in mentors
    ]


def supply_and_demand(
    session: ReadSession, cycle_id: UUID, found: Sequence[Place], by: str
) -> list[tuple[str, int, int]]:
    """(group, free places, waiting mentees); `by` is specialty, stage or state."""
    free = Counter[str]()
    for place in found:
        free[getattr(place, by)] += place.free
    waiting = queries.waiting(session, cycle_id, by)
    return [(key, free[key], waiting.get(key, 0)) for key in sorted({*free, *waiting})]
