"""The one rule of how many mentees a mentor can take on."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bandwidth import Period, capacity, effective_slots, holding_period, stretches

FIRST, LAST = date(2026, 9, 1), date(2027, 6, 30)


def period(start: date = FIRST, end: date = LAST, hours: str = "8", slots: int = 4) -> Period:
    return Period(start, end, Decimal(hours), slots)


def test_slots_bound_when_there_are_hours_enough() -> None:
    assert capacity([period(hours="20", slots=3)], FIRST, LAST) == 3


def test_hours_bound_when_there_are_slots_enough_and_are_never_rounded_up() -> None:
    assert capacity([period(hours="5.5", slots=9)], FIRST, LAST) == 2


def test_nothing_stated_is_nothing_given() -> None:
    assert capacity([], FIRST, LAST) == 0


def test_an_empty_stretch_has_no_capacity() -> None:
    assert capacity([period()], LAST, FIRST) == 0


def test_the_period_with_the_fewest_hours_holds_where_periods_overlap() -> None:
    leave = period(date(2026, 12, 1), date(2026, 12, 31), hours="0", slots=0)
    assert holding_period([period(), leave], date(2026, 12, 15)) == leave
    assert holding_period([period(), leave], date(2027, 1, 1)) == period()


def test_six_weeks_of_leave_only_pause_mentorships() -> None:
    leave = period(date(2026, 11, 1), date(2026, 11, 1) + timedelta(days=41), hours="0", slots=0)
    assert capacity([period(), leave], FIRST, LAST) == 4


def test_a_day_more_than_six_weeks_of_leave_counts() -> None:
    leave = period(date(2026, 11, 1), date(2026, 11, 1) + timedelta(days=42), hours="0", slots=0)
    assert capacity([period(), leave], FIRST, LAST) == 0


def test_two_dips_that_touch_are_one() -> None:
    nights = period(date(2026, 11, 1), date(2026, 11, 30), hours="2", slots=4)
    leave = period(date(2026, 12, 1), date(2026, 12, 31), hours="0", slots=0)
    assert capacity([period(), nights, leave], FIRST, LAST) == 1


def test_many_short_dips_count_once_they_take_more_than_a_third_of_the_time() -> None:
    months = [date(2026, 10, 1), date(2026, 12, 1), date(2027, 2, 1), date(2027, 4, 1)]
    nights = [period(start, start + timedelta(days=27), hours="2", slots=4) for start in months]
    assert capacity([period(), *nights[:2]], FIRST, LAST) == 4
    assert capacity([period(), *nights], FIRST, LAST) == 1


def test_a_short_rest_of_the_cycle_is_not_all_pause() -> None:
    assert capacity([period(FIRST, date(2027, 6, 9))], date(2027, 6, 10), LAST) == 0


def test_taken_slots_are_gone_and_never_negative() -> None:
    assert effective_slots([period()], FIRST, LAST, taken=3) == 1
    assert effective_slots([period()], FIRST, LAST, taken=9) == 0


def test_a_mentorship_that_costs_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 0"):
        capacity([period()], FIRST, LAST, cost=Decimal(0))


days = st.dates(date(2026, 6, 1), date(2027, 9, 30))


@st.composite
def some_periods(draw: st.DrawFn) -> Period:
    start, end = sorted((draw(days), draw(days)))
    return Period(start, end, Decimal(draw(st.integers(0, 160))) / 2, draw(st.integers(0, 12)))


@given(st.lists(some_periods(), max_size=6))
def test_stretches_tile_the_cycle_and_agree_with_each_day(periods: list[Period]) -> None:
    found = list(stretches(periods, FIRST, LAST))
    every_day = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    told = [stretch.first + timedelta(days=n) for stretch in found for n in range(stretch.days)]
    assert told == every_day
    for stretch in found:
        assert stretch.period == holding_period(periods, stretch.first) == holding_period(periods, stretch.last)


@given(st.lists(some_periods(), min_size=1, max_size=6), st.integers(1, 4))
def test_capacity_lies_between_the_worst_and_the_best_day(periods: list[Period], cost: int) -> None:
    levels = [stretch.capacity(Decimal(cost)) for stretch in stretches(periods, FIRST, LAST)]
    assert min(levels) <= capacity(periods, FIRST, LAST, Decimal(cost)) <= max(levels)


@given(st.lists(some_periods(), max_size=5), some_periods())
def test_leave_never_raises_capacity(periods: list[Period], pause: Period) -> None:
    leave = Period(pause.starts_on, pause.ends_on, Decimal(0), 0)
    assert capacity([*periods, leave], FIRST, LAST) <= capacity(periods, FIRST, LAST)


@given(st.lists(some_periods(), max_size=5), st.integers(0, 20))
def test_free_slots_and_taken_slots_add_up(periods: list[Period], taken: int) -> None:
    free = effective_slots(periods, FIRST, LAST, taken=taken)
    assert free == max(0, capacity(periods, FIRST, LAST) - taken)
