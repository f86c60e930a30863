"""The survey of week eight: both are asked once, answer once, and the matcher hears of it without a word."""

from datetime import timedelta

from sqlalchemy import select

from services.api.mentorships.surveys import invite_to_surveys
from shared.clock import FixedClock
from shared.contracts.messages import OutcomeNoted
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.models.mentorships import Mentorship, MentorshipState, SurveyResponse
from shared.models.messaging import OutboxMessage
from tests.factories.browser import Browser
from tests.factories.cast import Cast

WEEK_NINE = timedelta(weeks=9)


def _ask(database: Database, clock: FixedClock) -> int:
    with database.writing(SYSTEM) as session:
        return invite_to_surveys(session, clock.now() + WEEK_NINE)


def _surveys(database: Database) -> dict[str, SurveyResponse]:
    with database.reading(SYSTEM) as session:
        return {one.side: one for one in session.scalars(select(SurveyResponse))}


def _noted(database: Database) -> int:
    with database.reading(SYSTEM) as session:
        return len(session.scalars(select(OutboxMessage).filter_by(name=OutcomeNoted.name())).all())


def test_both_sides_of_a_pair_of_eight_weeks_are_asked_once(as_api: Database, cast: Cast, clock: FixedClock) -> None:
    assert _ask(as_api, clock) == 1
    assert set(_surveys(as_api)) == {"mentee", "mentor"}
    assert _ask(as_api, clock) == 0
    assert _noted(as_api) == 1


def test_nobody_is_asked_before_week_eight_or_after_parting(as_api: Database, cast: Cast, clock: FixedClock) -> None:
    with as_api.writing(SYSTEM) as session:
        assert invite_to_surveys(session, clock.now() + timedelta(weeks=7)) == 0
        session.get_one(Mentorship, cast.mentorship.id).state = MentorshipState.CLOSED
    assert _ask(as_api, clock) == 0


def test_the_page_asks_keeps_the_answer_and_asks_no_more(
    mentee: Browser, mentor: Browser, as_api: Database, cast: Cast, clock: FixedClock
) -> None:
    page = f"/mentorships/{cast.mentorship.id}"
    assert "How is it going?" not in mentee.page(page)
    _ask(as_api, clock)
    assert "How is it going?" in mentee.page(page)
    assert mentee.submit(f"{page}/survey", {"satisfaction": "5", "comment": " We laughed. "}).status_code == 303
    found = _surveys(as_api)
    assert (found["mentee"].satisfaction, found["mentee"].comment) == (5, "We laughed.")
    assert found["mentor"].answered_at is None
    assert "How is it going?" not in mentee.page(page)
    told = mentor.page(page)
    assert "How is it going?" in told
    assert "We laughed." not in told


def test_an_answer_is_given_once(mentee: Browser, as_api: Database, cast: Cast, clock: FixedClock) -> None:
    _ask(as_api, clock)
    page = f"/mentorships/{cast.mentorship.id}/survey"
    mentee.submit(page, {"satisfaction": "2"})
    assert mentee.submit(page, {"satisfaction": "5"}).status_code == 409
    assert _surveys(as_api)["mentee"].satisfaction == 2
    assert _noted(as_api) == 2


def test_an_answer_without_a_choice_says_so_and_keeps_the_words(
    mentee: Browser, as_api: Database, cast: Cast, clock: FixedClock
) -> None:
    _ask(as_api, clock)
    answer = mentee.submit(f"/mentorships/{cast.mentorship.id}/survey", {"comment": "More time, please."})
    assert "More time, please." in mentee.checked(answer, 422)
    assert _surveys(as_api)["mentee"].answered_at is None


def test_whoever_was_not_asked_has_nothing_to_answer(mentee: Browser, cast: Cast) -> None:
    assert mentee.submit(f"/mentorships/{cast.mentorship.id}/survey", {"satisfaction": "5"}).status_code == 404
