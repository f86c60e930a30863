"""The survey of week eight: both are asked once, answer once, and the matcher hears of it without a word."""

from datetime import timedelta

from sqlalchemy import select

from services.api.mentorships.surveys import invite_to_surveys, remind_of_surveys
from shared.clock import FixedClock
from shared.contracts.messages import Message, OutcomeNoted, SurveyLeftOpen, SurveyOpened
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


def _told(database: Database, fact: type[Message]) -> list[dict[str, str]]:
    with database.reading(SYSTEM) as session:
        return list(session.scalars(select(OutboxMessage.payload).filter_by(name=fact.name())))


def _noted(database: Database) -> int:
    return len(_told(database, OutcomeNoted))


def _remind(database: Database, clock: FixedClock, after: timedelta) -> int:
    """Try to remind so long after the survey of week nine was opened."""
    with database.writing(SYSTEM) as session:
        return remind_of_surveys(session, clock.now() + WEEK_NINE + after)


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


def test_each_side_is_asked_by_a_mail_of_its_own_once(as_api: Database, cast: Cast, clock: FixedClock) -> None:
    _ask(as_api, clock)
    _ask(as_api, clock)
    opened = {str(one.id) for one in _surveys(as_api).values()}
    told = [payload["survey_id"] for payload in _told(as_api, SurveyOpened)]
    assert len(told) == len(opened) == 2
    assert set(told) == opened


def test_whoever_is_silent_for_a_week_is_reminded_once(
    mentee: Browser, as_api: Database, cast: Cast, clock: FixedClock
) -> None:
    _ask(as_api, clock)
    mentee.submit(f"/mentorships/{cast.mentorship.id}/survey", {"satisfaction": "4"})
    assert _remind(as_api, clock, timedelta(days=6)) == 0
    assert _remind(as_api, clock, timedelta(days=7)) == 1
    assert _remind(as_api, clock, timedelta(days=14)) == 0
    silent = _surveys(as_api)["mentor"]
    assert _told(as_api, SurveyLeftOpen) == [{"survey_id": str(silent.id)}]


def test_nobody_is_reminded_of_a_mentorship_that_has_ended_or_after_three_weeks(
    as_api: Database, cast: Cast, clock: FixedClock
) -> None:
    _ask(as_api, clock)
    assert _remind(as_api, clock, timedelta(days=22)) == 0
    with as_api.writing(SYSTEM) as session:
        session.get_one(Mentorship, cast.mentorship.id).state = MentorshipState.CLOSED
    assert _remind(as_api, clock, timedelta(days=8)) == 0
    assert _told(as_api, SurveyLeftOpen) == []


def test_whoever_writes_is_told_who_reads_it(mentee: Browser, as_api: Database, cast: Cast, clock: FixedClock) -> None:
    _ask(as_api, clock)
    told = mentee.page(f"/mentorships/{cast.mentorship.id}")
    assert "Those who lead the program read it without names" in told
