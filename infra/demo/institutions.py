"""Real United States teaching institutions: public facts only. Everybody placed in them by the demo is invented.

Coordinates are those of the main campus to about a kilometer; zones are IANA names.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).parent / "words" / "institutions.csv"


@dataclass(frozen=True)
class Institution:
    """One site. `group` names the enterprise it belongs to, if any; `weight` is its share of the people.

    `students`: whether it is a medical school, or a hospital that has residents only.
    """

    code: str
    name: str
    short_name: str
    city: str
    state: str
    latitude: float
    longitude: float
    time_zone: str
    group: str | None
    weight: int
    students: bool


@cache
def institutions() -> tuple[Institution, ...]:
    """All sites of the demo, in the order of the table."""
    with _TABLE.open(encoding="utf-8", newline="") as table:
        return tuple(_institution(row) for row in csv.DictReader(table))


def _institution(row: dict[str, str]) -> Institution:
    return Institution(
        code=row["code"],
        name=row["name"],
        short_name=row["short_name"],
        city=row["city"],
        state=row["state"],
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        time_zone=row["time_zone"],
        group=row["group"] or None,
        weight=int(row["weight"]),
        students=row["students"] == "yes",
    )


STATES: dict[str, str] = {
    "AK": "Alaska", "AL": "Alabama", "AR": "Arkansas", "AZ": "Arizona", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DC": "Washington, D.C.", "DE": "Delaware", "FL": "Florida", "GA": "Georgia", "HI": "Hawaii",
    "IA": "Iowa", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "KS": "Kansas", "KY": "Kentucky",
    "LA": "Louisiana", "MA": "Massachusetts", "MD": "Maryland", "ME": "Maine", "MI": "Michigan", "MN": "Minnesota",
    "MO": "Missouri", "MS": "Mississippi", "MT": "Montana", "NC": "North Carolina", "ND": "North Dakota",
    "NE": "Nebraska", "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NV": "Nevada", "NY": "New York",
    "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "PR": "Puerto Rico", "RI": "Rhode Island",
    "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VA": "Virginia",
    "VT": "Vermont", "WA": "Washington", "WI": "Wisconsin", "WV": "West Virginia", "WY": "Wyoming",
}
