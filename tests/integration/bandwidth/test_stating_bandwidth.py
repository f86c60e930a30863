"""A mentor states what they can give."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from services.api.services import Services
from shared.db.actor import SYSTEM
from shared.models.bandwidth import BandwidthPeriod
from shared.models.enrollment import Participant, Profile
from shared.models.messaging import OutboxMessage
from shared.models.oversight import AuditEvent
from tests.factories import rows
from tests.factories.browser import Browser
from tests.factories.cast import Cast

HOME = "/mentor/bandwidth"
ROTATION = {
    "occasion": "rotation",
    "starts_on": (rows.TODAY + timedelta(days=20)).isoformat(),
    "ends_on": (rows.TODAY + timedelta(days=110)).isoformat(),
    "hours_per_month": "2.5",
    "mentee_slots": "1",
}


def of_mentor(cast: Cast) -> str:
    return f"{HOME}/{cast.participants['mentor'].id}"


def periods_of(services: Services, cast: Cast) -> list[BandwidthPeriod]:
    mine = BandwidthPeriod.participant_id == cast.participants["mentor"].id
    with services.database.reading(SYSTEM) as session:
        return list(session.scalars(select(BandwidthPeriod).where(mine).order_by(BandwidthPeriod.starts_on)))


def test_the_page_shows_the_year_and_what_is_promised(mentor: Browser) -> None:
    page = mentor.page(HOME)
    assert "You have room for 1 more mentee" in page
    assert 'role="img"' in page
    assert "Light: hours offered. White: leave. Dark: promised to your mentees." in page
    assert "Show as a table" in page


def test_a_period_is_added_and_counts_at_once(mentor: Browser, cast: Cast, services: Services) -> None:
    assert mentor.submit(f"{of_mentor(cast)}/periods", ROTATION).headers["location"] == of_mentor(cast)
    added = next(period for period in periods_of(services, cast) if period.occasion == "rotation")
    assert (added.hours_per_month, added.mentee_slots) == (Decimal("2.5"), 1)
    page = mentor.page(HOME)
    assert "All you offer is taken" in page
    assert "Rotation" in page


def test_each_number_that_is_missing_is_named(mentor: Browser, cast: Cast) -> None:
    empty = {**ROTATION, "hours_per_month": "", "mentee_slots": ""}
    answer = mentor.submit(f"{of_mentor(cast)}/periods", empty)
    assert answer.status_code == 422
    assert "Enter the hours a month." in answer.text
    assert "Enter how many mentees at most." in answer.text
    assert "Please fill this in." not in answer.text


def test_on_a_phone_each_period_says_what_its_numbers_are(mentor: Browser) -> None:
    page = mentor.page(HOME)
    assert "b-table--stacked" in page
    for label in ("Occasion", "Hours a month", "Mentees at most"):
        assert f'data-label="{label}"' in page


def test_leave_needs_no_numbers(mentor: Browser, cast: Cast, services: Services) -> None:
    leave = {**ROTATION, "occasion": "leave", "hours_per_month": "", "mentee_slots": ""}
    assert mentor.submit(f"{of_mentor(cast)}/periods", leave).status_code == 303
    added = next(period for period in periods_of(services, cast) if period.occasion == "leave")
    assert (added.hours_per_month, added.mentee_slots) == (Decimal(0), 0)


WRONG: list[tuple[dict[str, str], str]] = [
    ({"hours_per_month": ""}, "Enter the hours a month."),
    ({"hours_per_month": "2.3"}, "Enter full or half hours."),
    ({"hours_per_month": "99"}, "Enter 80 or less."),
    ({"mentee_slots": "-1"}, "Enter 0 or more."),
    ({"starts_on": "soon"}, "Enter a date."),
    ({"ends_on": "2001-01-01"}, "The last day comes before the first."),
    ({"occasion": "holiday"}, "Choose one of the answers."),
    ({"occasion": "leave"}, "On leave there are no hours to give"),
]


def test_a_wrong_period_is_explained_and_keeps_what_was_typed(mentor: Browser, cast: Cast, services: Services) -> None:
    before = len(periods_of(services, cast))
    for wrong, sentence in WRONG:
        page = mentor.checked(mentor.submit(f"{of_mentor(cast)}/periods", {**ROTATION, **wrong}), 422)
        assert sentence in page, wrong
        assert f'value="{ROTATION["ends_on"]}"' in page or "ends_on" in wrong
    assert len(periods_of(services, cast)) == before


ALL_WRONG = {"ends_on": "2001-01-01", "hours_per_month": "99", "mentee_slots": "77"}


def test_all_that_is_wrong_with_a_period_is_said_at_once(mentor: Browser, cast: Cast) -> None:
    page = mentor.checked(mentor.submit(f"{of_mentor(cast)}/periods", {**ROTATION, **ALL_WRONG}), 422)
    assert [name for name in ALL_WRONG if f'id="field-{name}-error"' not in page] == []
    path = f"/api/v1/me/bandwidth/{cast.participants['mentor'].id}/periods"
    headers = {"X-CSRF-Token": mentor.csrf_token}
    problem = mentor.post(path, json={**ROTATION, **ALL_WRONG}, headers=headers).json()
    assert set(problem["fields"]) == set(ALL_WRONG)
    assert problem["fields"]["ends_on"] == "The last day comes before the first."


def test_a_period_is_changed_and_removed(mentor: Browser, cast: Cast, services: Services) -> None:
    [period] = periods_of(services, cast)
    path = f"{HOME}/periods/{period.id}"
    assert 'value="8"' in mentor.page(path)
    assert mentor.checked(mentor.submit(path, {**ROTATION, "mentee_slots": "x"}), 422)
    mentor.submit(path, ROTATION)
    assert periods_of(services, cast)[0].occasion == "rotation"
    mentor.submit(f"{path}/removal")
    assert periods_of(services, cast) == []
    assert "You have not said what you can give" in mentor.page(HOME)


def test_every_change_is_audited_and_told_to_the_matcher(mentor: Browser, cast: Cast, services: Services) -> None:
    mentor.submit(f"{of_mentor(cast)}/periods", ROTATION)
    mentor.submit(f"{of_mentor(cast)}/least", {"min_mentees": "1"})
    mentor.submit(f"{of_mentor(cast)}/pause")
    who = {"participant_id": str(cast.participants["mentor"].id)}
    with services.database.reading(SYSTEM) as session:
        actions = set(session.scalars(select(AuditEvent.action)))
        told = [one for one in session.scalars(select(OutboxMessage)) if one.payload == who]
    assert {"bandwidth_added", "least_mentees_set", "mentoring_paused"} <= actions
    assert [one.name for one in told] == ["ParticipantChanged"] * 3


def test_a_mentor_pauses_and_comes_back(mentor: Browser, cast: Cast, services: Services) -> None:
    def state() -> str:
        with services.database.reading(SYSTEM) as session:
            return session.get_one(Participant, cast.participants["mentor"].id).state

    mentor.submit(f"{of_mentor(cast)}/pause")
    assert state() == "paused"
    assert "You are paused" in mentor.page(HOME)
    mentor.submit(f"{of_mentor(cast)}/return")
    assert state() == "active"


def test_the_fewest_mentees_are_kept(mentor: Browser, cast: Cast, services: Services) -> None:
    mentor.submit(f"{of_mentor(cast)}/least", {"min_mentees": "2"})
    with services.database.reading(SYSTEM) as session:
        assert session.get_one(Profile, cast.participants["mentor"].id).min_mentees == 2
    assert "Enter 0 or more." in mentor.checked(mentor.submit(f"{of_mentor(cast)}/least", {"min_mentees": "-2"}), 422)


def test_the_api_tells_what_is_left(mentor: Browser, cast: Cast) -> None:
    [told] = mentor.get("/api/v1/me/bandwidth").json()
    assert (told["slots"], told["active_mentorships"], told["held_offers"], told["free_slots"]) == (2, 1, 0, 1)
    headers = {"X-CSRF-Token": mentor.csrf_token}
    path = f"/api/v1/me/bandwidth/{told['participant_id']}/periods"
    added: Any = mentor.post(path, json=ROTATION, headers=headers)
    assert added.status_code == 201
    assert mentor.get("/api/v1/me/bandwidth").json()[0]["free_slots"] == 0
    wrong = mentor.post(path, json={**ROTATION, "ends_on": "2001-01-01"}, headers=headers)
    assert wrong.status_code == 422
    assert mentor.post(path, json=ROTATION).status_code == 403
