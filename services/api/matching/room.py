"""Room: how many mentees a mentor can still take on, and how many mentors a mentee still looks for. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shared.bandwidth import HOURS_PER_MENTORSHIP, Period, capacity


@dataclass(frozen=True)
class Commitments:
    """What takes slots already: active mentorships, and open offers that hold one until they are answered."""

    active: int = 0
    held: int = 0

    @property
    def taken(self) -> int:
        return self.active + self.held


@dataclass(frozen=True)
class Room:
    """Slots in all (of a mentor's bandwidth, or of a mentee's wishes), what takes them, hours a month of each."""

    slots: int
    commitments: Commitments = Commitments()
    hours_each: Decimal = HOURS_PER_MENTORSHIP

    @property
    def free(self) -> int:
        """Slots that nothing takes or holds: what a new offer needs."""
        return max(0, self.slots - self.commitments.taken)

    @property
    def hours_free(self) -> Decimal:
        """Hours a month that nothing takes or holds."""
        return self.free * self.hours_each

    @property
    def may_accept(self) -> bool:
        """Whether an offer that holds a slot may become a mentorship: other held offers don't stand in its way."""
        return self.commitments.active < self.slots


def mentor_slots(periods: Sequence[Period], span: tuple[date, date], today: date, cost: Decimal) -> int:
    """Slots that a mentor's bandwidth has in what is left of the cycle; a cycle that is over counts as a whole."""
    first, last = span
    begin = max(first, today)
    return capacity(periods, begin if begin < last else first, last, cost)
