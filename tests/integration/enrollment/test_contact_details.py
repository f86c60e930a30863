"""Whoever writes down how to reach them is told at the field, may keep it, and it stays hidden until a match."""

import re

import pytest
from sqlalchemy import create_engine, select, text, update

from services.api.services import Services
from shared.contacts import RULES, without_contacts
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.models.enrollment import Participant, Profile
from shared.models.matching import MentoringRequest
from tests.factories import matching, rows
from tests.factories.browser import Browser
from tests.factories.cast import Cast
from tests.integration.enrollment.conftest import Registrant, ana, scene, someone
from tests.integration.matching.scene import new_person
from tests.unit.enrollment.test_contacts import HARMLESS, TELLING

__all__ = ["ana", "scene", "someone"]
TELLTALE = "Matching into emergency medicine; write to ana@school.edu or call 612-555-0134"


def test_the_writer_is_told_at_the_field_and_nothing_is_lost(ana: Registrant) -> None:
    ana.begin()
    ana.answer(1)
    ana.answer(2)
    answer = ana.answer(3, wish=TELLTALE)
    ana.checked(answer, 422)
    assert "This gives away “ana@school.edu”, “612-555-0134”." in answer.text
    assert TELLTALE in answer.text
    assert answer.text.count("Keep this text as it is") == 1
    assert 'name="keep_wish"' in answer.text
    assert ana.get("/register/step/4").headers["location"] == "/register/step/3"


def test_they_may_keep_it_and_are_not_asked_again(ana: Registrant) -> None:
    ana.begin()
    ana.answer(1)
    ana.answer(2)
    assert ana.answer(3, wish=TELLTALE, keep_wish="on").headers["location"] == "/register/step/4"
    assert ana.answer(3, wish=TELLTALE).headers["location"] == "/register/step/4"
    assert ana.answer(3, wish=f"{TELLTALE}!", goals="Dr. Adams").status_code == 422


@pytest.mark.parametrize(("language", "sentence"), [("es", "Conservar este texto"), ("fr", "Garder ce texte")])
def test_they_are_told_in_their_language(ana: Registrant, language: str, sentence: str) -> None:
    ana.headers["accept-language"] = language
    ana.begin()
    ana.answer(1)
    ana.answer(2)
    assert sentence in ana.answer(3, wish=TELLTALE).text


def test_changing_a_profile_tells_as_well(ana: Registrant, services: Services) -> None:
    ana.register()
    ana.type_code()
    with services.database.reading(SYSTEM) as session:
        path = f"/profile/{session.scalars(select(Participant)).one().id}"
    told = ana.submit(f"{path}/want", {**ana.answers[3], "wish": TELLTALE})
    assert told.status_code == 422
    assert "“ana@school.edu”" in told.text
    assert ana.submit(f"{path}/want", {**ana.answers[3], "wish": TELLTALE, "keep_wish": "on"}).status_code == 303


@pytest.fixture
def asked(as_owner: Database, cast: Cast) -> tuple[Participant, MentoringRequest]:
    """A suggested mentor and a mentee who asks the cast's mentor; both write how to reach them."""
    with as_owner.writing(SYSTEM) as session:
        suggested = new_person(session, cast, "mentor", name="Grace Mentor", email="grace@example.org")
        matching.make_suggestions(session, cast.participants["outsider"], [suggested])
        asking = new_person(session, cast, "mentee", name="Ada Trainee", email="ada@example.org")
        request = rows.make_request(session, asking, cast.participants["mentor"],
                                    explanation=matching.explanation(), message="Ring me: 612 555 0100")
        for person, facet in ((suggested, "offer"), (asking, "wish")):
            session.execute(update(Profile).where(Profile.participant_id == person.id).values(
                statements={facet: "Ultrasound, see www.example.org or @grace_md", "interests": "goats 612-555-0199"}))
        return suggested, request


def test_cards_hide_ways_to_reach_somebody_until_the_two_are_matched(
    asked: tuple[Participant, MentoringRequest], outsider: Browser, mentor: Browser
) -> None:
    suggested, request = asked
    pages = [outsider.page(f"/mentee/ask/{suggested.id}"), mentor.page(f"/answer/request/{request.id}")]
    for page in pages:
        assert "Ultrasound, see ••• or •••" in page
        assert not re.search(r"example\.org|@grace|612.555", page)
    assert "Ring me: •••" in pages[1]


def test_the_matcher_and_the_mails_are_given_texts_without_them(
    asked: tuple[Participant, MentoringRequest], role_urls: dict[str, str]
) -> None:
    seen = []
    for role, statement in (("matcher", "SELECT statements::text FROM matching.blind_participant"),
                            ("notifier", "SELECT message FROM notification.request_card")):
        engine = create_engine(role_urls[role])
        with engine.connect() as connection:
            seen.append(" ".join(connection.execute(text(statement)).scalars()))
        engine.dispose()
    assert "Ultrasound, see ••• or •••" in seen[0]
    assert "goats •••" in seen[0]
    assert seen[1] == "Ring me: •••"


def test_the_database_hides_what_the_pages_hide(role_urls: dict[str, str]) -> None:
    engine = create_engine(role_urls["matcher"])
    texts = [*TELLING, *HARMLESS, 'two: a@b.org\nand c@d.edu\t\\ "quoted"', "x" * 5000]
    with engine.connect() as connection:
        hide = text("SELECT matching.without_contacts(:told)")
        hidden = [connection.execute(hide, {"told": one}).scalar_one() for one in texts]
        source = connection.execute(text("SELECT prosrc FROM pg_proc WHERE proname = 'without_contacts'")).scalar_one()
    engine.dispose()
    assert hidden == [without_contacts(one) for one in texts]
    assert all(rule in source for rules in RULES.values() for rule in rules)
