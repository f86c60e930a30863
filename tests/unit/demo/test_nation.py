from datetime import UTC, datetime, timedelta

from infra.demo.nation import MENTOR_EMAIL, STAFF, TRAINEE_EMAIL, Nation, build_nation
from infra.demo.people import Mentee, Mentor
from tests.unit.demo.nation import NOW


def trainee_of(nation: Nation) -> Mentee:
    return next(m for m in nation.crowd.mentees if m.person.key == nation.trainee)


def mentor_of(nation: Nation) -> Mentor:
    return next(m for m in nation.crowd.mentors if m.person.key == nation.mentor)


def test_the_leading_parts_are_unpromised_and_have_something_to_show() -> None:
    nation = build_nation(NOW)
    trainee, mentor = trainee_of(nation), mentor_of(nation)
    asked = {key for request in nation.early.requests for key in (request.mentee, request.mentor)}
    assert not {nation.trainee, nation.mentor} & asked
    assert trainee.person.email == TRAINEE_EMAIL
    assert mentor.person.email == MENTOR_EMAIL
    assert any(answer.may_match and answer.may_show for answer in trainee.answers)
    assert mentor.slots(nation.cycle) > 1


def test_the_cast_is_the_same_person_at_any_hour_of_a_day_and_found_on_any_day() -> None:
    evening = build_nation(datetime(2026, 11, 22, 23, 50, tzinfo=UTC))
    assert evening == build_nation(NOW)
    for days in (17, 101, 250):
        later = build_nation(NOW + timedelta(days=days))
        assert mentor_of(later).slots(later.cycle) > 1
        assert later.pilot.requests


def test_staff_has_one_of_each_role_and_only_the_coordinator_a_site() -> None:
    assert [(one.role, bool(one.site)) for one in STAFF] == [
        ("lead", False), ("coordinator", True), ("operator", False)]
