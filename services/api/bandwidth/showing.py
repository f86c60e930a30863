"""The year strip as a figure that says its finding, and the words around it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from markupsafe import Markup

from services.api.bandwidth import strip as drawing
from services.api.bandwidth.service import Overview
from services.api.bandwidth.strip import Load, Strip
from services.api.web import charts
from services.api.web.charts import Figure, Finding
from services.api.web.rendering import environment
from services.api.web.translations import format_date, format_number, ngettext
from services.api.web.translations import gettext as _
from shared.bandwidth import LONGEST_PAUSE_DAYS

Options = list[tuple[str, str, str]]
# Told apart by label and dash as well as by color.
FILLS = {"regular": "#bfe0d6", "rotation": "#d9e6c8", "nights": "#cfd6ea", "leave": charts.PAPER}


def occasions() -> Options:
    return [
        ("regular", _("Regular"), _("How it usually is.")),
        ("rotation", _("Rotation"), _("A busy block: fewer hours for a while.")),
        ("nights", _("Nights"), _("Night shifts.")),
        ("leave", _("Leave"), _("No hours at all.")),
    ]


def occasion_label(occasion: str) -> str:
    return next((label for value, label, _hint in occasions() if value == occasion), _("Nothing stated"))


def strip_figure(found: Overview) -> Figure:
    """The strip as the chart macro takes it: drawings, finding, and the same numbers as a table."""
    finding = Finding("year-strip", finding_of(found), _describe(found))
    narrow = _drawn(found.narrow, replace(finding, id="year-strip-narrow"))
    columns = (_("From"), _("To"), _("Occasion"), (_("Hours offered"), "number"), (_("Hours promised"), "number"))
    rows = tuple(_row(load) for load in found.strip.loads)
    return Figure(finding, _drawn(found.strip, finding), columns, rows, narrow=narrow)


def _drawn(strip: Strip, finding: Finding) -> Markup:
    template = environment().get_template("bandwidth/strip.svg")
    given = {"strip": strip, "finding": finding, "size": drawing, "label": occasion_label}
    return Markup(template.render(given | {"colors": charts, "fills": FILLS}))  # noqa: S704 — escapes by itself


def finding_of(found: Overview) -> str:
    """What the strip says, in one sentence."""
    overload = drawing.first_overload(found.strip.loads, timedelta(days=LONGEST_PAUSE_DAYS))
    if overload:
        return _("From %(day)s on you have promised more than you offer") % {"day": format_date(overload.first)}
    if found.room.commitments.active > found.room.slots:
        return _("You carry more mentorships than you have room for")
    if found.seat.participant.state == "paused":
        return _("You are paused: nobody new is proposed to you")
    free = found.room.free
    if free:
        said = ngettext("You have room for %(count)s more mentee", "You have room for %(count)s more mentees", free)
        return said % {"count": free}
    return _("All you offer is taken") if found.room.slots else _("You offer no time in this cycle yet")


def _describe(found: Overview) -> str:
    said = _("Hours a month for the next twelve months: what you offer by period, and drawn over it what you promised.")
    pause = _("Six weeks of less or nothing only pause a mentorship.")
    return f"{said} {pause}" if found.periods else said


def _row(load: Load) -> tuple[str, str, str, str, str]:
    promised = _number(load.promised)
    if load.held:
        promised = _("%(promised)s, %(held)s held") % {"promised": promised, "held": _number(load.held)}
    first, last = format_date(load.first), format_date(load.last)
    return first, last, occasion_label(load.occasion), _number(load.offered), promised


def _number(hours: Decimal) -> str:
    return format_number(hours)
