import base64
from datetime import UTC, datetime, timedelta

from infra.demo.loading import nation_rows
from infra.demo.nation import MENTOR_EMAIL, STAFF, TRAINEE_EMAIL, Nation, build_nation
from infra.demo.people import Mentee, Mentor
from infra.demo.records.program import Secrets
from shared.models.accounts import Account
from shared.models.enrollment import Consent, Participant
from shared.models.matching import MentoringRequest
from shared.models.mentorships import Mentorship, SurveyResponse
from shared.security.keyring import KEY_BYTES, Keyring
from tests.unit.demo.nation import NOW

KEYRING = Keyring.parse("test:" + base64.b64encode(b"k" * KEY_BYTES).decode())


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


def test_the_cast_is_the_same_person_from_noon_to_noon_and_found_on_any_day() -> None:
    evening = build_nation(datetime(2026, 11, 22, 23, 50, tzinfo=UTC))
    assert evening == build_nation(NOW)
    assert build_nation(NOW + timedelta(hours=23, minutes=59)) == evening
    for days in (17, 101, 250):
        later = build_nation(NOW + timedelta(days=days))
        assert mentor_of(later).slots(later.cycle) > 1
        assert later.pilot.requests


def test_nothing_has_happened_later_than_now() -> None:
    morning = NOW - timedelta(hours=5)
    tables = nation_rows(build_nation(morning), Secrets(KEYRING, bytes(KEY_BYTES)))
    happened = {
        Participant: ("registered_at",), Account: ("created_at",), Consent: ("given_at",),
        MentoringRequest: ("created_at", "decided_at"), Mentorship: ("started_at", "ended_at"),
        SurveyResponse: ("invited_at", "answered_at"),
    }  # fmt: skip
    for table, columns in happened.items():
        assert max(row[column] for row in tables[table] for column in columns if row[column]) <= morning, table


def test_staff_has_one_of_each_role_and_only_the_coordinator_a_site() -> None:
    assert [(one.role, bool(one.site)) for one in STAFF] == [
        ("lead", False), ("coordinator", True), ("operator", False)]
