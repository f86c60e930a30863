"""Mentees see who fits and why, ask, take back, or leave the choice to the match."""

import re
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select

from services.api.services import Services
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.models.accounts import Account
from shared.models.enrollment import DimensionAnswer, Participant, Profile
from shared.models.matching import MentoringRequest, Suggestion, SuggestionList
from shared.security.identity import seal_answer
from shared.security.keyring import Keyring
from shared.settings import DEVELOPMENT_KEYS
from tests.factories import matching, rows
from tests.factories.browser import Browser
from tests.factories.cast import Cast
from tests.integration.matching.scene import new_person, sent


@pytest.fixture
def mentor_id(as_owner: Database, cast: Cast) -> UUID:
    """A mentor who is suggested to the outsider (a mentee without a mentor)."""
    with as_owner.writing(SYSTEM) as session:
        found = new_person(session, cast, "mentor", name="Grace Mentor", email="grace@example.org")
        matching.make_suggestions(session, cast.participants["outsider"], [found])
        return found.id


def answer(database: Database, cast: Cast, person: Participant, text: str, *, shown: bool) -> None:
    keyring, answer_id = Keyring.parse(DEVELOPMENT_KEYS), uuid4()
    with database.writing(SYSTEM) as session:
        sealed = seal_answer(keyring, answer_id, text)
        row = DimensionAnswer(
            id=answer_id, program_id=cast.program.id, account_id=person.account_id, participant_id=person.id,
            dimension_id=cast.dimension.id, sealed=sealed, may_match=True, may_show=shown,
        )  # fmt: skip
        rows.save(session, row)


def test_the_page_waits_for_the_matcher_and_then_shows_who_fits(
    outsider: Browser, cast: Cast, as_owner: Database
) -> None:
    waiting = outsider.page("/mentee")
    assert "We are looking for mentors who fit" in waiting
    assert 'data-hx-get="/mentee/suggestions"' in waiting
    with as_owner.writing(SYSTEM) as session:
        matching.make_suggestions(session, cast.participants["outsider"], [new_person(session, cast, "mentor")])
    fragment = outsider.get("/mentee/suggestions").text
    assert "<html" not in fragment
    assert "closer than 93" in fragment
    assert 'data-hx-get="/mentee/suggestions"' not in fragment


def test_the_page_goes_by_the_name_of_its_link(outsider: Browser, mentor_id: UUID) -> None:
    for path in ("/mentee", f"/mentee/ask/{mentor_id}"):
        assert re.findall(r'href="/mentee"[^>]*>(?:\s|<[^>]*>)*(My \w+)', outsider.page(path)) != []
        assert set(re.findall(r'href="/mentee"[^>]*>(?:\s|<[^>]*>)*(My \w+)', outsider.page(path))) == {"My match"}
    assert "<title>My match ·" in outsider.page("/mentee")


def test_a_card_begins_with_the_mentors_own_words_but_no_way_to_reach_them(
    outsider: Browser, mentor_id: UUID, as_owner: Database
) -> None:
    said = "I read personal statements line by line; write to grace@example.org. " + "And I listen. " * 20
    with as_owner.writing(SYSTEM) as session:
        profile = session.scalars(select(Profile).where(Profile.participant_id == mentor_id)).one()
        profile.statements = {"offer": said}
    page = outsider.page("/mentee")
    assert re.search(r"<q>I read personal statements line by line[^<]{60,120} …</q>", page)
    assert "grace@example.org" not in page


def test_whoever_waits_for_an_answer_is_not_told_that_nobody_fits(
    outsider: Browser, mentor_id: UUID, as_owner: Database
) -> None:
    outsider.submit(f"/mentee/ask/{mentor_id}", {"message": ""})
    with as_owner.writing(SYSTEM) as session:
        session.execute(delete(Suggestion))
    page = outsider.page("/mentee")
    assert "Nobody with time left fits" not in page
    assert "A place is kept for you until there is an answer" in page


def test_a_card_says_why_and_what_is_free_but_no_address(outsider: Browser, mentor_id: UUID) -> None:
    page = outsider.page("/mentee")
    assert "Grace Mentor" in page
    assert "closer than 93" in page
    assert "4 hours a month still free, 2 places" in page
    assert "2 hours of a usual week suits you both" not in page
    assert "2 hours of a usual week suit you both" in page
    assert "grace@example.org" not in page
    assert "grace@example.org" not in outsider.page(f"/mentee/ask/{mentor_id}")


@pytest.mark.parametrize(("mine", "theirs"), [(True, False), (False, True), (False, False)])
def test_what_only_one_of_them_shows_is_never_told(
    outsider: Browser, mentor_id: UUID, cast: Cast, as_owner: Database, mine: bool, theirs: bool
) -> None:
    with as_owner.reading(SYSTEM) as session:
        mentor = session.get_one(Participant, mentor_id)
    answer(as_owner, cast, cast.participants["outsider"], "First physician in the family", shown=mine)
    answer(as_owner, cast, mentor, "First physician in the family", shown=theirs)
    for page in ("/mentee", f"/mentee/ask/{mentor_id}"):
        text = outsider.page(page)
        assert "First physician in the family" not in text
        assert "You share" not in text
        assert "Shared experience" not in text


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "You share something that matters to you: First physician in the family."),
        ("es", "Primera persona de la familia en ejercer la medicina"),
        ("fr", "Première personne médecin de la famille"),
    ],
)
def test_what_both_show_is_told_by_its_name_in_ones_language(
    outsider: Browser, mentor_id: UUID, cast: Cast, as_owner: Database, language: str, told: str
) -> None:
    with as_owner.writing(SYSTEM) as session:
        mentor = session.get_one(Participant, mentor_id)
        session.get_one(Account, cast.participants["outsider"].account_id).language = language
    for person in (cast.participants["outsider"], mentor):
        answer(as_owner, cast, person, "First physician in the family", shown=True)
    assert told in outsider.page(f"/mentee/ask/{mentor_id}")


def test_asking_holds_a_place_and_tells_the_mentor(
    outsider: Browser, mentor_id: UUID, as_owner: Database, cast: Cast
) -> None:
    sent_on = outsider.submit(f"/mentee/ask/{mentor_id}", {"message": "Hello Grace"})
    page = outsider.page(sent_on.headers["location"])
    assert "Grace Mentor has been asked" in page
    assert "2 hours a month still free, one place" in page
    assert len(sent(as_owner, "RequestMade")) == 2


def test_a_mentee_with_one_wish_asks_one_at_a_time(
    outsider: Browser, mentor_id: UUID, as_owner: Database, cast: Cast
) -> None:
    with as_owner.writing(SYSTEM) as session:
        other = new_person(session, cast, "mentor")
        matching.forget_suggestions(session, cast.participants["outsider"])
        matching.make_suggestions(
            session, cast.participants["outsider"], [session.get_one(Participant, mentor_id), other]
        )
    outsider.submit(f"/mentee/ask/{mentor_id}")
    refused = outsider.submit(f"/mentee/ask/{other.id}")
    assert "You already wait for an answer." in outsider.checked(refused, 409)


def suggest_kinds(as_owner: Database, cast: Cast, wanted: list[str], given: list[str]) -> list[UUID]:
    """The outsider wishes for some kinds and finds one mentor suggested for each of `given`."""
    with as_owner.writing(SYSTEM) as session:
        session.get_one(Profile, cast.participants["outsider"].id).kinds = wanted
        mentors = [new_person(session, cast, "mentor", name=f"Mentor {n}") for n in range(len(given))]
        matching.make_suggestions(session, cast.participants["outsider"], mentors, given)
        return [mentor.id for mentor in mentors]


def test_whoever_wishes_for_several_kinds_reads_on_each_card_which_it_is(
    outsider: Browser, cast: Cast, as_owner: Database
) -> None:
    suggest_kinds(as_owner, cast, ["near_peer", "faculty"], ["near_peer", "faculty"])
    page = outsider.page("/mentee")
    assert re.search(r"Mentor 0.*As a near-peer.*Mentor 1.*As a faculty mentor", page, re.DOTALL)


def test_whoever_has_one_wish_reads_no_kind(outsider: Browser, cast: Cast, as_owner: Database) -> None:
    suggest_kinds(as_owner, cast, ["any"], ["faculty"])
    assert "As a faculty mentor" not in outsider.page("/mentee")


def test_a_second_near_peer_cannot_take_the_wish_for_a_faculty_mentor(
    outsider: Browser, cast: Cast, as_owner: Database
) -> None:
    first, second, faculty = suggest_kinds(
        as_owner, cast, ["near_peer", "faculty"], ["near_peer", "near_peer", "faculty"]
    )
    outsider.submit(f"/mentee/ask/{first}")
    page = outsider.page("/mentee")
    assert f'"/mentee/ask/{second}"' not in page
    assert f'"/mentee/ask/{faculty}"' in page
    refused = outsider.submit(f"/mentee/ask/{second}")
    assert "You already have a mentor of this kind" in outsider.checked(refused, 409)
    assert outsider.submit(f"/mentee/ask/{faculty}").status_code == 303


def test_a_second_near_peer_may_fill_a_wish_for_any_mentor(outsider: Browser, cast: Cast, as_owner: Database) -> None:
    first, second = suggest_kinds(as_owner, cast, ["near_peer", "any"], ["near_peer", "near_peer"])
    assert [outsider.submit(f"/mentee/ask/{one}").status_code for one in (first, second)] == [303, 303]


def test_a_mentor_without_a_place_cannot_be_asked(
    outsider: Browser, mentor_id: UUID, as_owner: Database, cast: Cast
) -> None:
    with as_owner.writing(SYSTEM) as session:
        mentor = session.get_one(Participant, mentor_id)
        for _place in range(2):
            rows.make_request(session, new_person(session, cast, "mentee"), mentor)
    assert outsider.submit(f"/mentee/ask/{mentor_id}").status_code == 404
    assert "Nobody with time left fits right now" in outsider.page("/mentee")


def test_nobody_asks_a_mentor_whom_they_must_not_meet_by_now(
    outsider: Browser, mentor_id: UUID, as_owner: Database, cast: Cast
) -> None:
    with as_owner.writing(SYSTEM) as session:
        rows.make_exclusion(session, cast.participants["outsider"], session.get_one(Participant, mentor_id))
    assert outsider.submit(f"/mentee/ask/{mentor_id}").status_code == 404
    assert sent(as_owner, "RequestMade") == []


def test_nobody_asks_a_mentor_who_was_not_suggested(outsider: Browser, cast: Cast) -> None:
    assert outsider.submit(f"/mentee/ask/{cast.participants['mentor'].id}").status_code == 404


def test_whoever_writes_how_to_reach_them_is_told_before_it_goes(
    outsider: Browser, mentor_id: UUID, as_owner: Database
) -> None:
    path, telling = f"/mentee/ask/{mentor_id}", "Dear Dr. Mentor, call me at 612-555-0134."
    page = outsider.checked(outsider.submit(path, {"message": telling}), 422)
    assert "This gives away “612-555-0134”. Ways to reach you stay hidden until you are matched." in page
    assert telling in page
    assert sent(as_owner, "RequestMade") == []
    assert outsider.submit(path, {"message": telling, "keep_message": "on"}).headers["location"] == "/mentee"


def test_a_name_in_a_message_needs_no_notice(outsider: Browser, mentor_id: UUID) -> None:
    asked = outsider.submit(f"/mentee/ask/{mentor_id}", {"message": "Dear Dr. Mentor, may I ask you?"})
    assert asked.headers["location"] == "/mentee"


def test_a_message_that_is_too_long_is_kept(outsider: Browser, mentor_id: UUID) -> None:
    page = outsider.checked(outsider.submit(f"/mentee/ask/{mentor_id}", {"message": "x" * 1201}), 422)
    assert "x" * 1201 in page
    assert "Use at most 1200 characters." in page


def test_a_request_is_taken_back_and_the_place_is_free(outsider: Browser, mentor_id: UUID, as_owner: Database) -> None:
    outsider.submit(f"/mentee/ask/{mentor_id}")
    with as_owner.reading(SYSTEM) as session:
        request_id = session.scalar(select(MentoringRequest.id))
    outsider.submit(f"/mentee/offers/request/{request_id}/withdraw")
    page = outsider.page("/mentee")
    assert "Waiting for an answer" not in page
    assert len(sent(as_owner, "ParticipantChanged")) == 2


def test_choosing_for_me_takes_requests_back(outsider: Browser, mentor_id: UUID, as_owner: Database) -> None:
    outsider.submit(f"/mentee/ask/{mentor_id}")
    outsider.submit("/mentee/choose-for-me")
    with as_owner.reading(SYSTEM) as session:
        assert session.scalar(select(MentoringRequest.state)) == "withdrawn"


def test_a_decline_is_told_kindly(outsider: Browser, mentor_id: UUID, as_owner: Database, cast: Cast) -> None:
    with as_owner.writing(SYSTEM) as session:
        mentor = session.get_one(Participant, mentor_id)
        rows.make_request(
            session, cast.participants["outsider"], mentor, state="declined", decline_reason="not_my_field"
        )
    page = outsider.page("/mentee")
    assert "They think somebody else can help you better." in page
    assert "not_my_field" not in page


def test_an_empty_list_says_what_to_do(outsider: Browser, cast: Cast, as_owner: Database) -> None:
    with as_owner.writing(SYSTEM) as session:
        session.add(SuggestionList(mentee_id=cast.participants["outsider"].id))
    assert "You are in the next match" in outsider.page("/mentee")


@pytest.mark.parametrize(
    ("language", "heading", "reason"),
    [("es", "Mentores sugeridos", "se parece"), ("fr", "Mentors suggérés", "proche de ce que")],
)
def test_the_page_speaks_the_language_of_its_reader(
    outsider: Browser, mentor_id: UUID, cast: Cast, as_owner: Database, language: str, heading: str, reason: str
) -> None:
    with as_owner.writing(SYSTEM) as session:
        session.get_one(Account, cast.accounts["outsider"].id).language = language
    page = outsider.page("/mentee")
    assert heading in page
    assert reason in page
    assert "closer than 93" not in page


def test_the_api_tells_the_same(outsider: Browser, mentor_id: UUID, services: Services) -> None:
    told = outsider.get("/api/v1/me/suggestions").json()
    assert told["ready"] is True
    assert [(one["mentor_id"], one["free_places"]) for one in told["suggestions"]] == [(str(mentor_id), 2)]
    headers = {"X-CSRF-Token": outsider.csrf_token}
    made = outsider.post("/api/v1/me/requests", json={"mentor_id": str(mentor_id)}, headers=headers)
    assert made.status_code == 201
    assert [one["other"] for one in outsider.get("/api/v1/me/offers").json()] == ["Grace Mentor"]
