"""How many mentees a mentor can take on: the one rule that api and matcher share. Pure.

On a day covered by several periods the one with the fewest hours holds (leave inside a year wins over the year); on a
day covered by none, there is nothing to give. A day's capacity is min(mentee slots, ⌊hours per month ÷ hours a
mentorship costs⌋). The capacity over a stretch of a cycle is the largest number that the mentor can carry through it,
where a short dip (leave, nights, a hard rotation) only pauses mentorships: a dip of at most six weeks is tolerated,
as long as all dips together take no more than a third of the stretch.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

HOURS_PER_MENTORSHIP = Decimal(2)
LONGEST_PAUSE_DAYS = 42
PAUSED_SHARE = 3  # all dips together: at most one day in three
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Hours a month and mentee slots from one day to another, both included."""

    starts_on: date
    ends_on: date
    hours_per_month: Decimal
    mentee_slots: int
    occasion: str = "regular"

    def covers(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True)
class Stretch:
    """Days in a row, first and last included, on which the same period holds (None: nothing was said)."""

    first: date
    last: date
    period: Period | None

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def hours_per_month(self) -> Decimal:
        return self.period.hours_per_month if self.period else Decimal(0)

    def capacity(self, cost: Decimal) -> int:
        """How many mentorships of `cost` hours a month fit into each of these days."""
        if self.period is None:
            return 0
        return min(self.period.mentee_slots, int(self.period.hours_per_month // cost))


def holding_period(periods: Iterable[Period], day: date) -> Period | None:
    """The period that holds on a day: the one with the fewest hours, then the fewest slots."""
    covering = [period for period in periods if period.covers(day)]
    return min(covering, key=lambda p: (p.hours_per_month, p.mentee_slots), default=None)


def stretches(periods: Sequence[Period], first: date, last: date) -> Iterator[Stretch]:
    """The days from `first` to `last` (both included), in order, cut wherever another period begins to hold."""
    cuts = {p.starts_on for p in periods} | {p.ends_on + ONE_DAY for p in periods}
    starts = [first, *sorted(day for day in cuts if first < day <= last)]
    for start, following in zip(starts, [*starts[1:], last + ONE_DAY], strict=True):
        if start < following:
            yield Stretch(start, following - ONE_DAY, holding_period(periods, start))


def capacity(periods: Sequence[Period], first: date, last: date, cost: Decimal = HOURS_PER_MENTORSHIP) -> int:
    """How many mentorships of `cost` hours a month a mentor can carry from `first` to `last` (both included).

    0 for an empty stretch. Raises ValueError for a cost that is not positive.
    """
    if cost <= 0:
        raise ValueError("a mentorship costs more than 0 hours a month")
    days = [(stretch.capacity(cost), stretch.days) for stretch in stretches(periods, first, last)]
    levels = sorted({level for level, _ in days}, reverse=True)
    return next((level for level in levels if _can_carry(days, level)), 0)


def effective_slots(
    periods: Sequence[Period], first: date, last: date, *, taken: int = 0, cost: Decimal = HOURS_PER_MENTORSHIP
) -> int:
    """Slots still free: the capacity less what is `taken` by active mentorships and held offers, never below 0."""
    return max(0, capacity(periods, first, last, cost) - taken)


def _can_carry(days: Sequence[tuple[int, int]], level: int) -> bool:
    """Whether the days below `level` are few enough, and never too many in a row, to be mere pauses."""
    longest = in_a_row = paused = 0
    for found, length in days:
        in_a_row = in_a_row + length if found < level else 0
        paused += length if found < level else 0
        longest = max(longest, in_a_row)
    return longest <= LONGEST_PAUSE_DAYS and paused * PAUSED_SHARE <= sum(length for _, length in days)
