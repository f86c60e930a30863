"""The two of a mentorship find each other, meet, and part without blame."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from shared.clock import FixedClock
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.models.accounts import Account
from shared.models.enrollment import Profile
from shared.models.mentorships import Meeting, MeetingState, Mentorship
from tests.factories import matching, rows
from tests.factories.browser import Browser
from tests.factories.cast import Cast
from tests.integration.matching.scene import sent

CHICAGO = ZoneInfo("America/Chicago")


@pytest.fixture
def url(cast: Cast) -> str:
    return f"/mentorships/{cast.mentorship.id}"


@pytest.fixture
def clock() -> FixedClock:
    """A Friday in February, three weeks before the clocks of Chicago change."""
    return FixedClock(datetime(2027, 2, 19, 15, tzinfo=UTC))


def meetings(database: Database) -> list[Meeting]:
    with database.reading(SYSTEM) as session:
        return list(session.scalars(select(Meeting).order_by(Meeting.starts_at)))


def test_each_sees_how_to_reach_the_other_and_why(
    mentee: Browser, mentor: Browser, url: str, cast: Cast, as_owner: Database
) -> None:
    with as_owner.writing(SYSTEM) as session:
        rows.make_request(
            session, cast.participants["mentee"], cast.participants["mentor"], state="accepted",
            explanation=matching.explanation(),
        )  # fmt: skip
    seen_by_mentee, seen_by_mentor = mentee.page(url), mentor.page(url)
    assert cast.accounts["mentor"].email in seen_by_mentee
    assert "What you are looking for is close to what they offer" in seen_by_mentee
    assert cast.accounts["mentee"].email in seen_by_mentor
    assert "What they are looking for is close to what you offer" in seen_by_mentor


def test_proposed_times_suit_both_on_both_clocks(mentee: Browser, url: str, cast: Cast, as_owner: Database) -> None:
    """Both named Tuesday 18 to 20; the mentor now lives by New York's clock, so one hour is common."""
    with as_owner.writing(SYSTEM) as session:
        session.get_one(Account, cast.accounts["mentor"].id).time_zone = "America/New_York"
        session.get_one(Profile, cast.participants["mentor"].id).time_zone = "America/New_York"
        session.get_one(Account, cast.accounts["mentee"].id).time_zone = "America/Chicago"
    page = mentee.page(url)
    assert 'value="2027-02-24T00:00:00Z"' in page
    assert "6:00\u202fPM" in page
    assert "7:00\u202fPM for Robin" in page
    assert 'value="2027-02-23T23:00:00Z"' not in page


def test_a_meeting_is_scheduled_and_both_are_invited(mentee: Browser, url: str, as_owner: Database) -> None:
    form = {"starts_at": "2027-02-24T00:00:00Z", "minutes": "45", "place": "Video"}
    assert mentee.submit(f"{url}/meetings", form).headers["location"] == url
    assert [m.starts_at for m in meetings(as_owner)] == [datetime(2027, 2, 24, tzinfo=UTC)]
    assert len(sent(as_owner, "MeetingScheduled")) == 1
    assert "You meet on" in mentee.page(url)


def test_an_hour_in_which_the_two_meet_already_is_not_proposed_again(mentee: Browser, url: str) -> None:
    fixed, hour_after = 'value="2027-02-24T00:00:00Z"', 'value="2027-02-24T01:00:00Z"'
    assert fixed in mentee.page(url)
    mentee.submit(f"{url}/meetings", {"starts_at": "2027-02-24T00:00:00Z", "minutes": "45", "place": "Video"})
    assert fixed not in mentee.page(url)
    assert hour_after in mentee.page(url)


def test_a_time_of_ones_own_is_taken_by_ones_own_clock_after_the_change(
    mentee: Browser, url: str, as_owner: Database, cast: Cast
) -> None:
    with as_owner.writing(SYSTEM) as session:
        session.get_one(Account, cast.accounts["mentee"].id).time_zone = "America/Chicago"
    mentee.submit(f"{url}/meetings", {"day": "2027-03-15", "time": "18:00"})
    assert [m.starts_at.astimezone(CHICAGO).hour for m in meetings(as_owner)] == [18]
    assert meetings(as_owner)[0].starts_at.astimezone(UTC).hour == 23


def test_a_time_that_the_clocks_skip_is_an_error_that_keeps_what_was_typed(
    mentee: Browser, url: str, as_owner: Database, cast: Cast
) -> None:
    with as_owner.writing(SYSTEM) as session:
        session.get_one(Account, cast.accounts["mentee"].id).time_zone = "America/Chicago"
    answer = mentee.submit(f"{url}/meetings", {"day": "2027-03-14", "time": "02:30", "place": "Room 4"})
    page = mentee.checked(answer, 422)
    assert "The clocks skip this time on that day" in page
    assert 'value="02:30"' in page
    assert 'value="Room 4"' in page
    assert meetings(as_owner) == []


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({}, "Choose one of the times, or enter a day and a time."),
        ({"starts_at": "2027-02-18T00:00:00Z"}, "Choose a time that lies ahead, within a year."),
        ({"starts_at": "2029-02-18T00:00:00Z"}, "Choose a time that lies ahead, within a year."),
        ({"starts_at": "tomorrow"}, "Please check this answer."),
    ],
)
def test_a_time_nobody_can_keep_is_refused(mentee: Browser, url: str, form: dict[str, str], sentence: str) -> None:
    assert sentence in mentee.checked(mentee.submit(f"{url}/meetings", form), 422)


def test_two_meetings_at_once_are_refused(mentee: Browser, mentor: Browser, url: str, as_owner: Database) -> None:
    mentee.submit(f"{url}/meetings", {"starts_at": "2027-02-24T00:00:00Z"})
    refused = mentor.submit(f"{url}/meetings", {"starts_at": "2027-02-24T00:30:00Z"})
    assert "You two already meet at that time." in mentor.checked(refused, 422)
    assert len(meetings(as_owner)) == 1


def test_a_canceled_meeting_tells_both_calendars_with_a_higher_sequence(
    mentee: Browser, mentor: Browser, url: str, as_owner: Database
) -> None:
    mentee.submit(f"{url}/meetings", {"starts_at": "2027-02-24T00:00:00Z"})
    planned = meetings(as_owner)[0]
    mentor.submit(f"{url}/meetings/{planned.id}/cancel")
    canceled = meetings(as_owner)[0]
    assert (canceled.state, canceled.sequence) == (MeetingState.CANCELED, planned.sequence + 1)
    assert len(sent(as_owner, "MeetingCanceled")) == 1
    assert mentee.submit(f"{url}/meetings/{planned.id}/cancel").status_code == 409


def test_a_meeting_is_noted_as_held_only_once_it_has_begun(
    mentee: Browser, url: str, as_owner: Database, clock: FixedClock
) -> None:
    mentee.submit(f"{url}/meetings", {"starts_at": "2027-02-24T00:00:00Z"})
    planned = meetings(as_owner)[0]
    assert mentee.submit(f"{url}/meetings/{planned.id}/held").status_code == 409
    clock.at = datetime(2027, 2, 24, 2, tzinfo=UTC)
    assert "Did you meet on" in mentee.page(url)
    assert mentee.submit(f"{url}/meetings/{planned.id}/cancel").status_code == 409
    mentee.submit(f"{url}/meetings/{planned.id}/held")
    assert meetings(as_owner)[0].state == MeetingState.HELD
    assert "When do you meet again?" in mentee.page(url)


def test_parting_is_kind_cancels_what_lies_ahead_and_looks_after_the_mentee(
    mentee: Browser, mentor: Browser, url: str, as_owner: Database, cast: Cast
) -> None:
    mentee.submit(f"{url}/meetings", {"starts_at": "2027-02-24T00:00:00Z"})
    mentee.submit(f"{url}/close", {"reason": "not_the_right_fit"})
    assert [m.state for m in meetings(as_owner)] == [MeetingState.CANCELED]
    assert len(sent(as_owner, "MeetingCanceled")) == 1
    told = {"mentorship_id": str(cast.mentorship.id), "ended_by": str(cast.accounts["mentee"].id)}
    assert sent(as_owner, "MentorshipClosed") == [told]
    assert {"participant_id": str(cast.participants["mentee"].id)} in sent(as_owner, "ParticipantChanged")
    seen_by_mentor = mentor.page(url)
    assert "What you gave each other stays." in seen_by_mentor
    assert "right match" not in seen_by_mentor
    assert cast.accounts["mentee"].email not in seen_by_mentor
    assert "We are looking for mentors who fit" in mentee.page("/mentee")


def test_reached_goals_complete_the_mentorship(mentor: Browser, url: str, as_owner: Database, cast: Cast) -> None:
    mentor.submit(f"{url}/close", {"reason": "goals_reached"})
    with as_owner.reading(SYSTEM) as session:
        assert session.get_one(Mentorship, cast.mentorship.id).state == "completed"


def test_parting_asks_for_a_reason(mentee: Browser, url: str) -> None:
    page = mentee.checked(mentee.submit(f"{url}/close", {}), 422)
    assert "Please fill this in." in page


def test_an_ended_mentorship_can_be_seen_but_not_changed(mentee: Browser, url: str) -> None:
    mentee.submit(f"{url}/close", {"reason": "no_time"})
    refused = mentee.submit(f"{url}/meetings", {"starts_at": "2027-02-24T00:00:00Z"})
    assert refused.status_code == 403
    mentee.page(url)


def test_the_list_shows_both_sides(mentee: Browser, mentor: Browser) -> None:
    assert "Who mentors me" in mentee.page("/mentorships")
    assert "Whom I mentor" in mentor.page("/mentorships")


def test_no_mentorship_yet_is_said_kindly(outsider: Browser) -> None:
    assert "No mentorship yet" in outsider.page("/mentorships")


def test_the_api_gives_the_two_everything_and_others_nothing(
    mentee: Browser, lead: Browser, cast: Cast, as_owner: Database
) -> None:
    url = f"/api/v1/mentorships/{cast.mentorship.id}"
    told = mentee.get(url).json()
    assert (told["you_are"], told["partner"]["email"]) == ("mentee", cast.accounts["mentor"].email)
    assert lead.get(url).status_code == 404
    headers = {"X-CSRF-Token": mentee.csrf_token}
    made = mentee.post(f"{url}/meetings", json={"starts_at": told["common_times"][0]}, headers=headers)
    assert made.status_code == 201
    assert UUID(made.json()["id"]) == meetings(as_owner)[0].id


def test_an_unaware_time_is_refused_by_the_api(mentee: Browser, cast: Cast) -> None:
    url = f"/api/v1/mentorships/{cast.mentorship.id}/meetings"
    later = (datetime(2027, 2, 19) + timedelta(days=3)).isoformat()  # noqa: DTZ001 — what is refused
    answer = mentee.post(url, json={"starts_at": later}, headers={"X-CSRF-Token": mentee.csrf_token})
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["starts_at"])
