"""A card's charts; each title says what the card says."""

from typing import Any

import altair as alt

from services.api.learning.wording import interval
from services.api.matching.telling import feature_label
from services.api.web.charts import INK, MUTED, PINE, ROPE, WIDTH, Column, Figure, Finding, dataset, make_figure
from services.api.web.translations import format_number, format_percent
from services.api.web.translations import gettext as _
from shared.contracts.model_card import Calibration, LearnedWeight, ModelCard, Verdict


def figures(card: ModelCard) -> list[Figure]:
    """What there is to draw: nothing while there are too few pairs."""
    if card.verdict is Verdict.TOO_FEW:
        return []
    drawn = [weight_figure(card)]
    return [*drawn, calibration_figure(card.later.calibration)] if card.later else drawn


def weight_figure(card: ModelCard) -> Figure:
    """Hand-set and fitted weights, with what outcomes alone leave open."""
    told = _(
        "For each feature a diamond at the weight set by hand, a dot at the fitted weight, and a line over the 95 %"
        " interval of what the outcomes alone would say."
    )
    ordered = sorted(card.weights, key=lambda weight: -weight.hand_set)
    names = (_("Set by hand"), _("Fitted"))
    points = [
        {"feature": feature_label(w.feature), "series": name, "weight": value}
        for w in ordered for name, value in zip(names, (w.hand_set, w.fitted), strict=True)
    ]  # fmt: skip
    spans = [{"feature": feature_label(w.feature), "low": w.alone.low, "high": w.alone.high} for w in ordered]
    columns: tuple[Column, ...] = (
        _("Feature"), *((name, "number") for name in names), (_("Outcomes alone, 95 %"), "number"),
    )  # fmt: skip
    rows = [
        (feature_label(w.feature), format_number(w.hand_set, 2), format_number(w.fitted, 2), interval(w.alone))
        for w in ordered
    ]
    chart = _weights(names, len(ordered))
    return make_figure(
        chart, Finding("weights", _weight_title(card), told), columns, rows, {"points": points, "spans": spans}
    )  # fmt: skip


def _weights(names: tuple[str, str], count: int) -> alt.LayerChart:
    named = alt.Axis(labelLimit=220, domain=False, labelColor=INK, offset=10)
    side = alt.Y("feature:N", sort=None, title=None, axis=named)
    across = alt.Axis(domain=False, tickCount=6)
    lines = alt.Chart(dataset("spans")).mark_rule(strokeWidth=3, color=MUTED, opacity=0.55).encode(
        y=side, x=alt.X("low:Q", title=_("Weight"), axis=across), x2="high:Q"
    )
    scales: dict[str, Any] = {
        "color": alt.Color("series:N", title=None, scale=alt.Scale(domain=list(names), range=[ROPE, PINE])),
        "shape": alt.Shape("series:N", title=None, scale=alt.Scale(domain=list(names), range=["diamond", "circle"])),
    }
    dots = alt.Chart(dataset("points")).mark_point(filled=True, size=150, opacity=1).encode(
        y=side, x="weight:Q", **scales
    )
    chart: alt.LayerChart = (lines + dots).properties(width=WIDTH, height=max(120, 38 * count))
    return chart


def _weight_title(card: ModelCard) -> str:
    """Where outcomes clearly say otherwise than the hand-set weights, and what was made of it."""
    if not card.may_be_adopted:
        return _("The fit stays at the weights set by hand")
    apart = [w for w in card.weights if not w.alone.low <= w.hand_set <= w.alone.high]
    if card.verdict is Verdict.NO_SIGNAL:
        told = {"count": len(card.weights) - len(apart), "all": len(card.weights)}
        return _("%(count)s of %(all)s weights lie within what the outcomes leave open") % told
    moved = max(apart or card.weights, key=lambda w: abs(w.fitted - w.hand_set))
    words = {"feature": feature_label(moved.feature), **_from_to(moved)}
    if not apart:
        return _("No weight is clearly wrong; %(feature)s would move most, from %(before)s to %(after)s") % words
    if moved.fitted > moved.hand_set:
        return _("%(feature)s says more than its weight: %(after)s rather than %(before)s") % words
    return _("%(feature)s says less than its weight: %(after)s rather than %(before)s") % words


def _from_to(weight: LearnedWeight) -> dict[str, str]:
    return {"before": format_number(weight.hand_set, 2), "after": format_number(weight.fitted, 2)}


def calibration_figure(found: Calibration) -> Figure:
    """Foretold chances beside what happened on later pairs."""
    title = _("What was foretold is off by %(error)s on average") % {"error": format_percent(found.error, 1)}
    told = _(
        "Dots: for groups of later outcomes, the chance that was foretold and the share that came true, with 95 %"
        " intervals. On the diagonal, forecasts are right."
    )
    bins = [
        {"foretold": b.foretold, "happened": b.happened.value, "low": b.happened.low, "high": b.happened.high}
        for b in found.bins
    ]
    columns: tuple[Column, ...] = (
        (_("Foretold"), "number"), (_("Happened"), "number"), (_("95 % interval"), "number"), (_("Outcomes"), "number"),
    )  # fmt: skip
    rows = [
        (format_percent(b.foretold), format_percent(b.happened.value),
         f"{format_percent(b.happened.low)} \N{EN DASH} {format_percent(b.happened.high)}", b.count)
        for b in found.bins
    ]  # fmt: skip
    line = [{"foretold": 0.0, "happened": 0.0}, {"foretold": 1.0, "happened": 1.0}]
    return make_figure(
        _diagonal(), Finding("calibration", title, told), columns, rows, {"bins": bins, "line": line}
    )  # fmt: skip


def _diagonal() -> alt.LayerChart:
    shares = alt.Axis(format="%", domain=False, tickCount=5)
    scale = alt.Scale(domain=[0, 1])
    x = alt.X("foretold:Q", title=_("Foretold"), axis=shares, scale=scale)
    y = alt.Y("happened:Q", title=_("Happened"), axis=shares, scale=scale)
    right = alt.Chart(dataset("line")).mark_line(color=MUTED, strokeDash=[5, 5], strokeWidth=1.5).encode(x=x, y=y)
    spans = alt.Chart(dataset("bins")).mark_rule(color=PINE, strokeWidth=2).encode(
        x=x, y=alt.Y("low:Q", title=_("Happened"), axis=shares, scale=scale), y2="high:Q"
    )
    dots = alt.Chart(dataset("bins")).mark_point(filled=True, size=120, color=PINE, opacity=1).encode(x=x, y=y)
    chart: alt.LayerChart = (right + spans + dots).properties(width=WIDTH, height=300)
    return chart
