"""Time zones as people look for them: those of the United States first, by the names used there."""

from functools import cache
from zoneinfo import available_timezones

UNITED_STATES = (
    ("America/New_York", "Eastern – New York"),
    ("America/Chicago", "Central – Chicago"),
    ("America/Denver", "Mountain – Denver"),
    ("America/Phoenix", "Mountain without daylight saving – Phoenix"),
    ("America/Los_Angeles", "Pacific – Los Angeles"),
    ("America/Anchorage", "Alaska – Anchorage"),
    ("Pacific/Honolulu", "Hawaii – Honolulu"),
    ("America/Puerto_Rico", "Atlantic – Puerto Rico"),
    ("Pacific/Guam", "Chamorro – Guam"),
)
REGIONS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")

Options = list[tuple[str, list[tuple[str, str]]]]


@cache
def time_zone_options() -> Options:
    """Groups of (zone, label) for a select."""
    known = {zone for zone, _ in UNITED_STATES}
    elsewhere = sorted(zone for zone in available_timezones() if zone.split("/")[0] in REGIONS and zone not in known)
    return [
        ("United States", list(UNITED_STATES)),
        ("Elsewhere", [(zone, zone.replace("_", " ")) for zone in elsewhere]),
    ]
