"""Common times of two people, by their own clocks, also in the weeks when the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from services.api.mentorships.times import (
    WEEK,
    WeeklyHours,
    Window,
    common_hours_a_week,
    common_windows,
    instant_of,
    meeting_times,
    windows,
)

CHICAGO = ZoneInfo("America/Chicago")
PHOENIX = ZoneInfo("America/Phoenix")  # never changes its clocks
NEW_YORK = ZoneInfo("America/New_York")
PARIS = ZoneInfo("Europe/Paris")  # changes them on other days
KOLKATA = ZoneInfo("Asia/Kolkata")  # half an hour off the hour

SUNDAY, MONDAY = 6, 0


def week(zone: ZoneInfo, *hours: tuple[int, int]) -> WeeklyHours:
    return WeeklyHours(zone, frozenset(hours))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]  # year to minute


def test_the_same_evening_in_two_zones_meets_where_it_overlaps() -> None:
    chicago = week(CHICAGO, (MONDAY, 18), (MONDAY, 19))
    new_york = week(NEW_YORK, (MONDAY, 19), (MONDAY, 20), (MONDAY, 21))
    found = common_windows(chicago, new_york, utc(2026, 1, 5), utc(2026, 1, 7))
    assert [(w.starts_at, w.length) for w in found] == [(utc(2026, 1, 6, 0), timedelta(hours=2))]


def test_touching_hours_are_one_window() -> None:
    found = windows(week(CHICAGO, (MONDAY, 9), (MONDAY, 10), (MONDAY, 12)), utc(2026, 1, 5), utc(2026, 1, 7))
    assert [w.length for w in found] == [timedelta(hours=2), timedelta(hours=1)]


def test_an_hour_that_the_clocks_skip_does_not_exist() -> None:
    assert instant_of(date(2026, 3, 8), time(2), CHICAGO) is None
    assert windows(week(CHICAGO, (SUNDAY, 2)), utc(2026, 3, 8), utc(2026, 3, 9)) == []


def test_an_hour_that_the_clocks_repeat_counts_once() -> None:
    found = windows(week(CHICAGO, (SUNDAY, 1)), utc(2026, 11, 1), utc(2026, 11, 2))
    assert [(w.starts_at, w.length) for w in found] == [(utc(2026, 11, 1, 6), timedelta(hours=1))]


def test_a_standing_hour_keeps_its_local_time_over_the_change() -> None:
    starts = [w.starts_at for w in windows(week(CHICAGO, (MONDAY, 18)), utc(2026, 3, 1), utc(2026, 3, 15))]
    assert [start.astimezone(CHICAGO).hour for start in starts] == [18, 18]
    assert [start.hour for start in starts] == [0, 23]


def test_common_hours_with_a_zone_that_never_changes_move_in_spring() -> None:
    phoenix, chicago = week(PHOENIX, (MONDAY, 17)), week(CHICAGO, (MONDAY, 18))
    assert common_hours_a_week(phoenix, chicago, utc(2026, 2, 1)) == 1
    assert common_hours_a_week(phoenix, chicago, utc(2026, 4, 1)) == 0


def test_two_zones_that_change_on_different_days_meet_at_another_hour_in_between() -> None:
    new_york, paris = week(NEW_YORK, (MONDAY, 12), (MONDAY, 13)), week(PARIS, (MONDAY, 18))
    starts = meeting_times(new_york, paris, Window(utc(2026, 3, 1), utc(2026, 4, 8)), minutes=60)
    assert [start.astimezone(NEW_YORK).hour for start in starts] == [12, 13, 13, 13, 12, 12]


def test_half_hour_zones_share_half_an_hour() -> None:
    kolkata, london = week(KOLKATA, (MONDAY, 20)), week(ZoneInfo("Europe/London"), (MONDAY, 15))
    assert common_hours_a_week(kolkata, london, utc(2026, 1, 4)) == 0.5
    assert meeting_times(kolkata, london, Window(utc(2026, 1, 4), utc(2026, 1, 11)), minutes=45) == []
    assert len(meeting_times(kolkata, london, Window(utc(2026, 1, 4), utc(2026, 1, 11)), minutes=30)) == 1


def test_a_meeting_fits_into_what_is_left_of_a_window() -> None:
    chicago = week(CHICAGO, (MONDAY, 18), (MONDAY, 19))
    late = utc(2026, 1, 6, 0, 10)
    assert meeting_times(chicago, chicago, Window(late, utc(2026, 1, 7)), minutes=90) == [utc(2026, 1, 6, 0, 30)]
    assert meeting_times(chicago, chicago, Window(late, utc(2026, 1, 7)), minutes=120) == []


def test_no_day_offers_more_times_than_one_can_read() -> None:
    busy = week(CHICAGO, *((MONDAY, hour) for hour in range(8, 18)))
    assert len(meeting_times(busy, busy, Window(utc(2026, 1, 5), utc(2026, 1, 6)), minutes=30)) == 3


ZONES = st.sampled_from([CHICAGO, PHOENIX, NEW_YORK, PARIS, KOLKATA])
GRIDS = st.frozensets(st.tuples(st.integers(0, 6), st.integers(0, 23)), max_size=12)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))  # noqa: DTZ001 — hypothesis takes naive bounds


@given(ZONES, GRIDS, ZONES, GRIDS, MOMENTS)
def test_a_meeting_time_lies_in_an_hour_that_both_named(
    zone: ZoneInfo, grid: frozenset[tuple[int, int]], other_zone: ZoneInfo, other_grid: frozenset[tuple[int, int]],
    now: datetime,
) -> None:
    one, other = WeeklyHours(zone, grid), WeeklyHours(other_zone, other_grid)
    for start in meeting_times(one, other, Window(now, now + 2 * WEEK), minutes=30):
        for person in (one, other):
            local = start.astimezone(person.zone)
            assert (local.weekday(), local.hour) in person.hours
        assert now <= start <= now + 2 * WEEK


@given(ZONES, GRIDS, ZONES, GRIDS, MOMENTS)
def test_who_comes_first_makes_no_difference(
    zone: ZoneInfo, grid: frozenset[tuple[int, int]], other_zone: ZoneInfo, other_grid: frozenset[tuple[int, int]],
    now: datetime,
) -> None:
    one, other = WeeklyHours(zone, grid), WeeklyHours(other_zone, other_grid)
    assert common_windows(one, other, now, now + WEEK) == common_windows(other, one, now, now + WEEK)
