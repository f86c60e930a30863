"""Mentors accept and decline: once, never beyond their room, also when two try at the same instant."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from services.api.errors import ConflictError
from services.api.matching.offers import service
from services.api.matching.offers.queries import find_offer
from services.api.services import Services
from shared.clock import FixedClock
from shared.db.actor import SYSTEM
from shared.db.engine import Database, WriteSession
from shared.models.bandwidth import BandwidthPeriod
from shared.models.enrollment import DimensionAnswer, Participant
from shared.models.matching import MentoringRequest, OfferState
from shared.models.mentorships import Mentorship
from shared.models.oversight import AuditEvent
from shared.security.answer_links import OfferKind, answer_token
from shared.security.identity import seal_answer
from shared.security.keyring import Keyring
from shared.settings import DEVELOPMENT_KEYS
from tests.factories import matching, rows
from tests.factories.browser import Browser
from tests.factories.cast import Cast
from tests.integration.matching.scene import new_person, sent


@pytest.fixture
def request_id(as_owner: Database, cast: Cast) -> UUID:
    """Somebody asks the mentor of the cast, who has one of two places left."""
    with as_owner.writing(SYSTEM) as session:
        mentee = new_person(session, cast, "mentee", name="Ada Trainee", email="ada@example.org")
        asked = rows.make_request(
            session, mentee, cast.participants["mentor"], explanation=matching.explanation(), message="May I ask you?"
        )
        return asked.id


def state_of(database: Database, request_id: UUID) -> str | None:
    with database.reading(SYSTEM) as session:
        return session.scalar(select(MentoringRequest.state).where(MentoringRequest.id == request_id))


def link(services: Services, request_id: UUID, days: int = 14) -> str:
    secret = services.settings.secret_key.get_secret_value()
    until = services.clock.now() + timedelta(days=days)
    return f"/answer/request/{request_id}?token={answer_token(secret, OfferKind.REQUEST, request_id, until)}"


def test_the_mentor_sees_who_asks_and_why_but_no_address(mentor: Browser, request_id: UUID) -> None:
    page = mentor.page(f"/answer/request/{request_id}")
    assert "Ada Trainee" in page
    assert "May I ask you?" in page
    assert "closer than 93" in page
    assert "ada@example.org" not in page
    assert "Ada Trainee" in mentor.page("/mentor")


def test_accepting_opens_the_mentorship_to_both(mentor: Browser, request_id: UUID, as_owner: Database) -> None:
    answer = mentor.submit(f"/answer/request/{request_id}", {"choice": "accept"})
    assert answer.headers["location"].startswith("/mentorships/")
    assert "ada@example.org" in mentor.page(answer.headers["location"])
    assert state_of(as_owner, request_id) == OfferState.ACCEPTED
    assert len(sent(as_owner, "RequestAccepted")) == 2


def test_a_get_from_the_mail_answers_nothing(api_client: Browser, services: Services, request_id: UUID) -> None:
    page = api_client.page(link(services, request_id) + "&choice=accept")
    assert "Will you be their mentor?" in page
    assert state_of(services.database, request_id) == OfferState.OPEN


def test_the_link_of_the_mail_answers_without_a_log_in(
    api_client: Browser, services: Services, request_id: UUID
) -> None:
    answer = api_client.submit(link(services, request_id), {"choice": "accept"})
    assert answer.status_code == 303
    assert "You said yes" in api_client.page(answer.headers["location"])
    assert state_of(services.database, request_id) == OfferState.ACCEPTED


def test_a_link_tells_nobody_what_the_two_share_of_who_they_are(
    api_client: Browser, mentor: Browser, services: Services, request_id: UUID, as_owner: Database, cast: Cast
) -> None:
    """Mail programs and scanners open links; only the mentor who is logged in reads it."""
    with as_owner.writing(SYSTEM) as session:
        mentee = session.get_one(Participant, session.get_one(MentoringRequest, request_id).mentee_id)
        for person in (mentee, cast.participants["mentor"]):
            show_answer(session, cast, person, "First physician in the family")
    assert "First physician in the family" not in api_client.page(link(services, request_id))
    assert "First physician in the family" in mentor.page(f"/answer/request/{request_id}")
    assert "First physician in the family" in mentor.page(link(services, request_id))


def show_answer(session: WriteSession, cast: Cast, person: Participant, answer: str) -> None:
    answer_id = uuid4()
    sealed = seal_answer(Keyring.parse(DEVELOPMENT_KEYS), answer_id, answer)
    session.add(
        DimensionAnswer(
            id=answer_id, program_id=person.program_id, account_id=person.account_id, participant_id=person.id,
            dimension_id=cast.dimension.id, sealed=sealed, may_show=True,
        )
    )  # fmt: skip


def test_an_expired_or_foreign_link_leads_to_the_log_in(
    api_client: Browser, services: Services, request_id: UUID
) -> None:
    assert api_client.get(link(services, request_id, days=-1)).headers["location"].startswith("/login")
    assert api_client.get(f"/answer/request/{request_id}?token=x").headers["location"].startswith("/login")


def test_the_log_in_says_kindly_that_the_link_is_too_old(
    api_client: Browser, services: Services, request_id: UUID
) -> None:
    for path, is_told in ((link(services, request_id, days=-1), True), (f"/answer/request/{request_id}", False)):
        page = api_client.page(api_client.get(path).headers["location"])
        assert ("This link does not open the answer" in page) is is_told
    late = api_client.submit(link(services, request_id, days=-1), {"choice": "accept"})
    assert "This link does not open the answer" in api_client.page(late.headers["location"])


def test_a_decline_needs_a_reason_and_keeps_the_page(mentor: Browser, request_id: UUID, as_owner: Database) -> None:
    page = mentor.checked(mentor.submit(f"/answer/request/{request_id}", {"choice": "decline"}), 422)
    assert "Choose the reason that comes closest." in page
    assert state_of(as_owner, request_id) == OfferState.OPEN


def test_a_decline_frees_the_place_and_tells_the_mentee(
    mentor: Browser, request_id: UUID, as_owner: Database, services: Services
) -> None:
    mentor.submit(f"/answer/request/{request_id}", {"choice": "decline", "reason": "no_time"})
    assert state_of(as_owner, request_id) == OfferState.DECLINED
    assert {row["request_id"] for row in sent(as_owner, "RequestDeclined")} == {str(request_id)}
    assert "1 of 2 places taken, 0 held" in mentor.page("/mentor")


def test_a_second_answer_lands_on_the_page_that_tells_what_was_decided(
    mentor: Browser, request_id: UUID, as_owner: Database
) -> None:
    path = f"/answer/request/{request_id}"
    mentor.submit(path, {"choice": "decline", "reason": "no_time"})
    mentor.page("/mentor")  # where the thanks for the answer are read
    assert mentor.submit(path, {"choice": "accept"}).headers["location"] == path
    page = mentor.page(path)
    assert "This was declined already." in page
    assert "You declined this." in page
    assert state_of(as_owner, request_id) == OfferState.DECLINED
    with as_owner.reading(SYSTEM) as session:
        noted = session.scalars(select(AuditEvent.action).where(AuditEvent.object_id == request_id)).all()
    assert noted == ["request.declined"]


def test_a_link_that_declines_after_an_accept_tells_so(
    api_client: Browser, services: Services, request_id: UUID
) -> None:
    path = link(services, request_id)
    api_client.submit(path, {"choice": "accept"})
    assert api_client.submit(path, {"choice": "decline", "reason": "no_time"}).headers["location"] == path
    page = api_client.page(path)
    assert "This was accepted already." in page
    assert "You said yes" in page


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (OfferState.DECLINED, "You declined this."),
        (OfferState.WITHDRAWN, "They have taken this back"),
        (OfferState.EXPIRED, "The time to answer is over"),
        (OfferState.OPEN, "The time to answer is over"),
    ],
)
def test_what_is_over_tells_nothing_more_of_who_asked(
    api_client: Browser,
    mentor: Browser,
    services: Services,
    request_id: UUID,
    as_owner: Database,
    state: OfferState,
    sentence: str,
) -> None:
    with as_owner.writing(SYSTEM) as session:
        asked = session.get_one(MentoringRequest, request_id)
        asked.state, asked.respond_by = state, services.clock.now() - timedelta(hours=1)
    for page in (api_client.page(link(services, request_id)), mentor.page(f"/answer/request/{request_id}")):
        assert sentence in page
        for told in ("Ada Trainee", "May I ask you?", "closer than 93", "What they look for"):
            assert told not in page


def test_a_bandwidth_that_shrank_is_checked_again(mentor: Browser, request_id: UUID, as_owner: Database) -> None:
    with as_owner.writing(SYSTEM) as session:
        for period in session.scalars(select(BandwidthPeriod)):
            period.mentee_slots = 1
    refused = mentor.submit(f"/answer/request/{request_id}", {"choice": "accept"})
    assert "Every mentee slot of your bandwidth is taken" in mentor.checked(refused, 409)
    assert state_of(as_owner, request_id) == OfferState.OPEN


def test_a_pair_that_must_not_meet_by_now_is_not_accepted(
    mentor: Browser, request_id: UUID, as_owner: Database, cast: Cast
) -> None:
    with as_owner.writing(SYSTEM) as session:
        mentee = session.get_one(Participant, session.get_one(MentoringRequest, request_id).mentee_id)
        rows.make_exclusion(session, mentee, cast.participants["mentor"])
    refused = mentor.submit(f"/answer/request/{request_id}", {"choice": "accept"})
    assert "You two can no longer be matched." in mentor.checked(refused, 409)
    assert state_of(as_owner, request_id) == OfferState.OPEN


def test_somebody_who_has_left_is_not_accepted(mentor: Browser, request_id: UUID, as_owner: Database) -> None:
    with as_owner.writing(SYSTEM) as session:
        session.get_one(Participant, session.get_one(MentoringRequest, request_id).mentee_id).state = "withdrawn"
    refused = mentor.submit(f"/answer/request/{request_id}", {"choice": "accept"})
    assert "This person is no longer here." in mentor.checked(refused, 409)
    assert state_of(as_owner, request_id) == OfferState.OPEN


def test_of_two_accepts_for_the_last_place_one_wins(as_owner: Database, services: Services, cast: Cast) -> None:
    with as_owner.writing(SYSTEM) as session:
        mentor = cast.participants["mentor"]
        asked = [rows.make_request(session, new_person(session, cast, "mentee"), mentor).id for _ in range(2)]
    together = Barrier(2)

    def try_to_accept(request_id: UUID) -> str:
        with services.database.writing(SYSTEM) as session:
            offer = find_offer(session, OfferKind.REQUEST, request_id)
            assert offer is not None
            together.wait()
            try:
                return service.accept(session, offer, services.clock.now()).state
            except ConflictError as error:
                return error.code

    with ThreadPoolExecutor(2) as threads:
        results = list(threads.map(try_to_accept, asked))
    assert sorted(results) == ["active", "no_room"]
    assert _mentorships_of(as_owner, mentor.id) == 2  # the one of the cast, and the winner's


def test_one_offer_accepted_twice_at_once_makes_one_mentorship(
    as_owner: Database, services: Services, cast: Cast, request_id: UUID
) -> None:
    together = Barrier(2)

    def try_to_accept(_number: int) -> str:
        with services.database.writing(SYSTEM) as session:
            offer = find_offer(session, OfferKind.REQUEST, request_id)
            assert offer is not None
            together.wait()
            try:
                return service.accept(session, offer, services.clock.now()).state
            except ConflictError as error:
                return error.code

    with ThreadPoolExecutor(2) as threads:
        results = sorted(threads.map(try_to_accept, range(2)))
    assert results == ["active", "already_answered"]
    assert len(sent(as_owner, "RequestAccepted")) == 2  # one message for each of two queues


def _mentorships_of(database: Database, mentor_id: UUID) -> int | None:
    with database.reading(SYSTEM) as session:
        return session.scalar(select(func.count()).where(Mentorship.mentor_id == mentor_id))


def test_what_nobody_answers_expires_and_frees_the_place(
    as_owner: Database, services: Services, clock: FixedClock, request_id: UUID, mentor: Browser
) -> None:
    with services.database.writing(SYSTEM) as session:
        assert service.expire_overdue(session, clock) == 0
    clock.at += timedelta(days=15)
    with services.database.writing(SYSTEM) as session:
        assert service.expire_overdue(session, clock) == 1
        assert service.expire_overdue(session, clock) == 0
    assert state_of(as_owner, request_id) == OfferState.EXPIRED
    assert len(sent(as_owner, "RequestDeclined")) == 2


def test_nobody_accepts_after_the_time_is_over(
    services: Services, clock: FixedClock, request_id: UUID, cast: Cast
) -> None:
    clock.at += timedelta(days=15)
    with services.database.writing(SYSTEM) as session:
        offer = find_offer(session, OfferKind.REQUEST, request_id)
        assert offer is not None
        with pytest.raises(ConflictError):
            service.accept(session, offer, clock.now())
