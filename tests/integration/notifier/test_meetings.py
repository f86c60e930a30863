"""Invites as they go out: to both, in each one's zone and language, and only the latest word."""

from datetime import UTC, datetime

from icalendar import Calendar
from sqlalchemy import update

from shared.contracts.messages import MeetingCanceled, MeetingScheduled
from shared.db.actor import SYSTEM
from shared.models.accounts import Account
from shared.models.mentorships import Meeting, MeetingState
from shared.models.notification import MailState
from tests.factories.cast import Cast
from tests.factories.meetings import make_meeting
from tests.integration.notifier.office import Office, part

AT = datetime(2027, 3, 16, 22, 30, tzinfo=UTC)


def meet(office: Office, cast: Cast, **fields: object) -> Meeting:
    with office.as_owner.writing(SYSTEM) as session:
        return make_meeting(session, cast.mentorship, starts_at=AT, **fields)


def change(office: Office, meeting: Meeting, **fields: object) -> None:
    with office.as_owner.writing(SYSTEM) as session:
        session.execute(update(Meeting).where(Meeting.id == meeting.id).values(**fields))


def live_in(office: Office, account: Account, zone: str, language: str) -> None:
    with office.as_owner.writing(SYSTEM) as session:
        session.execute(update(Account).where(Account.id == account.id).values(time_zone=zone, language=language))


def test_both_get_the_invite_in_their_own_zone_and_language(office: Office, cast: Cast) -> None:
    live_in(office, cast.accounts["mentee"], "America/Los_Angeles", "es")
    live_in(office, cast.accounts["mentor"], "America/New_York", "fr")
    office.tell(MeetingScheduled(meeting_id=meet(office, cast).id))
    office.work()
    mentees, mentors = (office.sent()[cast.accounts[side].id] for side in ("mentee", "mentor"))
    assert "martes, 16 de marzo de 2027, 15:30 PDT" in part(mentees, "plain")
    assert "mardi 16 mars 2027, 18:30 EDT" in part(mentors, "plain")
    assert "DTSTART;TZID=America/Los_Angeles:20270316T153000" in part(mentees, "calendar")
    assert "DTSTART;TZID=America/New_York:20270316T183000" in part(mentors, "calendar")


def test_the_invite_comes_as_calendars_want_it(office: Office, cast: Cast) -> None:
    meeting = meet(office, cast, arranged_by=cast.accounts["mentor"].id)
    office.tell(MeetingScheduled(meeting_id=meeting.id))
    office.work()
    mail = office.sent()[cast.accounts["mentee"].id]
    types = [found.get_content_type() for found in mail.walk() if not found.is_multipart()]
    assert types == ["text/plain", "text/html", "text/calendar", "application/ics"]
    (calendar,) = (found for found in mail.walk() if found.get_content_type() == "text/calendar")
    assert calendar.get_param("method") == "REQUEST"
    (event,) = Calendar.from_ical(part(mail, "calendar")).walk("VEVENT")
    assert event["UID"] == f"{meeting.id}@belay"
    assert str(event["ORGANIZER"]).removeprefix("mailto:") in mail["From"]
    assert cast.accounts["mentor"].email in mail["Reply-To"]


def test_a_cancellation_takes_the_same_event_back(office: Office, cast: Cast) -> None:
    meeting = meet(office, cast)
    office.tell(MeetingScheduled(meeting_id=meeting.id))
    office.work()
    asked = Calendar.from_ical(part(office.sent()[cast.accounts["mentee"].id], "calendar"))
    change(office, meeting, state=MeetingState.CANCELED, sequence=1)
    office.tell(MeetingCanceled(meeting_id=meeting.id))
    office.work()
    taken_back = Calendar.from_ical(part(office.sent()[cast.accounts["mentee"].id], "calendar"))
    assert (asked["METHOD"], taken_back["METHOD"]) == ("REQUEST", "CANCEL")
    (before,), (after,) = asked.walk("VEVENT"), taken_back.walk("VEVENT")
    assert before["UID"] == after["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)


def test_a_meeting_that_moves_is_told_again(office: Office, cast: Cast) -> None:
    meeting = meet(office, cast)
    office.tell(MeetingScheduled(meeting_id=meeting.id))
    office.work()
    change(office, meeting, starts_at=datetime(2027, 3, 17, 22, 30, tzinfo=UTC), sequence=1)
    office.tell(MeetingScheduled(meeting_id=meeting.id))
    office.work()
    assert len(office.mails()) == 4
    assert "SEQUENCE:1" in part(office.sent()[cast.accounts["mentor"].id], "calendar")


def test_an_invite_that_was_overtaken_is_not_sent(office: Office, cast: Cast) -> None:
    meeting = meet(office, cast)
    office.tell(MeetingScheduled(meeting_id=meeting.id))
    change(office, meeting, state=MeetingState.CANCELED, sequence=1)
    office.work()
    assert {mail.state for mail in office.mails()} == {MailState.UNWANTED}
    assert not office.sent()
