"""Calendar invites: the right moment in any zone, one event through all its changes, nothing to stumble over."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from icalendar import Calendar

from services.notifier.invites import Attendee, Invite, calendar_of

MEETING = UUID("5d1f9e5e-5a60-4a0e-9a3e-0f2f6a5b7c11")
ZONES = ["America/New_York", "America/Chicago", "America/Phoenix", "America/Anchorage", "Pacific/Honolulu", "UTC"]
INVITE = Invite(
    meeting_id=MEETING,
    starts_at=datetime(2026, 3, 10, 22, 30, tzinfo=UTC),
    minutes=45,
    zone="America/Chicago",
    summary="Zoë · Alex: Climb Together",
    description="https://belay.example.org/mentorships/1",
    place="Room 4; second floor, left",
    sequence=0,
    canceled=False,
    organizer=Attendee("Belay", "belay@example.org"),
    attendees=(
        Attendee("Zoë O'Brien, MD", "zoe@example.org", came_up_with_it=True),
        Attendee("Alex Mentor", "alex@example.org"),
    ),
    stamped_at=datetime(2026, 3, 1, 12, tzinfo=UTC),
)


def parsed(invite: Invite) -> Any:
    """The calendar object as another program reads it."""
    return Calendar.from_ical(calendar_of(invite))


def event_of(invite: Invite) -> Any:
    (event,) = parsed(invite).walk("VEVENT")
    return event


def test_a_request_says_what_calendars_need() -> None:
    calendar = parsed(INVITE)
    event = event_of(INVITE)
    assert calendar["METHOD"] == "REQUEST"
    assert calendar["VERSION"] == "2.0"
    assert event["UID"] == f"{MEETING}@belay"
    assert event["STATUS"] == "CONFIRMED"
    assert event["SEQUENCE"] == 0
    assert event["LOCATION"] == "Room 4; second floor, left"
    assert event["ORGANIZER"] == "mailto:belay@example.org"


def test_a_cancellation_is_a_later_word_on_the_same_event() -> None:
    canceled = replace(INVITE, canceled=True, sequence=1)
    event = event_of(canceled)
    assert parsed(canceled)["METHOD"] == "CANCEL"
    assert event["UID"] == event_of(INVITE)["UID"]
    assert event["STATUS"] == "CANCELLED"
    assert event["SEQUENCE"] == 1


def test_who_came_up_with_the_meeting_has_accepted_it() -> None:
    attendees = {str(one): one.params["PARTSTAT"] for one in event_of(INVITE)["ATTENDEE"]}
    assert attendees == {"mailto:zoe@example.org": "ACCEPTED", "mailto:alex@example.org": "NEEDS-ACTION"}


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "starts_at",
    [
        datetime(2026, 3, 8, 6, 30, tzinfo=UTC),  # hours before the clocks go forward in North America …
        datetime(2026, 3, 8, 7, 30, tzinfo=UTC),  # … while they do, in Chicago …
        datetime(2026, 3, 8, 16, 30, tzinfo=UTC),  # … and after
        datetime(2026, 11, 1, 5, 30, tzinfo=UTC),  # hours before they go back …
        datetime(2026, 11, 1, 6, 30, tzinfo=UTC),  # … in the hour that New York has twice …
        datetime(2026, 11, 1, 17, 30, tzinfo=UTC),  # … and after
        datetime(2026, 12, 31, 23, 30, tzinfo=UTC),
    ],
)
def test_the_moment_is_right_in_every_zone_and_across_changes_of_the_clocks(zone: str, starts_at: datetime) -> None:
    invite = replace(INVITE, zone=zone, starts_at=starts_at)
    (shown,) = recurring_ical_events.of(parsed(invite)).between(date(2026, 1, 1), date(2027, 2, 1))
    assert shown["DTSTART"].dt.astimezone(UTC) == starts_at
    assert event_of(invite)["DTEND"].dt.astimezone(UTC) == starts_at + timedelta(minutes=45)


@pytest.mark.parametrize("zone", ZONES[:-1])
def test_the_zone_inside_the_invite_agrees_with_the_worlds(zone: str) -> None:
    (written,) = parsed(replace(INVITE, zone=zone)).walk("VTIMEZONE")
    assert written["TZID"] == zone
    inside = written.to_tz(lookup_tzid=False)
    for day in range(-200, 200, 7):
        at = (INVITE.starts_at + timedelta(days=day)).replace(tzinfo=None)
        assert at.replace(tzinfo=inside).utcoffset() == at.replace(tzinfo=ZoneInfo(zone)).utcoffset()


def test_an_invite_is_small_and_its_lines_are_folded() -> None:
    lines = calendar_of(INVITE).split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert len(lines) < 60


def test_a_meeting_without_a_place_has_no_empty_location() -> None:
    assert "LOCATION" not in event_of(replace(INVITE, place=""))
