"""Time: the hours of a week in which both are free, in UTC.

168 bits, bit 0 is Monday 0:00 to 1:00 UTC. A zone that is half an hour off counts the hour in which it begins.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from services.matcher.scoring.people import Person
from shared.vocabulary.mentoring import WEEK_HOURS

WORDS = 3


def week_in_utc(local_hours: Iterable[tuple[int, int]], time_zone: str, monday: date) -> int:
    """The bits of weekly local hours (weekday 0 = Monday, hour 0–23) as they fall in the week of `monday`.

    Daylight saving is that of the given week. Raises zoneinfo.ZoneInfoNotFoundError for an unknown zone.
    """
    zone = ZoneInfo(time_zone)
    start = datetime(monday.year, monday.month, monday.day, tzinfo=zone)
    mask = 0
    for weekday, hour in local_hours:
        local = start + timedelta(days=weekday, hours=hour)
        shift = local.utcoffset() or timedelta()
        utc_hour = (weekday * 24 + hour) - int(shift.total_seconds() // 3600)
        mask |= 1 << (utc_hour % WEEK_HOURS)
    return mask


def common(one: int, other: int) -> int:
    """How many hours of a week two people share."""
    return (one & other).bit_count()


class CommonHours:
    """Free hours of both sides as uint64[people, 3]; `enough` hours and more count as 1."""

    def __init__(self, mentees: Sequence[Person], mentors: Sequence[Person], enough: int, least: int) -> None:
        self.enough, self.least = enough, least
        self.mentor_known = np.array([m.hours is not None for m in mentors], np.bool_)
        self.mentor_hours = as_words([m.hours or 0 for m in mentors])
        self.face(mentees)

    def face(self, mentees: Sequence[Person]) -> None:
        """Take these mentees instead."""
        self.mentee_known = np.array([m.hours is not None for m in mentees], np.bool_)
        self.mentee_hours = as_words([m.hours or 0 for m in mentees])

    def hours(self, mentees: NDArray[np.int64], mentors: NDArray[np.int64]) -> NDArray[np.int64]:
        """int64[k]: common hours a week."""
        both = self.mentee_hours[mentees] & self.mentor_hours[mentors]
        counted: NDArray[np.int64] = np.bitwise_count(both).sum(axis=1, dtype=np.int64)
        return counted

    def values(self, mentees: NDArray[np.int64], mentors: NDArray[np.int64]) -> NDArray[np.float64]:
        """float64[k] in [0, 1], rising evenly to 1 at `enough` hours."""
        return np.minimum(self.hours(mentees, mentors), self.enough) / self.enough

    def too_few(self, mentees: NDArray[np.int64], mentors: NDArray[np.int64]) -> NDArray[np.bool_]:
        """bool[k]: both said when they are free, and share fewer hours than the policy's least."""
        known = self.mentee_known[mentees] & self.mentor_known[mentors]
        return known & (self.hours(mentees, mentors) < self.least)


def as_words(masks: Sequence[int]) -> NDArray[np.uint64]:
    """uint64[n, 3]: weeks of 168 bits as machine words."""
    joined = b"".join(mask.to_bytes(WORDS * 8, "little") for mask in masks)
    return np.frombuffer(joined, np.dtype("<u8")).reshape(len(masks), WORDS).astype(np.uint64)
