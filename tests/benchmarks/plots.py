"""Plots of measured figures, as SVG files: what `belay bench --plots FOLDER` draws."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np

from tests.benchmarks.figures import Figure

WIDTH, HEIGHT = 460, 280
TIMES = {
    ("assignment", "bare pass over all pairs"): "one bare pass",
    ("assignment", "certified optimum"): "cosines, certified",
    ("assignment", "verify"): "cosines, verify",
    ("nation", "certified optimum"): "all features, certified",
    ("default policy", "certified optimum"): "all features, default policy",
}
COURSES = {
    "assignment": "cosines", "nation": "all features", "default policy": "all features, default policy",
}  # fmt: skip
TICKS = [sign * 10**n for sign in (-1, 1) for n in range(1, 5)] + [0]
Chart = Any


def draw_plots(figures: Sequence[Figure], folder: Path) -> list[Path]:
    """One file per plot that the figures suffice for."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, draw in PLOTS.items():
        chart = draw(figures)
        if chart is not None:
            written.append(folder / f"bench-{name}.svg")
            chart.properties(width=WIDTH, height=HEIGHT).configure_view(stroke=None).save(str(written[-1]))
    return written


def pairs_of(instance: str) -> int:
    """1,000 × 300 → 300,000."""
    sides = [side.split(", ")[0].replace(",", "") for side in instance.split(" × ")]
    return int(sides[0]) * int(sides[1])


def _time(figures: Sequence[Figure]) -> Chart | None:
    """Seconds against pairs, both on log scales; the slope of each line is in its name (1 is linear)."""
    rows = []
    for (suite, what), name in TIMES.items():
        points = [(pairs_of(f.instance), f.value) for f in figures if (f.suite, f.what) == (suite, what)]
        if len(points) > 2:
            logs = np.log(np.array(points, np.float64))
            slope = float(np.polyfit(logs[:, 0], logs[:, 1], 1)[0])
            rows += [{"pairs": p, "seconds": s, "what": f"{name} (slope {slope:.2f})"} for p, s in points]
    return _lines(rows, "pairs", "seconds", log=True)


def _memory(figures: Sequence[Figure]) -> Chart | None:
    rows = [
        {"pairs": pairs_of(f.instance), "MB": f.value, "what": f.suite}
        for f in figures if f.what == "peak memory so far" and f.suite in {"assignment", "nation"}
    ]  # fmt: skip
    return _lines(rows, "pairs", "MB", log=True)


def _rounds(figures: Sequence[Figure]) -> Chart | None:
    rows = [
        {"pairs": pairs_of(f.instance), "rounds": f.value, "what": f.suite}
        for f in figures if f.what == "rounds" and f.suite in {"assignment", "nation", "default policy"}
    ]  # fmt: skip
    return _lines(rows, "pairs", "rounds", log=False)


def _course(figures: Sequence[Figure]) -> Chart | None:
    """How far bound and candidates are from the optimum, round by round, on the largest instance."""
    found = [f for f in figures if f.what.startswith("round ")]
    largest = max((pairs_of(f.instance) for f in found), default=0)
    rows = [
        {"round": int(f.what.split()[1].rstrip(":")), "from": f.value, "side": f.what.split(": ")[1],
         "what": COURSES[f.suite]}
        for f in found if pairs_of(f.instance) == largest
    ]  # fmt: skip
    if not rows:
        return None
    scale, title = alt.Scale(type="symlog", constant=1), "millionths of the optimum above (below) it"
    return _chart(rows).mark_line(point=True).encode(
        x=alt.X("round:O", title="round of column generation", axis=alt.Axis(labelAngle=0)),
        y=alt.Y("from:Q", title=title, scale=scale, axis=alt.Axis(values=TICKS)),
        color=_legend(), strokeDash=alt.StrokeDash("side:N", title=None, legend=alt.Legend(orient="bottom", columns=1)),
    )  # fmt: skip


def _lost(figures: Sequence[Figure]) -> Chart | None:
    end = ": lost of the optimum"
    rows = [
        {"pairs": pairs_of(f.instance), "% of the optimum lost": f.value, "what": f.what.removesuffix(end)}
        for f in figures if f.what.endswith(end)
    ]  # fmt: skip
    return _lines(rows, "pairs", "% of the optimum lost", log=False)


def _lines(rows: list[dict[str, Any]], x: str, y: str, *, log: bool) -> Chart | None:
    if not rows:
        return None
    scale = alt.Scale(type="log") if log else alt.Scale(zero=True)
    return _chart(rows).mark_line(point=True).encode(
        x=alt.X(f"{x}:Q", scale=alt.Scale(type="log"), axis=alt.Axis(format="~s")),
        y=alt.Y(f"{y}:Q", scale=scale), color=_legend(), strokeDash=alt.StrokeDash("what:N", legend=None),
    )  # fmt: skip


def _chart(rows: list[dict[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.Data(values=rows))  # type: ignore[no-untyped-call]


def _legend() -> alt.Color:
    return alt.Color("what:N", title=None, legend=alt.Legend(orient="bottom", columns=1, labelLimit=400))


def _arrivals(figures: Sequence[Figure]) -> Chart | None:
    rows = [
        {"share": float(f.what.split(",")[1].split("%")[0]), "ms": f.value, "what": f.instance}
        for f in figures if f.suite == "arrivals"
    ]  # fmt: skip
    if not rows:
        return None
    return _chart(rows).mark_line(point=True).encode(
        x=alt.X("ms:Q", title="milliseconds", scale=alt.Scale(zero=True)),
        y=alt.Y("share:Q", title="% of arrivals that are as quick"), color=_legend(),
    )  # fmt: skip


def _suggestions(figures: Sequence[Figure]) -> Chart | None:
    """Served and most asked per kind of list, as on the platform; one dot per seed and size."""
    found = [f for f in figures if f.suite == "suggestions" and "as on the platform" in f.what]
    rows = [
        {"lists": f.what.split(",")[0], "mentees": f.instance.split(" ×")[0], "value": f.value, "what": what}
        for what in ("served", "most asked / bandwidth") for f in found if f.what.endswith(f": {what}")
    ]  # fmt: skip
    if not rows:
        return None
    charts = [_dots([r for r in rows if r["what"] == what], title, log=log) for what, title, log in (
        ("served", "% of what can be served", False), ("most asked / bandwidth", "most asked / bandwidth", True))]
    return _Beside(alt.hconcat(*charts))


def _dots(rows: list[dict[str, Any]], title: str, *, log: bool) -> alt.Chart:
    scale = alt.Scale(type="log") if log else alt.Scale(zero=False)
    chart: alt.Chart = _chart(rows).mark_point().encode(
        x=alt.X("lists:N", title=None, axis=alt.Axis(labelAngle=0)), y=alt.Y("value:Q", title=title, scale=scale),
        color=alt.Color("mentees:N", title="mentees"), xOffset="mentees:N",
    ).properties(width=WIDTH // 2, height=HEIGHT)  # fmt: skip
    return chart


class _Beside:
    """Charts side by side keep their own sizes."""

    def __init__(self, chart: alt.HConcatChart) -> None:
        self.chart = chart

    def properties(self, **_sizes: int) -> alt.HConcatChart:
        return self.chart


PLOTS: dict[str, Callable[[Sequence[Figure]], Chart | None]] = {
    "time": _time, "memory": _memory, "rounds": _rounds, "course": _course, "lost": _lost, "arrivals": _arrivals,
    "suggestions": _suggestions,
}  # fmt: skip
