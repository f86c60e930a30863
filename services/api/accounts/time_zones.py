"""Time zones as people look for them: those of the United States first, by the names used there."""

from collections.abc import Callable
from functools import cache
from zoneinfo import available_timezones

from services.api.web.translations import gettext

_: Callable[[str], str] = str  # marks a name for the catalogs

UNITED_STATES = {
    "America/New_York": _("Eastern – New York"),
    "America/Detroit": _("Eastern – Detroit"),
    "America/Chicago": _("Central – Chicago"),
    "America/Denver": _("Mountain – Denver"),
    "America/Phoenix": _("Mountain without daylight saving – Phoenix"),
    "America/Los_Angeles": _("Pacific – Los Angeles"),
    "America/Anchorage": _("Alaska – Anchorage"),
    "Pacific/Honolulu": _("Hawaii – Honolulu"),
    "America/Puerto_Rico": _("Atlantic – Puerto Rico"),
    "Pacific/Guam": _("Chamorro – Guam"),
}
GROUPS = (_("United States"), _("Elsewhere"))
REGIONS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific", "UTC")

Options = list[tuple[str, list[tuple[str, str]]]]


def time_zone_options(chosen: str = "") -> Options:
    """Groups of (zone, label) for a select, in the reader's language; `chosen` is among them under whatever name."""
    is_other = chosen in available_timezones() and chosen not in UNITED_STATES and chosen not in _elsewhere()
    here = [(zone, gettext(name)) for zone, name in UNITED_STATES.items()]
    there = [(zone, zone.replace("_", " ")) for zone in (*([chosen] if is_other else []), *_elsewhere())]
    return list(zip(map(gettext, GROUPS), (here, there), strict=True))


def time_zone_name(zone: str) -> str:
    """One zone by the name that the list has for it."""
    return gettext(UNITED_STATES[zone]) if zone in UNITED_STATES else zone.replace("_", " ")


@cache
def _elsewhere() -> tuple[str, ...]:
    zones = (zone for zone in available_timezones() if zone.split("/")[0] in REGIONS)
    return tuple(sorted(zone for zone in zones if zone not in UNITED_STATES))
