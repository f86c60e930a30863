from datetime import datetime
from zoneinfo import ZoneInfo

from infra.demo.institutions import STATES, institutions
from infra.demo.organizations import ORGANIZATIONS, PROGRAM


def test_enough_real_institutions_each_only_once() -> None:
    places = institutions()
    assert len(places) >= 70
    assert len({place.code for place in places}) == len(places)
    assert len({(place.name, place.city) for place in places}) == len(places)
    assert len({place.state for place in places}) >= 40


def test_every_institution_lies_in_its_nation_and_time_zone() -> None:
    # Degrees west per hour behind UTC: a zone's institutions lie within about an hour and a half of it.
    for place in institutions():
        assert 17 < place.latitude < 62, place
        assert -158 < place.longitude < -65, place
        assert place.state in STATES
        winter = ZoneInfo(place.time_zone).utcoffset(_winter_noon())
        assert winter is not None
        assert abs(place.longitude / 15 - winter.total_seconds() / 3600) < 1.6, place


def test_the_three_sites_of_one_enterprise_are_a_group() -> None:
    states = {place.state for place in institutions() if place.group == "Mayo Clinic"}
    assert states == {"AZ", "FL", "MN"}


def test_owners_and_program_say_that_they_are_synthetic() -> None:
    assert len(ORGANIZATIONS) >= 3
    for name in (*(organization.name for organization in ORGANIZATIONS), PROGRAM.name):
        assert "synthetic" in name


def _winter_noon() -> datetime:
    return datetime(2026, 1, 15, 12)  # noqa: DTZ001 — the wall clock whose offset is asked for
