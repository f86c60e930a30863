"""Invented national organizations, and the one program they own together.

The names are made up on purpose: no real society has a part in this demo, and every one of them says so.
"""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class DemoOrganization:
    name: str
    short_name: str


@dataclass(frozen=True)
class DemoProgram:
    slug: str
    name: str
    summary: str


@dataclass(frozen=True)
class DemoCycle:
    """One cohort: `opens_on` ≤ `starts_on` < `ends_on`."""

    name: str
    opens_on: date
    starts_on: date
    ends_on: date
    state: str


ORGANIZATIONS = (
    DemoOrganization("National Alliance for Emergency Care Mentoring (synthetic)", "Demo NAECM"),
    DemoOrganization("American Council of Resident Belayers (synthetic)", "Demo ACRB"),
    DemoOrganization("Society for Shared Paths in Medicine (synthetic)", "Demo SSPM"),
    DemoOrganization("Foundation for Rural and Tribal Trainees (synthetic)", "Demo FRTT"),
)

PROGRAM = DemoProgram(
    slug="shared-rope",
    name="Shared Rope, the national mentoring program (synthetic)",
    summary=(
        "Medical trainees from pre-med to fellowship, matched across institutions with residents, fellows and"
        " faculty who have walked the same path. Emergency medicine is at its heart; every specialty is welcome."
        " All people and organizations in it are invented."
    ),
)


def earlier_cycle(today: date) -> DemoCycle:
    """Last cohort: over since a good month, so that everything that can happen in a cycle has."""
    starts = today - timedelta(days=310)
    return DemoCycle(
        name=f"Pilot cohort, {starts:%B %Y}",
        opens_on=starts - timedelta(days=60),
        starts_on=starts,
        ends_on=today - timedelta(days=40),
        state="closed",
    )


def open_cycle(today: date) -> DemoCycle:
    """This cohort: everybody has come, nobody is matched yet."""
    starts = today + timedelta(days=21)
    return DemoCycle(
        name=f"Cohort {starts:%B %Y}",
        opens_on=today - timedelta(days=35),
        starts_on=starts,
        ends_on=starts + timedelta(days=270),
        state="open",
    )
