"""Calendar invites (RFC 5545, RFC 5546 iTIP) that Outlook, Google and Apple take: stable UID, SEQUENCE, METHOD."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from typing import Self
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

# How far around a meeting its zone is spelled out: each change of the clocks that can matter, not a century of them.
A_YEAR = timedelta(days=366)


@dataclass(frozen=True)
class Attendee:
    """A person with an address; who came up with the meeting has accepted it already."""

    name: str
    email: str
    came_up_with_it: bool = False

    @classmethod
    def parse(cls, written: str) -> Self:
        """From `Name <address>`."""
        return cls(*parseaddr(written))


@dataclass(frozen=True)
class Invite:
    """A meeting as a calendar object. `starts_at` is aware; `zone` is the reader's.

    The organizer is Belay itself, which sends the invite: calendars distrust an organizer who is not the sender, and
    a person who is organizer of an invite they receive is offered nothing to accept.
    """

    meeting_id: UUID
    starts_at: datetime
    minutes: int
    zone: str
    summary: str
    description: str
    place: str
    sequence: int
    canceled: bool
    organizer: Attendee
    attendees: tuple[Attendee, ...]
    stamped_at: datetime

    @property
    def method(self) -> str:
        return "CANCEL" if self.canceled else "REQUEST"


def calendar_of(invite: Invite) -> bytes:
    """The text/calendar body, with the time zone's own daylight-saving rules inside."""
    calendar = Calendar()
    calendar.add("prodid", "-//Belay//Mentoring//EN")
    calendar.add("version", "2.0")
    calendar.add("method", invite.method)
    calendar.add_component(_event(invite))
    day = invite.starts_at.date()
    calendar.add_missing_timezones(first_date=day - A_YEAR, last_date=day + A_YEAR)
    return bytes(calendar.to_ical())


def _event(invite: Invite) -> Event:
    start, end = _times(invite)
    event = Event()
    event.add("uid", f"{invite.meeting_id}@belay")
    event.add("sequence", invite.sequence)
    event.add("dtstamp", invite.stamped_at)
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", invite.summary)
    event.add("description", invite.description)
    event.add("status", "CANCELLED" if invite.canceled else "CONFIRMED")
    if invite.place:
        event.add("location", invite.place)
    event.add("organizer", _address(invite.organizer), encode=False)
    for attendee in invite.attendees:
        event.add("attendee", _invited(attendee), encode=False)
    return event


def _times(invite: Invite) -> tuple[datetime, datetime]:
    """Start and end by the clocks of the zone; in UTC around the hour that comes twice, which no calendar can tell."""
    start = invite.starts_at.astimezone(UTC)
    end = start + timedelta(minutes=invite.minutes)
    there = start.astimezone(ZoneInfo(invite.zone)), end.astimezone(ZoneInfo(invite.zone))
    return (start, end) if any(moment.fold for moment in there) else there


def _address(attendee: Attendee) -> vCalAddress:
    address = vCalAddress(f"mailto:{attendee.email}")
    address.params["cn"] = vText(attendee.name)
    return address


def _invited(attendee: Attendee) -> vCalAddress:
    address = _address(attendee)
    address.params["role"] = vText("REQ-PARTICIPANT")
    address.params["partstat"] = vText("ACCEPTED" if attendee.came_up_with_it else "NEEDS-ACTION")
    # Nobody reads the replies: who cannot come cancels on the page, and then both calendars are told.
    address.params["rsvp"] = vText("FALSE")
    return address
