"""When people can usually meet."""

from collections.abc import Callable

from sqlalchemy import select

from services.api.services import Services
from shared.db.actor import SYSTEM
from shared.models.bandwidth import AvailabilityHour
from shared.models.enrollment import Profile
from tests.factories import rows
from tests.factories.browser import Browser
from tests.factories.cast import Cast

WEEK = {"time_zone": "Pacific/Honolulu", "hours": ["0-6", "6-22"]}


def test_the_week_is_shown_and_saved_as_a_whole(mentee: Browser, cast: Cast, services: Services) -> None:
    assert mentee.page("/availability").count("checked") == 2
    assert mentee.submit("/availability", WEEK).headers["location"] == "/availability"
    me = cast.participants["mentee"].id
    with services.database.reading(SYSTEM) as session:
        mine = select(AvailabilityHour).where(AvailabilityHour.participant_id == me)
        assert {(hour.weekday, hour.hour) for hour in session.scalars(mine)} == {(0, 6), (6, 22)}
        assert session.get_one(Profile, me).time_zone == "Pacific/Honolulu"
    assert "Your week is saved." in mentee.page("/availability")


def test_an_empty_week_may_be_saved_and_the_page_says_what_that_means(mentee: Browser) -> None:
    assert "Nobody fits you by time" not in mentee.page("/availability")
    assert mentee.submit("/availability", {"time_zone": "America/Chicago"}).status_code == 303
    page = mentee.page("/availability")
    assert "checked" not in page
    assert "Your week is saved." not in page
    assert "Your week is saved, without an hour in it." in page
    assert "usa-alert--warning" in page
    assert "Nobody fits you by time" in mentee.page("/availability")  # and goes on saying so


def test_a_wrong_week_is_explained(mentee: Browser) -> None:
    page = mentee.checked(mentee.submit("/availability", {"time_zone": "Moon", "hours": ["1-18"]}), 422)
    assert "Choose a time zone from the list." in page
    assert "checked" in page


def test_one_week_holds_in_both_roles(
    browse: Callable[[str], Browser], cast: Cast, services: Services
) -> None:
    with services.database.writing(SYSTEM) as session:
        both = cast.accounts["mentor"]
        rows.make_participant(session, cast.cycle, "mentee", cast.institution, both)
    browse("mentor").submit("/availability", WEEK)
    with services.database.reading(SYSTEM) as session:
        weeks = session.execute(select(AvailabilityHour.participant_id, AvailabilityHour.hour)).all()
    changed = {participant for participant, hour in weeks if hour in {6, 22}}
    assert len(changed) == 2


def test_the_api_reads_and_replaces_the_week(mentee: Browser) -> None:
    headers = {"X-CSRF-Token": mentee.csrf_token}
    assert mentee.put("/api/v1/me/availability", json=WEEK, headers=headers).json() == WEEK
    assert mentee.get("/api/v1/me/availability").json() == WEEK
    wrong = mentee.put("/api/v1/me/availability", json={**WEEK, "hours": ["9-1"]}, headers=headers)
    assert wrong.status_code == 422
