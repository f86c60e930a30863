"""Attacks on what reports tell of groups: sums and differences within a table, between tables, between dates."""

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.api.dashboards.suppression import SMALLEST, batch_is_due, spans_a_few, tellable, told_share, told_size

People = frozenset[int]
Tables = Mapping[str, Mapping[str, People]]


@st.composite
def populations(draw: st.DrawFn) -> tuple[Tables, People]:
    """Two or three dimensions over up to 90 people; answers of one often follow from those of another."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size = draw(st.integers(0, 90))
    answers, several = draw(st.integers(1, 4)), draw(st.booleans())
    first = rng.integers(0, answers + 1, size)
    tables = {"d0": first}
    for number in range(1, draw(st.integers(2, 3))):
        follows = rng.random(size) < draw(st.sampled_from([0.0, 0.5, 0.9, 0.97]))
        tables[f"d{number}"] = np.where(follows, first, rng.integers(0, answers + 1, size))
    named = {name: _groups(column, answers) for name, column in tables.items()}
    if several:
        extra = frozenset(np.flatnonzero(rng.random(size) < 0.4).tolist())
        named["d0"] = {**named["d0"], "a1": named["d0"]["a1"] | extra}
    return named, frozenset(range(size))


def _groups(column: np.ndarray, answers: int) -> dict[str, People]:
    """Answer 0 is no answer."""
    return {f"a{n}": frozenset(np.flatnonzero(column == n).tolist()) for n in range(1, answers + 1)}


def _published(told: Tables, everybody: People) -> list[list[People]]:
    """The sets whose figures a reader has of each table: its groups, and everybody."""
    return [[*groups.values(), everybody] for groups in told.values() if groups]


@settings(max_examples=400, deadline=None)
@given(populations())
def test_each_group_and_all_the_others_are_enough(world: tuple[Tables, People]) -> None:
    tables, everybody = world
    for groups in tellable(tables, everybody).values():
        for group in groups.values():
            assert len(group) >= SMALLEST
            assert len(everybody - group) >= SMALLEST
        rest = everybody - frozenset().union(*groups.values())
        assert not groups or len(rest) == 0 or len(rest) >= SMALLEST


@settings(max_examples=300, deadline=None)
@given(populations())
def test_no_difference_of_sums_of_two_tables_is_about_a_few(world: tuple[Tables, People]) -> None:
    """The reader adds up any cells of two tables (everybody else counts as a cell) and takes one from the other."""
    tables, everybody = world
    unions = [_unions(groups, everybody) for groups in tellable(tables, everybody).values() if groups]
    for ours, theirs in combinations(unions, 2):
        for left in ours:
            for right in theirs:
                if left <= right or right <= left:
                    assert len(left ^ right) == 0 or len(left ^ right) >= SMALLEST


def _unions(groups: Mapping[str, People], everybody: People) -> list[People]:
    disjoint = sum(map(len, groups.values())) == len(frozenset().union(*groups.values()))
    if not disjoint:
        return [everybody, *groups.values(), *(everybody - group for group in groups.values())]
    cells = [*groups.values(), everybody - frozenset().union(*groups.values())]
    return [frozenset().union(*chosen) for n in range(len(cells) + 1) for chosen in combinations(cells, n)]


@settings(max_examples=400, deadline=None)
@given(populations())
def test_no_linear_combination_of_two_tables_is_about_a_few(world: tuple[Tables, People]) -> None:
    """People in the same cells are one atom; a set is given away if its indicator lies in the row space."""
    tables, everybody = world
    for one, other in combinations(_published(tellable(tables, everybody), everybody), 2):
        members = np.array([[person in group for person in sorted(everybody)] for group in (*one, *other)], float)
        atoms, sizes = np.unique(members, axis=1, return_counts=True)
        spanned = np.linalg.pinv(atoms) @ atoms
        small = [n for n in range(len(sizes)) if sizes[n] < SMALLEST]
        for count in range(1, min(len(small), 4) + 1):
            for chosen in combinations(small, count):
                wanted = np.isin(np.arange(len(sizes)), chosen).astype(float)
                if sizes[list(chosen)].sum() < SMALLEST:
                    assert np.abs(wanted @ spanned - wanted).max() > 1e-6


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 15), st.integers(0, 15)), min_size=1, max_size=12))
def test_what_two_dates_differ_by_is_never_about_a_few(arrivals: list[tuple[int, int]]) -> None:
    """Each day some people join with an answer and some without; the reader compares any two reports."""
    counted, waiting, others, arrived, reports = 0, 0, 0, 0, {0: 0}
    for with_answer, without in arrivals:
        waiting, others, arrived = waiting + with_answer, others + without, arrived + with_answer + without
        if batch_is_due(waiting, others):
            counted, waiting, others = counted + waiting, 0, 0
        reports.setdefault(counted, arrived)
    for (before, then), (after, now) in combinations(reports.items(), 2):
        assert after - before >= SMALLEST, "so many at least came to be counted"
        assert (now - then) - (after - before) >= SMALLEST, "and so many newcomers are not among them"


@given(st.integers(SMALLEST, 400), st.data())
def test_a_share_is_told_truly_and_never_as_all_or_none(size: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, size))
    told = told_share(count, size)
    assert told.low - 0.005 <= count / size <= told.high + 0.005
    assert told.interval.low <= told.low <= told.high <= told.interval.high
    assert not (told.low == told.high and told.low in {0.0, 1.0})
    if told.high == 1.0:
        assert sum(told_share(n, size).high == 1.0 for n in range(size + 1)) >= 2, "all, or nearly all"


@pytest.mark.parametrize(("size", "band"), [(11, (11, 20)), (20, (11, 20)), (21, (21, 40)), (5_000, (301, None))])
def test_sizes_are_told_in_bands(size: int, band: tuple[int, int | None]) -> None:
    assert told_size(size) == band


def test_nothing_is_told_of_ten() -> None:
    with pytest.raises(ValueError, match="10"):
        told_share(5, 10)


def test_a_group_within_another_table_but_for_a_few_is_not_told() -> None:
    everybody = frozenset(range(100))
    tables = {"one": {"wide": frozenset(range(30))}, "other": {"narrow": frozenset(range(25))}}
    told = tellable(tables, everybody)
    assert told == {"one": {"wide": frozenset(range(30))}, "other": {}}


def test_where_people_gave_several_answers_half_a_sum_gives_nobody_away() -> None:
    """Two answers that ten people gave both, and a group of those who gave one of them: (20 + 20 - 20) / 2 = 10."""
    everybody = frozenset(range(100))
    one, other = frozenset(range(20)), frozenset(range(10, 30))
    assert spans_a_few([one, other, one ^ other], everybody)
    told = tellable({"answers": {"a": one, "b": other}, "either": {"c": one ^ other}}, everybody)
    assert told == {"answers": {"b": other}, "either": {"c": one ^ other}}


def test_a_table_of_many_answers_is_told_whole_beside_one_of_which_nothing_is_told() -> None:
    everybody = frozenset(range(600))
    many = {f"a{n:02}": frozenset(range(30 * n, 30 * n + 30)) for n in range(20)}
    assert tellable({"many": many, "rare": {"few": frozenset(range(5))}}, everybody) == {"many": many, "rare": {}}


def test_a_small_overlap_that_no_sum_reaches_may_stay() -> None:
    everybody = frozenset(range(100))
    groups = {"a": frozenset(range(20)), "b": frozenset(range(15, 40))}
    assert tellable({"answers": groups}, everybody) == {"answers": groups}


def test_a_small_group_beside_large_ones_is_hidden_among_those_who_gave_no_answer() -> None:
    everybody = frozenset(range(100))
    groups = {"a": frozenset(range(40)), "b": frozenset(range(40, 45)), "c": frozenset(range(45, 90))}
    assert set(tellable({"one": groups}, everybody)["one"]) == {"a", "c"}


def test_where_all_others_would_be_a_few_the_next_smallest_group_joins_them() -> None:
    everybody = frozenset(range(100))
    groups = {"a": frozenset(range(40)), "b": frozenset(range(40, 45)), "c": frozenset(range(45, 100))}
    assert set(tellable({"one": groups}, everybody)["one"]) == {"c"}
