"""Suggestions: there at once, with reasons, only mentors with slots left, the same from visit to visit."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shared.contracts.messages import CycleFilled, MatchRunRequested, Message, ParticipantChanged
from shared.models.bandwidth import BandwidthPeriod
from shared.models.enrollment import Participant, Profile
from shared.models.matching import CycleProgress, MentorPrice, Suggestion, SuggestionList
from shared.models.programs import Cycle
from shared.outbox.inbox import Outcome
from tests.factories import rows
from tests.integration.matcher.conftest import Nation

Receive = Callable[[Message], Outcome]
SLOTS_OF_EACH_MENTOR = 2


def _suggested(owner: Session, mentee: UUID) -> list[UUID]:
    return list(owner.scalars(select(Suggestion.mentor_id).filter_by(mentee_id=mentee).order_by(Suggestion.rank)))


def test_a_new_mentee_gets_a_list_with_reasons(nation: Nation, receive: Receive, owner: Session) -> None:
    assert receive(ParticipantChanged(participant_id=nation.mentees[0])) is Outcome.DONE
    first = owner.scalars(select(Suggestion).filter_by(mentee_id=nation.mentees[0], rank=1)).one()
    assert first.explanation["reasons"]
    assert owner.get_one(SuggestionList, nation.mentees[0]).eligible == 5


def _wish_for(owner: Session, nation: Nation, *kinds: str) -> None:
    """Near-peers are the first two mentors; the first mentee wishes for these kinds."""
    owner.execute(update(Participant).where(Participant.id.in_(nation.mentors[:2])).values(stage="pgy1"))
    owner.execute(update(Profile).where(Profile.participant_id == nation.mentees[0]).values(kinds=list(kinds)))
    owner.commit()


def _kinds(owner: Session, mentee: UUID) -> list[str]:
    return list(owner.scalars(select(Suggestion.kind).filter_by(mentee_id=mentee).order_by(Suggestion.rank)))


def test_a_list_serves_each_kind_of_wish_in_turn(nation: Nation, receive: Receive, owner: Session) -> None:
    _wish_for(owner, nation, "near_peer", "faculty")
    receive(ParticipantChanged(participant_id=nation.mentees[0]))
    assert _kinds(owner, nation.mentees[0]) == ["near_peer", "faculty", "near_peer", "faculty", "faculty"]
    assert owner.get_one(SuggestionList, nation.mentees[0]).eligible == 5


def test_a_wish_that_waits_for_an_answer_gets_no_suggestions(nation: Nation, receive: Receive, owner: Session) -> None:
    _wish_for(owner, nation, "near_peer", "faculty")
    mentee, mentor = (owner.get_one(Participant, one) for one in (nation.mentees[0], nation.mentors[0]))
    rows.make_request(owner, mentee, mentor, kind="near_peer")
    owner.commit()
    receive(ParticipantChanged(participant_id=mentee.id))
    assert _kinds(owner, mentee.id) == ["faculty"] * 3


def test_a_list_stays_as_it_is_when_nothing_changed(nation: Nation, receive: Receive, owner: Session) -> None:
    receive(CycleFilled(cycle_id=nation.cycle_id))
    before = _suggested(owner, nation.mentees[3])
    receive(ParticipantChanged(participant_id=nation.mentees[3]))
    assert _suggested(owner, nation.mentees[3]) == before
    assert len(before) == 5


def test_mentors_without_slots_are_not_suggested(nation: Nation, receive: Receive, owner: Session) -> None:
    receive(ParticipantChanged(participant_id=nation.mentees[0]))
    owner.execute(
        update(BandwidthPeriod).where(BandwidthPeriod.participant_id == nation.mentors[1]).values(mentee_slots=0)
    )
    owner.commit()
    receive(ParticipantChanged(participant_id=nation.mentees[0]))
    assert nation.mentors[1] not in _suggested(owner, nation.mentees[0])
    assert len(_suggested(owner, nation.mentees[0])) == 4


def test_what_somebody_writes_anew_changes_their_list(nation: Nation, receive: Receive, owner: Session) -> None:
    receive(CycleFilled(cycle_id=nation.cycle_id))
    owner.execute(
        update(Profile)
        .where(Profile.participant_id == nation.mentees[0])
        .values(statements={"wish": "research in cardiology and a doctorate 2"})
    )
    owner.commit()
    receive(ParticipantChanged(participant_id=nation.mentees[0]))
    assert _suggested(owner, nation.mentees[0])[0] == nation.mentors[2]


def test_the_first_embedding_of_a_cycle_shows_how_far_it_is(nation: Nation, receive: Receive, owner: Session) -> None:
    receive(CycleFilled(cycle_id=nation.cycle_id))
    progress = owner.get_one(CycleProgress, nation.cycle_id)
    assert progress.embedded == progress.texts == 12


def test_after_a_match_first_suggestions_spread_over_the_mentors(
    nation: Nation, receive: Receive, owner: Session
) -> None:
    """All mentees wish what one mentor offers; without prices all are sent there."""
    popular = nation.mentors[0]
    alike = (*nation.mentees, popular)
    owner.execute(
        update(Profile).where(Profile.participant_id.in_(alike)).values(statements={"wish": "the very same words"})
    )
    owner.commit()
    receive(CycleFilled(cycle_id=nation.cycle_id))
    assert {_suggested(owner, mentee)[0] for mentee in nation.mentees} == {popular}
    receive(MatchRunRequested(run_id=nation.run_id))
    receive(CycleFilled(cycle_id=nation.cycle_id))
    priced = [_suggested(owner, mentee)[0] for mentee in nation.mentees]
    assert priced.count(popular) <= 2 * SLOTS_OF_EACH_MENTOR


def test_a_mentor_who_comes_after_the_match_is_not_first_for_want_of_a_price(
    nation: Nation, receive: Receive, owner: Session
) -> None:
    """Everybody but the newcomer offers what the mentee wishes for, at a price."""
    owner.execute(update(Profile).values(statements={"wish": "the very same words"}))
    owner.commit()
    receive(MatchRunRequested(run_id=nation.run_id))
    cycle = owner.get_one(Cycle, nation.cycle_id)
    late = rows.make_participant(owner, cycle, "mentor", rows.make_institution(owner), rows.make_account(owner))
    owner.commit()
    receive(ParticipantChanged(participant_id=late.id))
    receive(ParticipantChanged(participant_id=nation.mentees[0]))
    assert sorted(_suggested(owner, nation.mentees[0])) == sorted(nation.mentors)


def test_a_mentor_who_had_no_slot_in_the_match_has_no_price(nation: Nation, receive: Receive, owner: Session) -> None:
    periods = update(BandwidthPeriod).where(BandwidthPeriod.participant_id == nation.mentors[1])
    owner.execute(periods.values(mentee_slots=0))
    owner.commit()
    receive(MatchRunRequested(run_id=nation.run_id))
    assert set(owner.scalars(select(MentorPrice.mentor_id))) == {*nation.mentors} - {nation.mentors[1]}
