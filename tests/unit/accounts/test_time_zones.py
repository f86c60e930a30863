"""One list of time zones, in the reader's language."""

from zoneinfo import available_timezones

from services.api.accounts.time_zones import time_zone_name, time_zone_options
from services.api.web.translations import reading_as


def zones(chosen: str = "") -> list[str]:
    return [zone for _group, options in time_zone_options(chosen) for zone, _label in options]


def test_each_zone_stands_once_and_is_one_that_forms_take() -> None:
    assert len(zones()) == len(set(zones()))
    assert set(zones()) <= available_timezones()
    assert {"America/New_York", "Asia/Kolkata", "UTC"} <= set(zones())


def test_a_zone_kept_under_another_name_stays_to_be_chosen() -> None:
    assert "US/Eastern" not in zones()
    assert sorted(zones("US/Eastern")) == sorted([*zones(), "US/Eastern"])
    assert zones("Mars/Olympus") == zones("") == zones("Asia/Kolkata")


def test_the_groups_speak_the_readers_language() -> None:
    with reading_as("es"):
        assert [group for group, _options in time_zone_options()] == ["Estados Unidos", "Otros lugares"]
    with reading_as("fr"):
        assert [group for group, _options in time_zone_options()] == ["États-Unis", "Ailleurs"]


def test_a_zone_is_called_as_the_list_calls_it() -> None:
    listed = {zone: label for _group, options in time_zone_options() for zone, label in options}
    assert all(time_zone_name(zone) == label for zone, label in listed.items())
    assert time_zone_name("America/Denver") == "Mountain – Denver"
    assert not time_zone_name("")
