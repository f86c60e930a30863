"""Wherever a time zone is asked for, the same ones can be chosen, by the same names."""

import re

from tests.factories.browser import Browser
from tests.factories.cast import Cast


def offered(page: str) -> list[tuple[str, str]]:
    field = page.partition('id="field-time_zone"')[2].partition("</select>")[0]
    return re.findall(r'<option value="([^"]+)"[^>]*>([^<]+)</option>', field)


def test_settings_week_and_profile_offer_one_list_of_time_zones(mentee: Browser, cast: Cast) -> None:
    place = f"/profile/{cast.participants['mentee'].id}/place"  # the step of the registration, too
    lists = [offered(mentee.page(path)) for path in ("/settings", "/availability", place)]
    assert len(lists[0]) > 300
    assert ("America/New_York", "Eastern – New York") in lists[0]
    assert lists[0] == lists[1] == lists[2]
