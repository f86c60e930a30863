"""The national map: institutions by size, mentorships across institutions as ropes between them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from math import hypot
from typing import Any

import altair as alt

from services.api.web.assets import find_static
from services.api.web.charts import PAPER, PINE, ROPE, Figure, Finding, dataset, render_chart
from services.api.web.projection import HEIGHT, WIDTH, Spot, project

ROPES_DRAWN = 150
_STEPS = 12
_SLACK = 0.18
_TOLERANCE = 0.8

Point = tuple[int, int]


@dataclass(frozen=True)
class Site:
    """An institution on the map; `people` is what its size shows."""

    name: str
    longitude: float
    latitude: float
    people: int


@dataclass(frozen=True)
class Rope:
    """Mentorships between two institutions, by name."""

    from_site: str
    to_site: str
    mentorships: int


def national_map(
    finding: Finding,
    sites: Sequence[Site],
    ropes: Sequence[Rope],
    columns: tuple[str, str, str] = ("Institution", "People", "Mentorships with other institutions"),
) -> Figure:
    """Draws the institutions of the fifty states and the heaviest ropes; the table lists every institution."""
    spots = {site.name: spot for site in sites if (spot := project(site.longitude, site.latitude))}
    tied = [rope for rope in ropes if rope.from_site != rope.to_site]
    drawn = sorted((r for r in tied if {r.from_site, r.to_site} <= spots.keys()), key=lambda r: -r.mentorships)
    layers = _states() + _ropes() + _sites()
    rows = [(site.name, site.people, _tied_at(site.name, tied)) for site in sorted(sites, key=lambda s: -s.people)]
    headings = (columns[0], (columns[1], "number"), (columns[2], "number"))
    datasets = {
        "states": _outlines(),
        "ropes": _rope_lines(drawn[:ROPES_DRAWN], spots),
        "sites": _site_spots(sites, spots),
    }
    svg = render_chart(layers.properties(width=WIDTH, height=HEIGHT, padding=0), finding, datasets)
    return Figure(finding, svg, headings, tuple(rows), kind="map")


def _tied_at(name: str, ropes: Sequence[Rope]) -> int:
    return sum(rope.mentorships for rope in ropes if name in (rope.from_site, rope.to_site))


def _states() -> alt.Chart:
    data = dataset("states", format=alt.TopoDataFormat(type="topojson", feature="states"))
    chart: alt.Chart = alt.Chart(data).mark_geoshape(fill="#efe8db", stroke=PAPER, strokeWidth=1.2)
    return chart.project(type="identity", scale=1, translate=[0, 0])


@cache
def _outlines() -> dict[str, Any]:
    """The states, already projected, each border thinned to what shows at the size of a page."""
    topology: dict[str, Any] = json.loads(find_static("map/states.json").read_text())
    del topology["objects"]["nation"]
    tolerance = _TOLERANCE / topology["transform"]["scale"][0]
    topology["arcs"] = [_deltas(_thin(_positions(arc), tolerance)) for arc in topology["arcs"]]
    return topology


def _positions(arc: list[list[int]]) -> list[Point]:
    """TopoJSON writes each point as the step from the one before."""
    return list(accumulate(((x, y) for x, y in arc), lambda a, b: (a[0] + b[0], a[1] + b[1])))


def _deltas(points: list[Point]) -> list[Point]:
    return [points[0], *((b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points))]


def _thin(points: list[Point], tolerance: float) -> list[Point]:
    """Leaves out what is nearer than `tolerance` to the line of those kept (Ramer 1972, Douglas & Peucker 1973)."""
    if len(points) < 3:
        return points
    distance, at = max((_distance(p, points[0], points[-1]), i) for i, p in enumerate(points[1:-1], 1))
    if distance <= tolerance:
        return [points[0], points[-1]]
    return _thin(points[: at + 1], tolerance)[:-1] + _thin(points[at:], tolerance)


def _distance(point: Point, start: Point, end: Point) -> float:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = hypot(dx, dy)
    if length == 0:
        return hypot(point[0] - start[0], point[1] - start[1])
    return abs(dx * (point[1] - start[1]) - dy * (point[0] - start[0])) / length


def _x(field: str) -> alt.X:
    return alt.X(f"{field}:Q", axis=None, scale=alt.Scale(domain=[0, WIDTH], nice=False))


def _y(field: str) -> alt.Y:
    return alt.Y(f"{field}:Q", axis=None, scale=alt.Scale(domain=[HEIGHT, 0], nice=False))


def _rope_lines(ropes: Sequence[Rope], spots: dict[str, Spot]) -> list[dict[str, Any]]:
    return [
        {
            "type": "Feature",
            "mentorships": rope.mentorships,
            "geometry": {"type": "LineString", "coordinates": _hang(spots[rope.from_site], spots[rope.to_site])},
        }
        for rope in ropes
    ]


def _ropes() -> alt.Chart:
    """Shapes, one a rope: lines told apart by `detail` take the engine three times as long."""
    width = alt.StrokeWidth("mentorships:Q", legend=None, scale=alt.Scale(type="sqrt", range=[0.8, 4]))
    marks = alt.Chart(dataset("ropes")).mark_geoshape(filled=False, stroke=ROPE, strokeOpacity=0.62, strokeCap="round")
    chart: alt.Chart = marks.encode(strokeWidth=width).project(type="identity", scale=1, translate=[0, 0])
    return chart


def _hang(start: Spot, end: Spot) -> list[Spot]:
    """A rope between two spots that hangs a little: points of a quadratic curve."""
    slack = _SLACK * hypot(end[0] - start[0], end[1] - start[1])
    low = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2 + slack)
    return [_on_curve(start, low, end, step / _STEPS) for step in range(_STEPS + 1)]


def _on_curve(start: Spot, low: Spot, end: Spot, t: float) -> Spot:
    x, y = ((1 - t) ** 2 * a + 2 * t * (1 - t) * m + t**2 * b for a, m, b in zip(start, low, end, strict=True))
    return round(x, 1), round(y, 1)


def _site_spots(sites: Sequence[Site], spots: dict[str, Spot]) -> list[dict[str, float]]:
    shown = [(spots[site.name], site.people) for site in sites if site.name in spots]
    return [{"x": x, "y": y, "people": people} for (x, y), people in shown]


def _sites() -> alt.Chart:
    size = alt.Size("people:Q", legend=None, scale=alt.Scale(type="sqrt", zero=True, range=[0, 420]))
    marks = alt.Chart(dataset("sites")).mark_circle(color=PINE, opacity=0.9, stroke=PAPER, strokeWidth=1.2)
    chart: alt.Chart = marks.encode(x=_x("x"), y=_y("y"), size=size)
    return chart
