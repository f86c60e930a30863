from collections import Counter
from datetime import UTC, datetime

from infra.demo.history import History, PastMentorship, pilot_history
from shared.models.matching import OfferState
from shared.models.mentorships import MeetingState, MentorshipState
from tests.unit.demo.nation import EARLIER, NOW, OPEN, SEED, crowd, early, pilot


def mentorships(history: History) -> list[PastMentorship]:
    return [request.mentorship for request in history.requests if request.mentorship]


def test_the_pilot_is_told_the_same_way_every_time() -> None:
    assert pilot_history(SEED, crowd(), EARLIER) == pilot()


def test_the_pilot_has_mentorships_declines_silence_and_people_left_over() -> None:
    states = Counter(request.state for request in pilot().requests)
    assert states[OfferState.ACCEPTED] > 250
    assert states[OfferState.DECLINED] > 50
    assert states[OfferState.EXPIRED] > 10
    matched = {request.mentee for request in pilot().requests if request.mentorship}
    assert 20 < len(set(pilot().mentees) - matched) < 150


def test_everything_of_the_pilot_is_over_and_in_order() -> None:
    end = datetime(EARLIER.ends_on.year, EARLIER.ends_on.month, EARLIER.ends_on.day, 12, tzinfo=UTC)
    for request in pilot().requests:
        assert request.decided_at is not None
        assert request.asked_at < request.decided_at <= end
    for one in mentorships(pilot()):
        assert one.ended_at is not None
        assert one.started_at < one.ended_at <= end
        assert one.state is not MentorshipState.ACTIVE
        for meeting in one.meetings:
            assert one.started_at < meeting.starts_at < one.ended_at
            assert meeting.state is not MeetingState.SCHEDULED


def test_most_pairs_of_the_pilot_met_several_times_some_never() -> None:
    held = [sum(m.state is MeetingState.HELD for m in one.meetings) for one in mentorships(pilot())]
    assert sum(count == 0 for count in held) >= 10
    assert sum(count >= 3 for count in held) > len(held) / 2


def test_a_closed_mentorship_says_why_and_a_completed_one_need_not() -> None:
    for one in mentorships(pilot()):
        assert (one.closure_reason is not None) == (one.state is MentorshipState.CLOSED)


def test_survey_answers_range_from_one_to_five_with_honest_gaps() -> None:
    surveys = [survey for one in mentorships(pilot()) for survey in one.surveys]
    answered = [s for s in surveys if s.answered_at]
    assert 0.5 < len(answered) / len(surveys) < 0.85
    assert {s.satisfaction for s in answered} == {1, 2, 3, 4, 5}
    assert all(s.satisfaction is None and not s.comment for s in surveys if not s.answered_at)
    assert 0.1 < sum(bool(s.comment) for s in answered) / len(answered) < 0.6


def test_happier_pairs_meet_more_often() -> None:
    by_mood: dict[bool, list[int]] = {True: [], False: []}
    for one in mentorships(pilot()):
        for survey in one.surveys:
            if survey.satisfaction:
                by_mood[survey.satisfaction >= 4].append(len(one.meetings))
    glad, other = (sum(counts) / len(counts) for counts in by_mood.values())
    assert glad > other


def test_the_open_cycle_has_a_few_quick_pairs_and_requests_that_wait() -> None:
    states = Counter(request.state for request in early().requests)
    assert states[OfferState.OPEN] > 0
    assert all(one.state is MentorshipState.ACTIVE for one in mentorships(early()))
    assert 10 < len(mentorships(early())) < 60
    for request in early().requests:
        assert request.asked_at.date() >= OPEN.opens_on
        assert request.asked_at <= NOW


def test_nobody_carries_more_than_they_offered() -> None:
    slots = {m.person.key: m.slots(OPEN) for m in crowd().mentors}
    held = Counter(r.mentor for r in early().requests if r.state in {OfferState.ACCEPTED, OfferState.OPEN})
    assert all(count <= slots[mentor] for mentor, count in held.items())
