"""The dashboard's charts; each title says what the numbers say."""

from services.api.dashboards.queries import Figures
from services.api.dashboards.survival import Step
from services.api.web.charts import Figure, Finding, StepPoint, paired_bars, survival
from services.api.web.drawing import drawn_once
from services.api.web.national_map import Rope, Site, national_map
from services.api.web.translations import format_percent, ngettext
from services.api.web.translations import gettext as _
from shared.vocabulary.specialties import SPECIALTIES
from shared.vocabulary.stages import Stage

SHOWN = 12
Gap = tuple[str, int, int]


def map_figure(sites: list[Figures], ropes: list[Figures]) -> Figure:
    """Institutions by size, mentorships between them as ropes; drawn anew when they have changed."""
    shown = tuple(tuple(one.values()) for one in (*sites, *ropes))
    return drawn_once(("map", shown), lambda: _map_figure(sites, ropes))


def _map_figure(sites: list[Figures], ropes: list[Figures]) -> Figure:
    across = sum(rope["mentorships"] for rope in ropes)
    title = ngettext(
        "%(count)s mentorship ties two of %(sites)s institutions",
        "%(count)s mentorships tie %(sites)s institutions together",
        across,
    ) % {"count": across, "sites": len(sites)}
    if not across:
        title = ngettext("People at %(sites)s institution", "People at %(sites)s institutions", len(sites))
        title %= {"sites": len(sites)}
    told = _("A map of the United States: a dot for each institution, larger with more people, and a rope for each"
             " pair of institutions with mentorships between them.")  # fmt: skip
    return national_map(
        Finding("map", title, told),
        [Site(s["name"], s["longitude"], s["latitude"], s["people"]) for s in sites],
        [Rope(r["one"], r["other"], r["mentorships"]) for r in ropes],
        (_("Institution"), _("People"), _("Mentorships with other institutions")),
    )


def wait_figure(curve: list[Step], median: int | None) -> Figure:
    """How long mentees wait, those who still wait included."""
    return drawn_once(("waits", tuple(curve)), lambda: _wait_figure(curve, median))


def _wait_figure(curve: list[Step], median: int | None) -> Figure:
    title = (
        ngettext(
            "After %(days)s day an estimated %(share)s still wait for their first mentor",
            "After %(days)s days an estimated %(share)s still wait for their first mentor",
            curve[-1].day,
        )
        % {"days": curve[-1].day, "share": format_percent(curve[-1].waiting)}
        if median is None
        else ngettext(
            "Half of all mentees have a mentor within %(days)s day",
            "Half of all mentees have a mentor within %(days)s days",
            median,
        )
        % {"days": median}
    )
    told = _("A line that falls from 100 % as mentees get their first mentor; those who still wait are counted.")
    points = [StepPoint(step.day, step.waiting) for step in curve]
    return survival(Finding("waits", title, told), points, (_("Days since registering"), _("Still waiting")))


def specialty_figure(rows: list[Gap]) -> Figure | None:
    """Free places and waiting mentees in the specialties where most people wait."""
    named = [(_(SPECIALTIES.get(key, key)), free, waiting) for key, free, waiting in rows if key]
    shown = sorted(named, key=lambda row: (-row[2], row[0]))[:SHOWN]
    if not shown:
        return None
    name, free, waiting = max(shown, key=lambda row: row[2] - row[1])
    title = (
        _("%(specialty)s is short of %(count)s places") % {"specialty": name, "count": waiting - free}
        if waiting > free
        else _("Every specialty has at least as many free places as waiting mentees")
    )
    told = _("Pairs of bars for each specialty: places that mentors still have free, and mentees who wait.")
    return paired_bars(
        Finding("specialties", title, told), shown, (_("Specialty"), _("Free places"), _("Waiting mentees"))
    )


def labeled_stages(rows: list[Gap]) -> list[Gap]:
    """(stage, waiting, free) in the order of career stages, by name."""
    order = {stage.value: n for n, stage in enumerate(Stage)}
    known = sorted((row for row in rows if row[0] in order), key=lambda row: order[row[0]])
    return [(_(Stage(key).label), waiting, free) for key, free, waiting in known]


def unnamed(rows: list[Gap]) -> int:
    """Waiting mentees who named no specialty: any mentor may fit."""
    return sum(waiting for key, _free, waiting in rows if not key)


def labeled_states(rows: list[Gap]) -> list[Gap]:
    """The rows with the greatest shortage first."""
    return sorted(rows, key=lambda row: (row[1] - row[2], row[0]))
