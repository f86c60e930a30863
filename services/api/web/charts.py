"""Charts: Vega-Lite specifications, drawn on the server as SVG that needs no script and no inline style.

Every chart becomes a `Figure`: a title that says the finding, words for those who can't see it, the drawing, and the
numbers as a table. `components/chart.html` puts a figure on the page.
"""

import json
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from html import escape
from itertools import pairwise
from typing import Any, Literal

import altair as alt
from markupsafe import Markup

from services.api.web.drawing import draw

Cell = str | int | float
Column = str | tuple[str, str]
AnyChart = alt.Chart | alt.LayerChart | alt.FacetChart
WIDTH, NARROW = 620, 270
TALLER = 1.7
LONGEST_LABEL = 280  # no name of a specialty or of a reason is cut
Json = dict[str, Any]

INK = "#1d2b29"
MUTED = "#6f685c"
LINE = "#e6dfd2"
PINE = "#1e5b53"
PINE_LIGHT = "#8fbdb3"
ROPE = "#cf8a34"
ROPE_DARK = "#96560f"
PAPER = "#faf7f1"
# Told apart by lightness as well as hue; the charts add shape, dash or label, never color alone.
SERIES = (PINE, ROPE, "#4b8ca3", "#a8321f", PINE_LIGHT, "#59534a")
FONT = "'Public Sans Web', 'Public Sans', Arial, sans-serif"

_AXIS = {
    "labelColor": MUTED, "titleColor": MUTED, "labelFontSize": 14, "titleFontSize": 14, "titleFontWeight": 400,
    "gridColor": LINE, "domainColor": LINE, "tickColor": LINE, "labelPadding": 6, "titlePadding": 10, "ticks": False,
}
_ABOVE = {"labelAlign": "left", "labelPadding": 0, "labelLimit": NARROW}
THEME: dict[str, Any] = {
    "background": "transparent",
    "font": FONT,
    "padding": {"left": 16, "right": 4, "top": 4, "bottom": 4},  # the fonts measured here run narrower
    "view": {"stroke": None},
    "axis": _AXIS,
    "legend": {
        "labelColor": INK, "titleColor": MUTED, "labelFontSize": 14, "titleFontSize": 14, "titleFontWeight": 400,
        "orient": "top", "symbolSize": 140, "labelLimit": 0,
    },
    "bar": {"color": PINE, "cornerRadiusEnd": 4},
    "line": {"color": PINE},
    "text": {"color": INK, "fontSize": 14},
    "range": {"category": list(SERIES)},
}


@dataclass(frozen=True)
class Finding:
    """What a chart says: `title` states the finding, `description` tells the drawing in words.

    `id` names the chart on its page and must be unique there.
    """

    id: str
    title: str
    description: str = ""


@dataclass(frozen=True)
class Figure:
    """A chart as the page shows it, `narrow` on a phone. `columns` and `rows` are those of `data_table`."""

    finding: Finding
    svg: Markup
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    kind: Literal["chart", "map"] = "chart"
    narrow: Markup | None = None


def dataset(name: str = "rows", **options: Any) -> alt.NamedData:
    """Data that a chart names and `make_figure` brings; altair would check each value of inline data, slowly."""
    return alt.NamedData(name=name, **options)


def render_chart(chart: AnyChart, finding: Finding, datasets: Mapping[str, Any]) -> Markup:
    """The chart as an SVG image that has a name and a description. `datasets` holds what `dataset` names."""
    return _rendered(_spec_of(chart, datasets), finding)


def _spec_of(chart: AnyChart, datasets: Mapping[str, Any]) -> Json:
    spec: Json = chart.to_dict(validate=False)
    spec["datasets"] = datasets
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    spec["config"] = {**spec.get("config", {}), **THEME}
    return spec


def _rendered(spec: Json, finding: Finding) -> Markup:
    return Markup(_name(draw(json.dumps(spec)), finding))  # noqa: S704 — drawn here, the names escaped


def _narrowed(spec: Json) -> Json:
    """The same chart as wide as a phone: names of categories stand above their marks, not beside them."""
    narrow: Json = deepcopy(spec)
    narrow["width"] = NARROW
    for part in (narrow, *narrow.get("layer", ())):
        encoding = part.get("encoding", {})
        if encoding.get("y", {}).get("type") == "nominal":
            offset = -27 if "yOffset" in encoding else -17
            encoding["y"]["axis"] = {**(encoding["y"].get("axis") or {}), **_ABOVE, "labelOffset": offset}
            narrow["height"] = round(spec["height"] * TALLER)
        if encoding.get("x", {}).get("axis"):
            encoding["x"]["axis"] |= {"labelOverlap": True, "tickCount": 4}
        if "yOffset" in encoding:
            encoding["yOffset"]["scale"] = {"paddingOuter": 0.9}
        elif isinstance(part.get("mark"), dict) and "height" in part["mark"]:
            part["mark"]["height"] = {"band": 0.4}
    return narrow


_CLIP_NAMES = re.compile(r'(id="|url\(#)clip')


def _name(svg: str, finding: Finding) -> str:
    """Gives the image its name, and its size by its view box so that it scales with the page."""
    head, _, body = svg.partition(">")
    view_box = re.search(r'viewBox="[^"]+"', head)
    names = [("title", finding.title), ("desc", finding.description)]
    told = [(tag, f"{finding.id}-{tag}", text) for tag, text in names if text]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="b-chart__svg" {view_box.group() if view_box else ""}'
        f' role="img" aria-labelledby="{" ".join(name for _, name, _ in told)}">'
        + "".join(f'<{tag} id="{name}">{escape(text)}</{tag}>' for tag, name, text in told)
        + _CLIP_NAMES.sub(rf"\1{finding.id}-clip", body)
    )


def bars(
    finding: Finding,
    rows: Sequence[tuple[str, float]],
    names: tuple[str, str],
    number_format: str = ",.0f",
    highlight: str | None = None,
) -> Figure:
    """Horizontal bars in the order given, each with its number; `highlight` names one bar to stand out.

    `names` are those of the category and of the number.
    """
    data = [{"category": name, "value": number, "lit": name == highlight} for name, number in rows]
    base = alt.Chart(dataset()).encode(y=_categories(), x=_measure([number for _, number in rows]))
    color = alt.Color("lit:N", legend=None, scale=alt.Scale(domain=[False, True], range=[PINE, ROPE]))
    drawn = base.mark_bar(height={"band": 0.72}).encode(color=color)
    numbers = base.mark_text(align="left", dx=6).encode(text=alt.Text("value:Q", format=number_format))
    chart = (drawn + numbers).properties(width=WIDTH, height=max(60, 30 * len(rows)))
    table = [(name, f"{number:{number_format}}") for name, number in rows]
    return make_figure(chart, finding, (names[0], (names[1], "number")), table, {"rows": data})


def _measure(values: Sequence[float]) -> alt.X:
    """The length of bars, with room for the longest one's number behind it."""
    return alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, 1.12 * max(values, default=0) or 1], nice=False))


def _categories() -> alt.Y:
    axis = alt.Axis(labelLimit=LONGEST_LABEL, domain=False, labelColor=INK)
    return alt.Y("category:N", sort=None, title=None, axis=axis)


def paired_bars(
    finding: Finding, rows: Sequence[tuple[str, float, float]], names: tuple[str, str, str]
) -> Figure:
    """Two bars for each category, such as mentor hours open and mentees waiting.

    `names` are those of the category, of the first and of the second number.
    """
    category, *pair = names
    data = [
        {"category": name, "series": series, "value": number}
        for name, *both in rows
        for series, number in zip(pair, both, strict=True)
    ]
    offset = alt.YOffset("series:N", sort=pair)
    across = _measure([number for _, *both in rows for number in both])
    base = alt.Chart(dataset()).encode(y=_categories(), yOffset=offset, x=across)
    scale = alt.Scale(domain=pair, range=[PINE, ROPE])
    drawn = base.mark_bar().encode(color=alt.Color("series:N", title=None, sort=pair, scale=scale))
    numbers = base.mark_text(align="left", dx=5, fontSize=12).encode(text=alt.Text("value:Q", format=",.0f"))
    chart = (drawn + numbers).properties(width=WIDTH, height=max(80, 44 * len(rows)))
    return make_figure(chart, finding, (category, *((name, "number") for name in pair)), rows, {"rows": data})


def histogram(
    finding: Finding,
    values: Sequence[float],
    names: tuple[str, str],
    edges: Sequence[float],
    number_format: str = ".2f",
) -> Figure:
    """How values are spread over the bins between `edges` (ascending); the last bin includes its upper edge.

    `names` are those of the value and of the count.
    """
    return counted_histogram(finding, _count_into(values, edges), names, number_format)


def counted_histogram(
    finding: Finding, bins: Sequence[tuple[float, float, int]], names: tuple[str, str], number_format: str = ".2f"
) -> Figure:
    """The same for bins that are counted already: (lower, upper, count), touching and ascending."""
    edges = [bins[0][0], *(high for _, high, _ in bins)]
    data = [{"low": low, "high": high, "count": n} for low, high, n in bins]
    across = alt.Axis(values=edges, format=number_format, grid=False)
    upward = alt.Axis(tickMinStep=1, tickCount=5, domain=False)
    scale = alt.Scale(domain=[edges[0], edges[-1]], nice=False)
    chart = alt.Chart(dataset()).mark_rect(color=PINE, xOffset=1, x2Offset=-1).encode(
        x=alt.X("low:Q", title=names[0], axis=across, scale=scale),
        x2="high",
        y=alt.Y("count:Q", title=names[1], axis=upward, scale=alt.Scale(zero=True)),
        y2=alt.datum(0),
    ).properties(width=WIDTH, height=220)
    rows = [(f"{low:{number_format}} \N{EN DASH} {high:{number_format}}", n) for low, high, n in bins]
    return make_figure(chart, finding, (names[0], (names[1], "number")), rows, {"rows": data})


def _count_into(values: Sequence[float], edges: Sequence[float]) -> list[tuple[float, float, int]]:
    last = edges[-1]
    return [
        (low, high, sum(low <= v < high or (high == last and v == last) for v in values))
        for low, high in pairwise(edges)
    ]


@dataclass(frozen=True)
class MonthLoad:
    """One month of a mentor's or a program's year, in hours."""

    label: str
    offered: float
    promised: float


def year_load(finding: Finding, months: Sequence[MonthLoad], names: tuple[str, str, str], unit: str) -> Figure:
    """The year as a strip: what is promised each month, drawn inside what is offered.

    `names` are those of the month, of what is offered and of what is promised; `unit` labels the axis.
    """
    series = list(names[1:])
    data = [{"month": m.label, "offered": m.offered, "promised": m.promised} for m in months]
    axis = alt.Axis(labelAngle=0, domain=False)
    base = alt.Chart(dataset()).encode(x=alt.X("month:O", sort=None, title=None, axis=axis))
    chart = _load_bars(base, "offered", series, unit, 0.94) + _load_bars(base, "promised", series, unit, 0.5)
    rows = [(m.label, m.offered, m.promised) for m in months]
    columns: tuple[Column, ...] = (names[0], *((name, "number") for name in series))
    return make_figure(chart.properties(width=WIDTH, height=180), finding, columns, rows, {"rows": data})


def _load_bars(base: alt.Chart, measure: str, series: list[str], unit: str, width: float) -> alt.Chart:
    name = series[0] if measure == "offered" else series[1]
    axis = alt.Axis(tickCount=4, tickMinStep=1, domain=False)
    drawn = base.mark_bar(width={"band": width}, cornerRadiusEnd=3).transform_calculate(name=json.dumps(name))
    chart: alt.Chart = drawn.encode(
        y=alt.Y(f"{measure}:Q", title=unit, axis=axis),
        color=alt.Color("name:N", title=None, scale=alt.Scale(domain=series, range=[PINE_LIGHT, PINE])),
    )
    return chart


@dataclass(frozen=True)
class StepPoint:
    """A survival estimate from `day` on: the share for whom it has not happened yet."""

    day: float
    share: float
    group: str = ""


def survival(finding: Finding, points: Sequence[StepPoint], names: tuple[str, str]) -> Figure:
    """Step lines of the share still waiting, one for each group, told apart by color and dash.

    `names` are those of the day and of the share.
    """
    groups = list(dict.fromkeys(point.group for point in points))
    legend = alt.Legend(title=None) if len(groups) > 1 else None
    data = [{"day": p.day, "share": p.share, "group": p.group} for p in points]
    shares = alt.Axis(format="%", domain=False, tickCount=5)
    chart = alt.Chart(dataset()).mark_line(interpolate="step-after", strokeWidth=2.5).encode(
        x=alt.X("day:Q", title=names[0], axis=alt.Axis(grid=False, tickMinStep=1)),
        y=alt.Y("share:Q", title=names[1], scale=alt.Scale(domain=[0, 1]), axis=shares),
        color=alt.Color("group:N", legend=legend, scale=alt.Scale(domain=groups, range=list(SERIES))),
        strokeDash=alt.StrokeDash("group:N", legend=legend, scale=alt.Scale(domain=groups)),
    ).properties(width=WIDTH, height=240)
    return make_figure(chart, finding, *_survival_table(points, names, grouped=len(groups) > 1), {"rows": data})


def _survival_table(
    points: Sequence[StepPoint], names: tuple[str, str], *, grouped: bool
) -> tuple[tuple[Column, ...], list[tuple[Cell, ...]]]:
    columns: tuple[Column, ...] = ((names[0], "number"), (names[1], "number"))
    if not grouped:
        return columns, [(p.day, f"{p.share:.0%}") for p in points]
    return ("", *columns), [(p.group, p.day, f"{p.share:.0%}") for p in points]


def make_figure(
    chart: AnyChart,
    finding: Finding,
    columns: tuple[Column, ...],
    rows: Sequence[tuple[Cell, ...]],
    datasets: Mapping[str, Any],
) -> Figure:
    """Draws a chart of one's own, whose data are `dataset(name)`; the charts above end here too."""
    spec = _spec_of(chart, datasets)
    narrow = _rendered(_narrowed(spec), replace(finding, id=f"{finding.id}-narrow"))
    return Figure(finding, _rendered(spec, finding), columns, tuple(rows), narrow=narrow)


def warm_up() -> None:
    """Starts the drawing engine, half a second that the first visitor of a dashboard need not wait."""
    bars(Finding("warm-up", "Warm-up"), [("One", 1)], ("Name", "Number"))
