"""What may be told of groups that people named for reports only, so that nobody in them is given away. Pure.

Four rules; `docs/security.md` says against whom, and what is left.

1. *Size.* A group is told only if it and all the others number at least SMALLEST each.
2. *Tables.* Nothing is left out of a table by a hole that can be computed: groups too small to be told count among
   "everybody else", which has at least SMALLEST people itself or takes in the next smallest group (complementary
   suppression: Cox, JASA 75 (1980) 377 to 385). Between any two tables, and with the total, no sum or difference of
   what is told is about fewer people: such a set would be what is left of some cells of one table once cells of the
   other that lie within them are taken away, and all of those are tried (`_isolates`).
3. *Dates.* An answer counts from the day on which SMALLEST others have come with it, and as many newcomers without
   it: what two reports differ by is never about fewer newcomers (`batch_is_due`).
4. *Precision.* Sizes are told in bands, shares in steps that follow the size, and shares near 0 or 1 only as such,
   since "all" and "none" tell something about everybody (top and bottom coding, as in NCES 2011-603).
"""

from collections.abc import Hashable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import combinations
from math import ceil, floor
from typing import TypeVar

from services.api.dashboards.intervals import Interval, wilson

SMALLEST = 11
MOST_CLUSTERS = 12
BANDS: tuple[tuple[int, int, float, float], ...] = (
    # size from, to, step of shares, and how near 0 or 1 a share is told only as "at most" or "at least"
    (11, 20, 0.10, 0.20),
    (21, 40, 0.05, 0.10),
    (41, 100, 0.01, 0.05),
    (101, 300, 0.01, 0.02),
    (301, 1_000_000_000, 0.01, 0.01),
)

Person = TypeVar("Person", bound=Hashable)
Groups = Mapping[str, AbstractSet[Person]]
Told = dict[str, frozenset[Person]]


def tellable(tables: Mapping[str, Groups[Person]], everybody: AbstractSet[Person]) -> dict[str, Told[Person]]:
    """The groups of each table (by dimension) that may be told together; all others are among everybody else.

    Groups of one table may overlap. The result depends on who is in which group only.
    """
    told = {name: _of_one_table(groups, everybody) for name, groups in tables.items()}
    while (isolating := _first_isolating(told, everybody)) is not None:
        table, group = isolating
        told[table] = _of_one_table({k: v for k, v in told[table].items() if k != group}, everybody)
    return told


def batch_is_due(waiting: int, other_newcomers: int) -> bool:
    """Whether answers that wait may be counted from now on.

    `waiting` people gave the same answer since it was last counted; of those who have joined since then,
    `other_newcomers` are not among them.
    """
    return min(waiting, other_newcomers) >= SMALLEST


@dataclass(frozen=True)
class ToldShare:
    """The range in which a share lies, as exact as may be told (low == high: to the percent), and its interval."""

    low: float
    high: float
    interval: Interval


def told_share(count: int, size: int) -> ToldShare:
    """A share of a group of at least SMALLEST people, with its Wilson interval rounded outwards alike."""
    _, _, step, edge = _band(size)
    share, exact = count / size, wilson(count, size)
    low, high = _range(share, step, edge)
    outer = Interval(min(low, _down(exact.low, step)), max(high, _up(exact.high, step)))
    return ToldShare(low, high, outer)


def told_size(size: int) -> tuple[int, int | None]:
    """The band that a group's size lies in; the last has no end."""
    first, last, _, _ = _band(size)
    return first, last if last < BANDS[-1][1] else None


def _range(share: float, step: float, edge: float) -> tuple[float, float]:
    if share <= edge:
        return 0.0, edge
    if share >= 1 - edge:
        return round(1 - edge, 2), 1.0
    if step <= 0.01:
        return round(share, 2), round(share, 2)
    return _down(share, step), min(1.0, round(_down(share, step) + step, 2))


def _down(share: float, step: float) -> float:
    return round(floor(share / step + 1e-9) * step, 2)


def _up(share: float, step: float) -> float:
    return min(1.0, round(ceil(share / step - 1e-9) * step, 2))


def _band(size: int) -> tuple[int, int, float, float]:
    if size < SMALLEST:
        raise ValueError(f"nothing may be told of a group of {size}")
    return next(band for band in BANDS if band[0] <= size <= band[1])


def _of_one_table(groups: Groups[Person], everybody: AbstractSet[Person]) -> Told[Person]:
    """The groups that are large enough; the smallest give way until everybody else is none or enough."""
    sizes = {name: frozenset(group & everybody) for name, group in groups.items()}
    told = {name: group for name, group in sizes.items() if SMALLEST <= len(group) <= len(everybody) - SMALLEST}
    while told and 0 < len(everybody - frozenset().union(*told.values())) < SMALLEST:
        del told[_smallest(told)]
    return told


def _smallest(told: Told[Person]) -> str:
    return min(told, key=lambda name: (len(told[name]), name))


def _first_isolating(told: Mapping[str, Told[Person]], everybody: AbstractSet[Person]) -> tuple[str, str] | None:
    """A group, the smallest involved, of two tables that give a small set away between them."""
    parts = [(name, part) for name, groups in told.items() for part in _partitions(groups, everybody)]
    for (one, left), (other, right) in combinations(parts, 2):
        if _isolates(left, right):
            named = [(len(group), table, label) for table in {one, other} for label, group in told[table].items()]
            _, table, label = min(named)
            return table, label
    return None


def _partitions(groups: Told[Person], everybody: AbstractSet[Person]) -> list[list[AbstractSet[Person]]]:
    """What is told of a table, as cells that add up to everybody; a group that overlaps others stands by itself."""
    if sum(map(len, groups.values())) == len(frozenset().union(*groups.values())):
        rest = everybody - frozenset().union(*groups.values())
        return [[*groups.values(), *([rest] if rest else [])]] if groups else []
    return [[group, everybody - group] for group in groups.values()]


def _isolates(left: list[AbstractSet[Person]], right: list[AbstractSet[Person]]) -> bool:
    """Whether cells of one table lie within cells of the other but for 1 to SMALLEST - 1 people.

    Two cells with SMALLEST people or more in common are on the same side of any such set, so that only unions of
    clusters of cells need be tried; hardly ever is there more than one cluster. Too many count as giving away.
    """
    clusters = _clusters(left, right)
    if len(clusters) > MOST_CLUSTERS:
        return True
    for count in range(1, len(clusters)):
        for chosen in combinations(clusters, count):
            ours: frozenset[Person] = frozenset().union(*(left[n] for ls, _ in chosen for n in ls))
            theirs: frozenset[Person] = frozenset().union(*(right[n] for _, rs in chosen for n in rs))
            only_ours, only_theirs = len(ours - theirs), len(theirs - ours)
            if min(only_ours, only_theirs) == 0 and 0 < max(only_ours, only_theirs) < SMALLEST:
                return True
    return False


def _clusters(left: list[AbstractSet[Person]], right: list[AbstractSet[Person]]) -> list[tuple[set[int], set[int]]]:
    """Cells (by number) of both tables, joined wherever two have at least SMALLEST people in common."""
    clusters: list[tuple[set[int], set[int]]] = [(set(), {n}) for n in range(len(right))]
    for number, cell in enumerate(left):
        tied = [c for c in clusters if any(len(cell & right[n]) >= SMALLEST for n in c[1])]
        clusters = [c for c in clusters if c not in tied] + [_joined({number}, tied)]
    return clusters


def _joined(start: set[int], tied: Iterable[tuple[set[int], set[int]]]) -> tuple[set[int], set[int]]:
    lefts, rights = set(start), set[int]()
    for ls, rs in tied:
        lefts |= ls
        rights |= rs
    return lefts, rights
