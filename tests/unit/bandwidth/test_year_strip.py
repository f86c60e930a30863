"""The geometry of the year strip."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from services.api.bandwidth.strip import (
    BOTTOM,
    HEIGHT,
    LEFT,
    NARROW,
    RIGHT,
    TOP,
    WIDTH,
    Promise,
    draw_strip,
    first_overload,
    year_of,
)
from shared.bandwidth import Period

TODAY = date(2026, 11, 22)
END = date(2027, 6, 30)


def period(start: date, end: date, hours: int, occasion: str = "regular") -> Period:
    return Period(start, end, Decimal(hours), 3, occasion)


YEAR = period(date(2026, 9, 1), date(2027, 12, 31), 6)


def test_the_strip_covers_twelve_months_from_this_one() -> None:
    strip = draw_strip([YEAR], [], TODAY, END)
    assert [day for _x, day in strip.months] == year_of(TODAY)[:-1]
    assert (strip.months[0][1], strip.months[-1][1]) == (date(2026, 11, 1), date(2027, 10, 1))
    assert (strip.loads[0].first, strip.loads[-1].last) == (date(2026, 11, 1), date(2027, 10, 31))


def test_leave_cuts_the_year_in_three() -> None:
    leave = period(date(2027, 2, 1), date(2027, 3, 10), 0, "leave")
    strip = draw_strip([YEAR, leave], [], TODAY, END)
    assert [block.occasion for block in strip.offered] == ["regular", "leave", "regular"]
    assert strip.offered[1].height == 0


def test_what_is_promised_is_drawn_from_its_day_to_the_end_of_the_cycle() -> None:
    strip = draw_strip([YEAR], [Promise(date(2026, 12, 1), Decimal(2)), Promise(TODAY, Decimal(2))], TODAY, END)
    promised = {load.first: load.promised for load in strip.loads}
    assert promised == {
        date(2026, 11, 1): 0,
        TODAY: 2,
        date(2026, 12, 1): 4,
        date(2027, 7, 1): 0,
    }


def test_held_offers_stand_on_top_of_what_is_promised() -> None:
    promises = [Promise(date(2026, 11, 1), Decimal(2)), Promise(date(2026, 11, 1), Decimal(2), is_held=True)]
    strip = draw_strip([YEAR], promises, TODAY, END)
    assert strip.held[0].y + strip.held[0].height == strip.promised[0].y


def test_an_overload_counts_only_when_it_is_longer_than_a_pause() -> None:
    leave = period(date(2027, 2, 1), date(2027, 3, 10), 0, "leave")
    promises = [Promise(date(2026, 11, 1), Decimal(4))]
    pause = timedelta(days=42)
    assert first_overload(draw_strip([YEAR, leave], promises, TODAY, END).loads, pause) is None
    longer = period(date(2027, 2, 1), date(2027, 4, 30), 2, "nights")
    found = first_overload(draw_strip([YEAR, longer], promises, TODAY, END).loads, pause)
    assert found is not None
    assert found.first == date(2027, 2, 1)


@st.composite
def some_periods(draw: st.DrawFn) -> Period:
    start, end = sorted((draw(st.dates(TODAY, END)), draw(st.dates(TODAY, END))))
    return period(start, end, draw(st.integers(0, 80)))


@given(st.lists(some_periods(), max_size=5), st.lists(st.dates(TODAY, END), max_size=6))
def test_everything_stays_inside_the_drawing(periods: list[Period], since: list[date]) -> None:
    promises = [Promise(day, Decimal(2), is_held=number % 2 == 1) for number, day in enumerate(since)]
    strip = draw_strip(periods, promises, TODAY, END)
    for block in (*strip.offered, *strip.promised, *strip.held):
        assert LEFT - 0.1 <= block.x <= block.x + block.width <= WIDTH - RIGHT + 0.2
        assert TOP - 0.1 <= block.y <= block.y + block.height <= HEIGHT - BOTTOM + 0.2


def test_a_phone_gets_the_whole_year_with_fewer_names_of_months() -> None:
    strip = draw_strip([YEAR], [], TODAY, END, NARROW)
    assert all(LEFT <= x <= NARROW - RIGHT for x, _day in strip.months)
    assert len(strip.months[:: strip.months_a_label]) == len(strip.months) // 2
