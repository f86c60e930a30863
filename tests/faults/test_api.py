"""The API is killed around a commit, or asked twice at once: what a person was told is done; nothing is half done."""

import signal
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import func, select

from shared.contracts.messages import RequestAccepted
from shared.db.actor import SYSTEM
from shared.models.matching import MentoringRequest, OfferState
from shared.models.mentorships import Mentorship
from tests.factories import rows
from tests.factories.cast import Cast, make_cast
from tests.faults.ambush import Moment
from tests.faults.people import BROKEN, Person
from tests.faults.world import World
from tests.integration.matching.scene import new_person

MENTORSHIP = "INSERT INTO program.mentorship"
YES = {"choice": "accept"}


@pytest.fixture
def cast(world: World) -> Cast:
    with world.api.writing(SYSTEM) as session:
        return make_cast(session)


def ask_mentor(world: World, cast: Cast, mentees: int = 1) -> list[UUID]:
    """So many mentees ask the mentor of the cast, who has one place left."""
    with world.api.writing(SYSTEM) as session:
        mentor = cast.participants["mentor"]
        return [rows.make_request(session, new_person(session, cast, "mentee"), mentor).id for _ in range(mentees)]


def mentor_of(world: World, cast: Cast, address: str) -> Person:
    return Person(world.settings, address).log_in(world.api, cast.accounts["mentor"].id)


def what_is_there(world: World, cast: Cast) -> tuple[list[str], int, int]:
    """The requests' states, mentorships besides that of the cast, and messages that tell of an acceptance."""
    with world.owner.reading(SYSTEM) as session:
        states = list(session.scalars(select(MentoringRequest.state).order_by(MentoringRequest.state)))
        mentorships = session.scalar(select(func.count()).select_from(Mentorship)) or 0
    return states, mentorships - 1, len(world.outbox(RequestAccepted.name()))


def test_an_accept_killed_before_its_commit_has_not_happened_and_works_the_second_time(
    world: World, cast: Cast
) -> None:
    (request,) = ask_mentor(world, cast)
    mentor = mentor_of(world, cast, world.start_api(world.ambush(MENTORSHIP, Moment.BEFORE_COMMIT)))
    with pytest.raises(BROKEN):
        mentor.submit(f"/answer/request/{request}", YES)
    assert what_is_there(world, cast) == ([OfferState.OPEN], 0, 0)
    mentor.address = world.start_api()
    assert mentor.submit(f"/answer/request/{request}", YES).headers["location"].startswith("/mentorships/")
    assert what_is_there(world, cast) == ([OfferState.ACCEPTED], 1, 2)


def test_an_accept_killed_after_its_commit_is_there_whole_and_a_second_try_is_told_so(world: World, cast: Cast) -> None:
    (request,) = ask_mentor(world, cast)
    mentor = mentor_of(world, cast, world.start_api(world.ambush(MENTORSHIP, Moment.AFTER_COMMIT)))
    with pytest.raises(BROKEN):
        mentor.submit(f"/answer/request/{request}", YES)
    assert what_is_there(world, cast) == ([OfferState.ACCEPTED], 1, 2)
    mentor.address = world.start_api()
    again = mentor.submit(f"/answer/request/{request}", YES)
    assert (again.status_code, again.headers["location"]) == (303, f"/answer/request/{request}")
    assert "You said yes" in mentor.get(again.headers["location"]).text
    assert what_is_there(world, cast) == ([OfferState.ACCEPTED], 1, 2)


def test_what_was_answered_survives_api_and_database_dying_at_once(world: World, cast: Cast) -> None:
    (request,) = ask_mentor(world, cast)
    answer = mentor_of(world, cast, world.start_api()).submit(f"/answer/request/{request}", YES)
    world.servers.stop_postgres(signal.SIGQUIT)
    world.programs["api"].kill()
    world.servers.start_postgres()
    assert answer.headers["location"].startswith("/mentorships/")
    assert what_is_there(world, cast) == ([OfferState.ACCEPTED], 1, 2)


def test_of_two_accepts_of_the_last_place_over_http_one_wins_and_the_other_is_told_why(
    world: World, cast: Cast
) -> None:
    requests = ask_mentor(world, cast, mentees=2)
    address = world.start_api()
    browsers = [mentor_of(world, cast, address) for _ in requests]
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda who, what: who.submit(f"/answer/request/{what}", YES), browsers, requests))
    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    assert (won.status_code, lost.status_code) == (303, 409)
    assert "Every mentee slot of your bandwidth is taken" in lost.text
    assert what_is_there(world, cast) == ([OfferState.ACCEPTED, OfferState.OPEN], 1, 2)
