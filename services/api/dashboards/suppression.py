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

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import combinations, combinations_with_replacement
from math import ceil, floor
from typing import TypeVar

from services.api.dashboards.intervals import Interval, wilson

SMALLEST = 11
MOST_CLUSTERS, MOST_SUMS = 12, 20_000
PRIME = 2**61 - 1
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
    """A group, the smallest involved, of two tables (or of one whose groups overlap) that give a few people away."""
    for one, other in combinations_with_replacement([name for name, groups in told.items() if groups], 2):
        if _give_away(told[one], told[other], everybody):
            named = [(len(group), table, label) for table in {one, other} for label, group in told[table].items()]
            _, table, label = min(named)
            return table, label
    return None


def _give_away(one: Told[Person], other: Told[Person], everybody: AbstractSet[Person]) -> bool:
    """Two tables; the same one twice stands for a table by itself."""
    if _overlap(one) or _overlap(other):
        return spans_a_few([*one.values(), *other.values()], everybody)
    return one is not other and _isolates(_cells(one, everybody), _cells(other, everybody))


def _overlap(groups: Told[Person]) -> bool:
    return sum(map(len, groups.values())) > len(frozenset().union(*groups.values()))


def _cells(groups: Told[Person], everybody: AbstractSet[Person]) -> list[AbstractSet[Person]]:
    """What is told of a table whose groups are apart, as cells that add up to everybody."""
    rest = everybody - frozenset().union(*groups.values())
    return [*groups.values(), *([rest] if rest else [])] if groups else []


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


def spans_a_few(told: Iterable[AbstractSet[Person]], everybody: AbstractSet[Person]) -> bool:
    """Whether sums and differences of what is told, everybody among it, come to 1 to SMALLEST - 1 people.

    People in the same groups are one atom. A set of atoms can be computed if its indicator lies in the row space of
    groups × atoms; in reduced echelon form it is the sum of some rows, one for each of its pivots, so that all sets of
    pivots with few people are tried. Exact: whole numbers modulo a prime greater than any minor. Too many count as
    giving away.
    """
    sizes, rows = _atoms(told, everybody)
    small = [(sizes[pivot], row) for pivot, row in _echelon(rows) if sizes[pivot] < SMALLEST]
    sums = [(0, [0] * len(sizes))]
    for size, row in small:
        sums += [(n + size, _add(total, row)) for n, total in sums if n + size < SMALLEST]
        if len(sums) > MOST_SUMS:
            return True
    few = (sum(size for size, part in zip(sizes, total, strict=True) if part) for _, total in sums if max(total) == 1)
    return any(0 < people < SMALLEST for people in few)


def _atoms(told: Iterable[AbstractSet[Person]], everybody: AbstractSet[Person]) -> tuple[list[int], list[list[int]]]:
    """Sizes of the atoms, the largest first, and for each told set (and everybody) whether an atom is in it."""
    groups = list(told)
    counted = Counter(tuple(person in group for group in groups) for person in everybody).most_common()
    return [size for _, size in counted], [
        [1] * len(counted), *([int(pattern[n]) for pattern, _ in counted] for n in range(len(groups)))
    ]  # fmt: skip


def _echelon(rows: list[list[int]]) -> list[tuple[int, list[int]]]:
    """Gauss and Jordan modulo PRIME: (pivot column, row) of the reduced form, pivots as far left as can be."""
    left, done = [row[:] for row in rows], list[tuple[int, list[int]]]()
    for column in range(len(rows[0])):
        found = next((row for row in left if row[column]), None)
        if found is None:
            continue
        left.remove(found)
        inverse = pow(found[column], -1, PRIME)
        pivot = [value * inverse % PRIME for value in found]
        left = [_add(row, pivot, -row[column]) for row in left]
        done = [(at, _add(row, pivot, -row[column])) for at, row in done] + [(column, pivot)]
    return done


def _add(row: list[int], other: list[int], times: int = 1) -> list[int]:
    return [(a + times * b) % PRIME for a, b in zip(row, other, strict=True)]


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
