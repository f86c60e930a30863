"""The year strip: what a mentor offers day by day, with what is promised drawn over it. Pure geometry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from shared.bandwidth import ONE_DAY, Period, Stretch, stretches

MONTHS = 12
WIDTH, NARROW, HEIGHT = 720, 340, 230
LEFT, RIGHT, TOP, BOTTOM = 38, 8, 14, 28
LEAST_SCALE = 4
WIDE_ENOUGH = 64  # a stretch narrower than this gets no label of its own


@dataclass(frozen=True)
class Promise:
    """Hours a month that a mentorship takes, or an open offer holds, from `since` to the end of the cycle."""

    since: date
    hours: Decimal
    is_held: bool = False


@dataclass(frozen=True)
class Block:
    """A rectangle of the drawing, in its units."""

    x: float
    y: float
    width: float
    height: float
    occasion: str
    hours: Decimal

    @property
    def has_room(self) -> bool:
        return self.width >= WIDE_ENOUGH

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Load:
    """Days in a row with the same offer and the same promises; hours a month."""

    first: date
    last: date
    offered: Decimal
    promised: Decimal
    held: Decimal
    occasion: str

    @property
    def is_over(self) -> bool:
        return self.promised > self.offered


@dataclass(frozen=True)
class Strip:
    width: int
    offered: tuple[Block, ...]
    promised: tuple[Block, ...]
    held: tuple[Block, ...]
    months: tuple[tuple[float, date], ...]
    levels: tuple[tuple[float, int], ...]
    loads: tuple[Load, ...]

    @property
    def months_a_label(self) -> int:
        return 1 if self.width == WIDTH else 2


@dataclass(frozen=True)
class Scale:
    """From days and hours to the units of the drawing."""

    width: int

    first: date
    last: date
    most: int

    def x(self, day: date) -> float:
        share = (day - self.first).days / ((self.last - self.first).days + 1)
        return round(LEFT + share * (self.width - LEFT - RIGHT), 1)

    def y(self, hours: Decimal | int) -> float:
        return round(HEIGHT - BOTTOM - float(hours) / self.most * (HEIGHT - TOP - BOTTOM), 1)

    def block(self, load: Load, low: Decimal, high: Decimal, occasion: str = "") -> Block:
        left, right = self.x(load.first), self.x(load.last + ONE_DAY)
        top, bottom = self.y(high), self.y(low)
        width, height = round(right - left, 1), round(bottom - top, 1)
        return Block(left, top, width, height, occasion, high - low)


def year_of(today: date) -> list[date]:
    """The first days of this month and the eleven after it, and of the one that ends the year."""
    number = today.year * 12 + today.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(number, number + MONTHS + 1)]


def draw_strip(
    periods: Sequence[Period], promises: Sequence[Promise], today: date, ends_on: date, width: int = WIDTH
) -> Strip:
    """The twelve months from this one on; promises last to the end of the cycle."""
    starts = year_of(today)
    loads = tuple(_loads(periods, promises, starts[0], starts[-1] - ONE_DAY, ends_on))
    scale = Scale(width, starts[0], starts[-1] - ONE_DAY, _most(loads))
    zero = Decimal(0)
    return Strip(
        width=width,
        offered=_merged([scale.block(load, zero, load.offered, load.occasion) for load in loads if load.occasion]),
        promised=_merged([scale.block(load, zero, load.promised) for load in loads if load.promised]),
        held=_merged([scale.block(load, load.promised, load.promised + load.held) for load in loads if load.held]),
        months=tuple((scale.x(day), day) for day in starts[:-1]),
        levels=tuple((scale.y(hours), hours) for hours in range(0, scale.most + 1, _step(scale.most))),
        loads=loads,
    )


def _most(loads: Sequence[Load]) -> int:
    highest = max((max(load.offered, load.promised + load.held) for load in loads), default=Decimal(0))
    step = _step(int(highest) + 1)
    return max(LEAST_SCALE, -(-int(highest + 1) // step) * step)


def _step(most: int) -> int:
    return next(step for step in (1, 2, 5, 10, 20, 40) if most <= step * 6)


def _loads(
    periods: Sequence[Period], promises: Sequence[Promise], first: date, last: date, ends_on: date
) -> list[Load]:
    """The days from `first` to `last`, cut wherever the offer or the promises change."""
    changes = {promise.since for promise in promises} | {ends_on + ONE_DAY}
    cuts = sorted(day for day in changes if first < day <= last)
    return [
        _load(stretch, promises, ends_on)
        for begin, end in pairwise([first, *cuts, last + ONE_DAY])
        for stretch in stretches(periods, begin, end - ONE_DAY)
    ]


def _load(stretch: Stretch, promises: Sequence[Promise], ends_on: date) -> Load:
    now = [promise for promise in promises if promise.since <= stretch.first <= ends_on]
    return Load(
        first=stretch.first,
        last=stretch.last,
        offered=stretch.hours_per_month,
        promised=sum((one.hours for one in now if not one.is_held), Decimal(0)),
        held=sum((one.hours for one in now if one.is_held), Decimal(0)),
        occasion=stretch.period.occasion if stretch.period else "",
    )


def _merged(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Neighbors of the same kind and height as one."""
    merged: list[Block] = []
    for block in blocks:
        if merged and _continues(merged[-1], block):
            before = merged.pop()
            width = round(block.x + block.width - before.x, 1)
            merged.append(Block(before.x, before.y, width, before.height, before.occasion, before.hours))
        else:
            merged.append(block)
    return tuple(merged)


def _continues(before: Block, block: Block) -> bool:
    touches = abs(before.x + before.width - block.x) < 0.2
    return touches and (before.y, before.height, before.occasion) == (block.y, block.height, block.occasion)


def first_overload(loads: Sequence[Load], longer_than: timedelta) -> Load | None:
    """The first stretch, longer than a mere pause, in which more is promised than offered."""
    return next((load for load in loads if load.is_over and load.last - load.first > longer_than), None)
