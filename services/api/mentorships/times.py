"""When two people can both meet: from two weekly grids in two time zones to instants. Pure.

A grid says hours of a week on the wall clock of its owner. Which instants those are depends on the date: an hour that
the clocks skip does not exist, an hour that they repeat counts once, and the common hours of two zones that change
their clocks on different days move in between. So the overlap is worked out day by day, never by an offset.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
HALF_HOUR = timedelta(minutes=30)
MOST_A_DAY = 3


@dataclass(frozen=True)
class WeeklyHours:
    """Hours of every week by somebody's own clock: (weekday 0 = Monday, hour 0 to 23)."""

    zone: ZoneInfo
    hours: frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Window:
    """A stretch of time, in UTC, the end excluded."""

    starts_at: datetime
    ends_at: datetime

    @property
    def length(self) -> timedelta:
        return self.ends_at - self.starts_at

    def meets(self, other: "Window") -> bool:
        """Whether the two have a moment in common."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def instant_of(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """The instant (UTC) of a wall-clock time on a day; None where clocks skip it, the first where they repeat it."""
    instant = datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
    return instant if instant.astimezone(zone).time() == at else None


def windows(week: WeeklyHours, first: datetime, last: datetime) -> list[Window]:
    """The stretches between two instants in which somebody usually can meet, joined where they touch."""
    found = sorted(_hours_between(week, first, last))
    clipped = (Window(max(start, first), min(start + HOUR, last)) for start in found)
    return list(_joined(w for w in clipped if w.starts_at < w.ends_at))


def _hours_between(week: WeeklyHours, first: datetime, last: datetime) -> Iterator[datetime]:
    day = first.astimezone(week.zone).date() - DAY
    until = last.astimezone(week.zone).date()
    while day <= until:
        for weekday, hour in week.hours:
            if weekday == day.weekday() and (start := instant_of(day, time(hour), week.zone)):
                yield start
        day += DAY


def _joined(pieces: Iterable[Window]) -> Iterator[Window]:
    current: Window | None = None
    for piece in pieces:
        if current and piece.starts_at <= current.ends_at:
            current = Window(current.starts_at, max(current.ends_at, piece.ends_at))
            continue
        if current:
            yield current
        current = piece
    if current:
        yield current


def common_windows(one: WeeklyHours, other: WeeklyHours, first: datetime, last: datetime) -> list[Window]:
    """The stretches that suit both."""
    pairs = product(windows(one, first, last), windows(other, first, last))
    common = (Window(max(a.starts_at, b.starts_at), min(a.ends_at, b.ends_at)) for a, b in pairs)
    return sorted((w for w in common if w.starts_at < w.ends_at), key=lambda w: w.starts_at)


def common_hours_a_week(one: WeeklyHours, other: WeeklyHours, now: datetime) -> float:
    """Hours that suit both in the seven days from `now`."""
    lengths = (window.length for window in common_windows(one, other, now, now + WEEK))
    return sum(lengths, timedelta()) / HOUR


def meeting_times(
    one: WeeklyHours, other: WeeklyHours, within: Window, minutes: int, taken: Collection[Window] = ()
) -> list[datetime]:
    """Starts of a meeting of so many minutes that suit both, on full and half hours, a few of each of one's days.

    None of them runs into a stretch that is `taken`.
    """
    length = timedelta(minutes=minutes)
    common = common_windows(one, other, within.starts_at, within.ends_at)
    starts = (start for window in common for start in _starts(window, length))
    free = (start for start in starts if not any(Window(start, start + length).meets(busy) for busy in taken))
    return list(_at_most(free, MOST_A_DAY, one.zone))


def _starts(window: Window, length: timedelta) -> Iterator[datetime]:
    start = _next_half_hour(window.starts_at)
    while start + length <= window.ends_at:
        yield start
        start += HOUR


def _next_half_hour(moment: datetime) -> datetime:
    past = timedelta(minutes=moment.minute % 30, seconds=moment.second, microseconds=moment.microsecond)
    return moment - past + HALF_HOUR if past else moment


def _at_most(starts: Iterable[datetime], per_day: int, zone: ZoneInfo) -> Iterator[datetime]:
    counts = Counter[date]()
    for start in starts:
        day = start.astimezone(zone).date()
        counts[day] += 1
        if counts[day] <= per_day:
            yield start
