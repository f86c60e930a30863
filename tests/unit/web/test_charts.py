"""Charts: images with a name, a table with the same numbers, nothing inline."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.api.web.charts import Finding, _count_into, bars, histogram
from services.api.web.national_map import Rope, Site, national_map
from services.api.web.projection import HEIGHT, WIDTH, project
from services.api.web.styleguide import sample_figures

FIGURES = sample_figures()
EDGES = [0, 0.25, 0.5, 1]
FINDING = Finding("f", "A <b>finding</b>", "Told & described")


@pytest.mark.parametrize("name", FIGURES)
def test_a_chart_is_one_named_image_without_inline_style(name: str) -> None:
    svg = FIGURES[name].svg
    assert svg.startswith("<svg ")
    assert 'role="img"' in svg
    assert f'aria-labelledby="{FIGURES[name].finding.id}-title' in svg
    assert "style=" not in svg
    assert "<style" not in svg
    assert "graphics-" not in svg


def test_ids_of_all_charts_on_a_page_differ() -> None:
    ids = re.findall(r'\bid="([^"]+)"', "".join(figure.svg for figure in FIGURES.values()))
    assert len(ids) == len(set(ids))


def test_title_and_description_are_escaped() -> None:
    svg = bars(FINDING, [("One", 1)], ("Name", "Number")).svg
    assert "A &lt;b&gt;finding&lt;/b&gt;" in svg
    assert "Told &amp; described" in svg


def test_every_row_stands_in_the_table() -> None:
    figure = FIGURES["gap"]
    assert figure.rows[1] == ("Psychiatry", 22.0, 64.0)
    assert len(figure.columns) == len(figure.rows[0])


def test_numbers_of_bars_have_one_form_in_the_drawing_and_in_the_table() -> None:
    figure = bars(FINDING, [("One", 0.7), ("Two", 0.6854)], ("Name", "Score"), number_format=".3f")
    assert figure.rows == (("One", "0.700"), ("Two", "0.685"))
    assert ">0.700</text>" in figure.svg


def test_an_empty_chart_still_draws() -> None:
    assert bars(FINDING, [], ("Name", "Number")).rows == ()


@given(st.lists(st.floats(0, 1), max_size=50))
def test_a_histogram_counts_every_value_within_its_edges_once(values: list[float]) -> None:
    assert sum(count for *_, count in _count_into(values, EDGES)) == len(values)


def test_a_histogram_tells_what_it_counted() -> None:
    drawn = histogram(FINDING, [0, 0.1, 0.25, 0.5, 0.7, 1], ("Score", "Count"), EDGES)
    assert [count for _, count in drawn.rows] == [2, 1, 3]


@pytest.mark.parametrize(("place", "longitude", "latitude", "x", "y"), [
    ("the center of the lower 48", -96.6, 38.7, WIDTH / 2, HEIGHT / 2),
    ("the center of Alaska", -156, 58.5, WIDTH / 2 - 399.1, HEIGHT / 2 + 261.3),
    ("the center of Hawaii", -160, 19.9, WIDTH / 2 - 266.5, HEIGHT / 2 + 275.6),
])
def test_the_projection_centers_each_part(place: str, longitude: float, latitude: float, x: float, y: float) -> None:
    assert project(longitude, latitude) == pytest.approx((x, y), abs=0.05)


def test_north_is_up_and_east_is_right() -> None:
    seattle, miami = project(-122.3, 47.6), project(-80.2, 25.8)
    assert seattle is not None
    assert miami is not None
    assert seattle[0] < miami[0]
    assert seattle[1] < miami[1]


def test_an_institution_of_the_territories_stands_in_the_table_alone() -> None:
    sites = [Site("San Juan", -66.1, 18.4, 40), Site("Howard", -77.0, 38.9, 95)]
    figure = national_map(FINDING, sites, [Rope("San Juan", "Howard", 3)])
    assert figure.rows == (("Howard", 95, 3), ("San Juan", 40, 3))


def test_mentorships_within_one_institution_are_no_ropes() -> None:
    figure = national_map(FINDING, [Site("Howard", -77.0, 38.9, 95)], [Rope("Howard", "Howard", 9)])
    assert figure.rows == (("Howard", 95, 0),)


def test_a_phone_gets_a_drawing_of_its_own_with_names_above_the_bars() -> None:
    figure = bars(Finding("gap", "Psychiatry waits"), [("Psychiatry", 12), ("Surgery", 3)], ("Specialty", "Mentees"))
    assert figure.narrow is not None
    assert 'id="gap-narrow-title"' in figure.narrow
    assert _width(figure.narrow) < 300 < _width(figure.svg)
    assert "Psychiatry" in figure.narrow


def _width(svg: str) -> float:
    found = re.search(r'viewBox="[\d.-]+ [\d.-]+ ([\d.]+)', svg)
    assert found is not None
    return float(found.group(1))


def test_dots_and_ropes_lie_where_their_places_are() -> None:
    sites = [Site("Stanford", -122.2, 37.4, 120), Site("Howard", -77.0, 38.9, 95)]
    svg = national_map(FINDING, sites, [Rope("Stanford", "Howard", 3)]).svg
    west, east = (project(site.longitude, site.latitude) for site in sites)
    assert west is not None
    assert east is not None
    dots = re.findall(r'<path transform="translate\(([\d.]+),([\d.]+)\)"', svg)[-2:]
    assert [float(number) for dot in dots for number in dot] == pytest.approx([*west, *east], abs=0.11)
    rope = re.search(r'd="M([\d.]+),([\d.]+)L[^"]*L([\d.]+),([\d.]+)" stroke="#cf8a34"', svg)
    assert rope is not None
    assert [float(number) for number in rope.groups()] == pytest.approx([*west, *east], abs=0.11)
