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
from services.api.web.charts import PAPER, PINE, ROPE, Figure, Finding, inline_data, make_figure

ROPES_DRAWN = 150
_STEPS = 14
_SLACK = 0.14
_TOLERANCE_DEGREES = 0.06

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
    """Draws every institution and the heaviest ropes; the table lists every institution."""
    by_name = {site.name: site for site in sites}
    tied = sorted((r for r in ropes if r.from_site != r.to_site), key=lambda r: -r.mentorships)[:ROPES_DRAWN]
    drawn = [_curve(by_name[rope.from_site], by_name[rope.to_site], rope.mentorships) for rope in tied]
    chart = (_states() + _ropes(drawn) + _sites(sites)).project("albersUsa").properties(width=820, height=500)
    rows = [(site.name, site.people, _tied_at(site.name, ropes)) for site in sorted(sites, key=lambda s: -s.people)]
    return make_figure(chart, finding, (columns[0], (columns[1], "number"), (columns[2], "number")), rows)


def _tied_at(name: str, ropes: Sequence[Rope]) -> int:
    return sum(r.mentorships for r in ropes if name in (r.from_site, r.to_site) and r.from_site != r.to_site)


@cache
def _outlines() -> dict[str, Any]:
    """The states, each border thinned to what shows at the size of a page."""
    topology: dict[str, Any] = json.loads(find_static("map/states.json").read_text())
    del topology["objects"]["nation"]
    tolerance = _TOLERANCE_DEGREES / topology["transform"]["scale"][0]
    topology["arcs"] = [_deltas(_thin(_positions(arc), tolerance)) for arc in topology["arcs"]]
    return topology


def _positions(arc: list[list[int]]) -> list[Point]:
    """TopoJSON writes each point as the step from the one before."""
    return list(accumulate(((x, y) for x, y in arc), lambda a, b: (a[0] + b[0], a[1] + b[1])))


def _deltas(points: list[Point]) -> list[Point]:
    return [points[0], *((b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points))]


def _thin(points: list[Point], tolerance: float) -> list[Point]:
    """Leaves out points nearer than `tolerance` to the line through those kept (Ramer 1972, Douglas & Peucker 1973)."""
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


def _states() -> alt.Chart:
    data = inline_data(_outlines(), format=alt.TopoDataFormat(type="topojson", feature="states"))
    chart: alt.Chart = alt.Chart(data).mark_geoshape(fill="#efe8db", stroke=PAPER, strokeWidth=1)
    return chart


def _curve(start: Site, end: Site, mentorships: int) -> dict[str, Any]:
    """A rope that hangs a little, as a line of points on a quadratic curve."""
    dx, dy = end.longitude - start.longitude, end.latitude - start.latitude
    middle = (start.longitude + dx / 2, start.latitude + dy / 2 - _SLACK * (dx * dx + dy * dy) ** 0.5)
    steps = [i / _STEPS for i in range(_STEPS + 1)]
    line = [
        [(1 - t) ** 2 * a + 2 * t * (1 - t) * m + t**2 * b for a, m, b in zip(
            (start.longitude, start.latitude), middle, (end.longitude, end.latitude), strict=True)]
        for t in steps
    ]
    geometry = {"type": "LineString", "coordinates": line}
    return {"type": "Feature", "geometry": geometry, "properties": {"mentorships": mentorships}}


def _ropes(features: list[dict[str, Any]]) -> alt.Chart:
    width = alt.StrokeWidth("properties.mentorships:Q", legend=None, scale=alt.Scale(type="sqrt", range=[0.7, 4]))
    chart: alt.Chart = alt.Chart(inline_data(features)).mark_geoshape(
        filled=False, stroke=ROPE, strokeOpacity=0.6, strokeCap="round"
    ).encode(strokeWidth=width)
    return chart


def _sites(sites: Sequence[Site]) -> alt.Chart:
    data = [{"longitude": s.longitude, "latitude": s.latitude, "people": s.people} for s in sites if _is_drawn(s)]
    size = alt.Size("people:Q", legend=None, scale=alt.Scale(type="sqrt", zero=True, range=[0, 420]))
    marks = alt.Chart(inline_data(data)).mark_circle(color=PINE, opacity=0.85, stroke=PAPER, strokeWidth=1)
    chart: alt.Chart = marks.encode(longitude="longitude:Q", latitude="latitude:Q", size=size)
    return chart


def _is_drawn(site: Site) -> bool:
    """The projection shows the fifty states; the territories stand in the table alone."""
    in_the_caribbean = site.longitude > -68 and site.latitude < 20
    west_of_alaska = site.longitude > 0
    return not in_the_caribbean and not west_of_alaska
