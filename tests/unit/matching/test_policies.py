"""Who may do what in a match, decided without a database."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from services.api.matching.offers.policy import is_mentor, may_answer_offer, may_withdraw_offer
from services.api.matching.runs.policy import may_steer_runs
from services.api.matching.suggestions.policy import is_mentee, may_ask_as
from services.api.mentorships.policy import may_act_in_mentorship, may_see_mentorship
from services.api.mentorships.queries import MEETING_TRANSITIONS
from services.api.visitor import STRANGER, Participation, StaffGrant, Visitor
from shared.models.matching import OFFER_TRANSITIONS, RUN_TRANSITIONS, MentoringRequest, OfferState, RunState
from shared.models.mentorships import MENTORSHIP_TRANSITIONS, MeetingState, Mentorship, MentorshipState
from shared.models.programs import Program

PROGRAM, OTHER_PROGRAM = Program(id=uuid4(), slug="one"), Program(id=uuid4(), slug="other")
MENTEE_ID, MENTOR_ID = uuid4(), uuid4()
OFFER = MentoringRequest(id=uuid4(), mentee_id=MENTEE_ID, mentor_id=MENTOR_ID, respond_by=datetime.now(UTC))
PAIR = Mentorship(id=uuid4(), mentee_id=MENTEE_ID, mentor_id=MENTOR_ID, state="active")
ENDED = Mentorship(id=uuid4(), mentee_id=MENTEE_ID, mentor_id=MENTOR_ID, state="closed")


def enrolled(participant_id: object, role: str, state: str = "active") -> Visitor:
    one = Participation(participant_id, PROGRAM.id, uuid4(), role, uuid4(), state)  # type: ignore[arg-type]
    return Visitor(account_id=uuid4(), participations=(one,))


def staff(role: str, program: Program | None) -> Visitor:
    grant = StaffGrant(role, program.id if program else None, uuid4() if role == "coordinator" else None)
    return Visitor(account_id=uuid4(), roles=frozenset({grant}))


MENTEE, MENTOR, OUTSIDER = enrolled(MENTEE_ID, "mentee"), enrolled(MENTOR_ID, "mentor"), enrolled(uuid4(), "mentor")
LEAD, OPERATOR, COORDINATOR = staff("lead", PROGRAM), staff("operator", None), staff("coordinator", PROGRAM)
OTHERS = [STRANGER, OUTSIDER, LEAD, OPERATOR, COORDINATOR]


def test_only_leads_of_the_program_steer_its_runs() -> None:
    assert may_steer_runs(LEAD, PROGRAM).allowed
    for visitor in (STRANGER, MENTEE, MENTOR, OPERATOR, COORDINATOR, staff("lead", OTHER_PROGRAM)):
        decision = may_steer_runs(visitor, PROGRAM)
        assert (decision.allowed, decision.hide) == (False, True)
    assert may_steer_runs(LEAD, None).hide


def test_the_mentor_or_the_holder_of_the_link_answers() -> None:
    assert may_answer_offer(MENTOR, OFFER, by_link=False).allowed
    assert may_answer_offer(STRANGER, OFFER, by_link=True).allowed
    for visitor in (*OTHERS, MENTEE):
        assert may_answer_offer(visitor, OFFER, by_link=False).hide
    assert may_answer_offer(MENTOR, None, by_link=True).hide


def test_only_the_mentee_takes_back() -> None:
    assert may_withdraw_offer(MENTEE, OFFER).allowed
    for visitor in (*OTHERS, MENTOR):
        assert may_withdraw_offer(visitor, OFFER).hide


def test_pages_of_a_role_are_for_that_role() -> None:
    assert is_mentee(MENTEE).allowed
    assert is_mentor(MENTOR).allowed
    assert not is_mentee(MENTOR).allowed
    assert not is_mentor(MENTEE).allowed


def test_somebody_on_a_break_does_not_ask() -> None:
    assert may_ask_as(MENTEE, MENTEE_ID).allowed
    assert not may_ask_as(enrolled(MENTEE_ID, "mentee", "paused"), MENTEE_ID).allowed
    assert not may_ask_as(MENTEE, uuid4()).allowed


@pytest.mark.parametrize("visitor", OTHERS)
def test_nobody_but_the_two_sees_a_mentorship(visitor: Visitor) -> None:
    assert may_see_mentorship(MENTEE, PAIR).allowed
    assert may_see_mentorship(MENTOR, PAIR).allowed
    assert may_see_mentorship(visitor, PAIR).hide
    assert may_act_in_mentorship(visitor, PAIR).hide


def test_an_ended_mentorship_is_only_looked_at() -> None:
    assert may_see_mentorship(MENTEE, ENDED).allowed
    refused = may_act_in_mentorship(MENTEE, ENDED)
    assert (refused.allowed, refused.hide) == (False, False)


@pytest.mark.parametrize(
    ("table", "states", "start"),
    [
        (RUN_TRANSITIONS, RunState, RunState.REQUESTED),
        (OFFER_TRANSITIONS, OfferState, OfferState.OPEN),
        (MENTORSHIP_TRANSITIONS, MentorshipState, MentorshipState.ACTIVE),
        (MEETING_TRANSITIONS, MeetingState, MeetingState.SCHEDULED),
    ],
)
def test_every_state_is_in_its_table_and_can_be_reached(table: dict, states: type, start: object) -> None:  # type: ignore[type-arg]
    assert set(table) == set(states)  # type: ignore[call-overload]
    reached, border = {start}, [start]
    while border:
        new = table[border.pop()] - reached
        reached |= new
        border += new
    assert reached == set(states)  # type: ignore[call-overload]
    assert start not in set().union(*table.values())
