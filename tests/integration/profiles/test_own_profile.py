"""People look at what the match knows of them, and change it."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from services.api.services import Services
from shared.db.actor import SYSTEM
from shared.models.enrollment import DimensionAnswer, MatchToken, Participant, Profile
from shared.models.messaging import OutboxMessage
from shared.models.oversight import AuditEvent
from tests.factories.browser import Browser
from tests.factories.cast import Cast
from tests.integration.enrollment.conftest import Registrant, ana, scene, someone

__all__ = ["ana", "scene", "someone"]


@pytest.fixture
def enrolled(ana: Registrant, services: Services) -> tuple[Registrant, str]:
    """Ana, registered as a mentee and logged in, and where her profile is."""
    ana.register()
    ana.type_code()
    with services.database.reading(SYSTEM) as session:
        return ana, f"/profile/{session.scalars(select(Participant)).one().id}"


def test_the_profile_shows_what_was_registered(enrolled: tuple[Registrant, str]) -> None:
    ana, path = enrolled
    assert ana.get("/profile").headers["location"] == path
    page = ana.page(path)
    for said in ("far away", "Mexican American, Purépecha", "Northern Clinic", "3 hours a week"):
        assert said in page


def test_the_profile_is_one_click_from_every_page(mentee: Browser, mentor: Browser) -> None:
    assert 'href="/profile"' in mentee.page("/mentee")
    assert 'href="/profile"' in mentor.page("/mentor")


def test_each_part_opens_filled_in_and_saves_unchanged(enrolled: tuple[Registrant, str]) -> None:
    ana, path = enrolled
    before = ana.page(path)
    for number, key in enumerate(("who", "place", "want", "matters", "meeting"), start=1):
        ana.page(f"{path}/{key}")
        assert ana.submit(f"{path}/{key}", ana.answers[number]).headers["location"] == path
    ana.get(path)  # the message that it was saved is said once
    assert ana.page(path) == before


def test_taking_back_match_takes_the_token_with_it(enrolled: tuple[Registrant, str], services: Services) -> None:
    ana, path = enrolled
    ana.submit(f"{path}/matters", {"answers_race_ethnicity": ["Mexican American"], "show_race_ethnicity": "on"})
    with services.database.reading(SYSTEM) as session:
        assert session.scalars(select(MatchToken)).all() == []
        answer = session.scalars(select(DimensionAnswer)).one()
    assert (answer.may_match, answer.may_show) == (False, True)


def test_an_answer_that_stays_as_it_was_goes_on_counting_in_reports(
    enrolled: tuple[Registrant, str], services: Services
) -> None:
    ana, path = enrolled
    told = {"answers_race_ethnicity": ["Mexican American"], "report_race_ethnicity": "on"}
    ana.submit(f"{path}/matters", told)
    since = datetime(2026, 9, 1, tzinfo=UTC)
    with services.database.writing(SYSTEM) as session:
        session.execute(update(DimensionAnswer).values(counted_at=since))
    ana.submit(f"{path}/want", ana.answers[3])
    ana.submit(f"{path}/matters", {**told, "answers_race_ethnicity": ["Mexican American", "Navajo"]})
    with services.database.reading(SYSTEM) as session:
        counted = session.scalars(select(DimensionAnswer.counted_at)).all()
    assert sorted(counted, key=str) == [since, None]


def test_a_change_is_audited_without_content_and_told_to_the_matcher(
    enrolled: tuple[Registrant, str], services: Services
) -> None:
    ana, path = enrolled
    ana.submit(f"{path}/want", {**ana.answers[3], "wish": "Something else entirely, please"})
    with services.database.reading(SYSTEM) as session:
        audited = session.scalars(select(AuditEvent).where(AuditEvent.action == "profile_changed")).one()
        told = session.scalars(select(OutboxMessage).where(OutboxMessage.name == "ParticipantChanged")).all()
        assert session.scalars(select(Profile)).one().statements["wish"] == "Something else entirely, please"
    assert audited.detail == {"step": "want"}
    assert len(told) == 2


def test_a_wrong_change_is_explained_and_changes_nothing(
    enrolled: tuple[Registrant, str], services: Services
) -> None:
    ana, path = enrolled
    page = ana.checked(ana.submit(f"{path}/want", {"wish": "Hm"}), 422)
    assert "Say in a sentence or two" in page
    with services.database.reading(SYSTEM) as session:
        assert "far away" in session.scalars(select(Profile)).one().statements["wish"]


def test_role_and_address_are_not_changed_by_a_form(enrolled: tuple[Registrant, str], services: Services) -> None:
    ana, path = enrolled
    forged = {"stage": "fellow", "role": "mentor", "email": "else@example.org", "name": "Else"}
    ana.submit(f"{path}/who", forged)
    with services.database.reading(SYSTEM) as session:
        participant = session.scalars(select(Participant)).one()
    assert (participant.role, participant.stage) == ("mentee", "fellow")
    assert ana.get("/api/v1/me").json()["email"] == "ana@example.org"


def test_a_part_that_does_not_exist_is_not_found(enrolled: tuple[Registrant, str]) -> None:
    ana, path = enrolled
    ana.page(f"{path}/review", 404)
    ana.page(f"{path}/salary", 404)


def test_staff_without_a_participation_are_told_so(lead: Browser) -> None:
    assert "You have not joined a program" in lead.page("/profile")


def test_somebody_elses_profile_looks_like_none(
    browse: Callable[[str], Browser], cast: Cast, app: FastAPI
) -> None:
    browse("outsider").page(f"/profile/{cast.participants['mentee'].id}", 404)
