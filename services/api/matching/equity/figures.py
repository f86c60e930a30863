"""The fairness report as charts whose titles say the finding."""

from collections import Counter
from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

import altair as alt

from services.api.matching.equity.report import EquityReport, MenteeRow, MentorRow, Share
from services.api.matching.equity.wording import percent_words, share_words
from services.api.web.charts import INK, MUTED, PINE, ROPE, WIDTH, Figure, Finding, dataset, make_figure
from services.api.web.drawing import drawn_once
from services.api.web.translations import gettext as _
from services.api.web.translations import ngettext

MOST_BARS = 24
Named = tuple[str, MenteeRow]
Row = TypeVar("Row", MenteeRow, MentorRow)


def figures(run_id: UUID, report: EquityReport) -> list[Figure]:
    """Matched and mean score of mentees, load of mentors, by protected group; once, since a report never changes."""
    return drawn_once(("equity", run_id), lambda: _figures(report))


def _figures(report: EquityReport) -> list[Figure]:
    mentees = _named([(table.name, row) for table in report.protected for row in table.mentees])
    mentors = _named([(table.name, row) for table in report.protected for row in table.mentors])
    drawn = [_matched(report, mentees), _scores(report, mentees), _load(report, mentors)]
    return [figure for figure in drawn if figure is not None]


def _named(rows: Sequence[tuple[str, Row]]) -> list[tuple[str, Row]]:
    """Rows under their labels; one that several dimensions have is named with its dimension."""
    labels = Counter(row.label for _name, row in rows)
    return [(row.label if labels[row.label] == 1 else f"{row.label} · {name}", row) for name, row in rows]


def _matched(report: EquityReport, named: Sequence[Named]) -> Figure | None:
    if not named:
        return None
    usual = report.mentees.matched.low
    behind = [label for label, row in named if "matched" in row.differs and row.matched.high < usual]
    title = (
        ngettext("%(groups)s gets proposals less often than others", "%(groups)s get proposals less often than others",
                 len(behind)) % {"groups": ", ".join(behind[:3])}
        if behind
        else _("No group gets proposals clearly less often than all others")
    )  # fmt: skip
    told = _("For each group a dot at the share of mentees with a proposal, a line over its 95% interval, and a dashed"
             " line at everybody's share.")  # fmt: skip
    rows = [(label, _middle(row.matched), row.matched.interval_low, row.matched.interval_high) for label, row in named]
    table = [(label, share_words(row.matched), percent_words(row.matched)) for label, row in named]
    everybody = _middle(report.mentees.matched)
    return _intervals(Finding("matched", title, told), rows, everybody, table, (_("Share with a proposal"), ".0%"))


def _scores(report: EquityReport, named: Sequence[Named]) -> Figure | None:
    means = [(label, row.mean_score, row) for label, row in named if row.mean_score]
    if not means or not report.mentees.mean_score:
        return None
    behind = [label for label, mean, row in means
              if "mean_score" in row.differs and mean.value < report.mentees.mean_score.value]  # fmt: skip
    title = (
        ngettext("%(groups)s is matched less closely than others", "%(groups)s are matched less closely than others",
                 len(behind)) % {"groups": ", ".join(behind[:3])}
        if behind
        else _("No group is matched clearly less closely than all others")
    )  # fmt: skip
    told = _("For each group a dot at the mean score of its proposals, a line over its 95% interval, and a dashed line"
             " at everybody's mean.")  # fmt: skip
    rows = [(label, mean.value, mean.low, mean.high) for label, mean, _row in means]
    table = [(label, f"{mean.value:.2f}", f"{mean.low:.2f} \N{EN DASH} {mean.high:.2f}") for label, mean, _row in means]
    everybody = report.mentees.mean_score.value
    return _intervals(Finding("scores-by-group", title, told), rows, everybody, table, (_("Mean score"), ".2f"))


def _middle(share: Share) -> float:
    return (share.low + share.high) / 2


def _intervals(
    finding: Finding,
    rows: Sequence[tuple[str, float, float, float]],
    everybody: float,
    table: Sequence[tuple[str, str, str]],
    axis: tuple[str, str],
) -> Figure:
    """Dots with intervals, one line for each group, beside the value of everybody."""
    name, number_format = axis
    data = [{"group": label, "value": v, "low": low, "high": high} for label, v, low, high in rows[:MOST_BARS]]
    labels = alt.Axis(labelLimit=250, domain=False, labelColor=INK)
    base = alt.Chart(dataset()).encode(y=alt.Y("group:N", sort=None, title=None, axis=labels))
    across = alt.X("low:Q", title=name, axis=alt.Axis(format=number_format, tickCount=5), scale=alt.Scale(zero=False))
    spans = base.mark_rule(color=PINE, strokeWidth=3, opacity=0.45).encode(x=across, x2="high:Q")
    dots = base.mark_point(color=PINE, filled=True, opacity=1, size=90).encode(x="value:Q")
    line = alt.Chart(dataset("everybody")).mark_rule(color=ROPE, strokeWidth=2, strokeDash=[5, 4]).encode(x="value:Q")
    word = (
        alt.Chart(dataset("everybody")).mark_text(color=MUTED, baseline="bottom", dy=-2)
        .encode(x="value:Q", y=alt.value(0), text="label:N")
    )  # fmt: skip
    chart = (line + spans + dots + word).properties(width=WIDTH, height=max(60, 30 * len(data)))
    columns = (_("Group"), (name, "number"), (_("95% interval"), "number"))
    datasets = {"rows": data, "everybody": [{"value": everybody, "label": _("everybody")}]}
    return make_figure(chart, finding, columns, table, datasets)


def _load(report: EquityReport, named: Sequence[tuple[str, MentorRow]]) -> Figure | None:
    means = [(label, row.mentees_each, row) for label, row in named if row.mentees_each]
    usual = report.mentors.mentees_each
    if not means or usual is None:
        return None
    over = [label for label, mean, row in means if row.differs and mean.value > usual.value]
    title = (
        ngettext("%(groups)s carries more than its share", "%(groups)s carry more than their share", len(over))
        % {"groups": ", ".join(over[:3])}
        if over
        else _("No group of mentors carries clearly more than its share")
    )
    told = _("For each group of mentors a dot at the mentees that each is given, a line over the 95% interval of that"
             " mean, and a dashed line at everybody's.")  # fmt: skip
    rows = [(label, mean.value, mean.low, mean.high) for label, mean, _row in means]
    table = [(label, f"{mean.value:.1f}", f"{mean.low:.1f} \N{EN DASH} {mean.high:.1f}") for label, mean, _row in means]
    return _intervals(Finding("load-by-group", title, told), rows, usual.value, table, (_("Mentees each"), ".1f"))
