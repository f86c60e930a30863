"""The nation in a real database: loaded once, sealed, and within reach of each role just as designed."""

import base64
from datetime import UTC, datetime

from sqlalchemy import func, select, text

from infra.demo import queries
from infra.demo.loading import Loaded, load, request_match
from infra.demo.nation import MENTOR_EMAIL, STAFF, TRAINEE_EMAIL
from infra.demo.records.people import PRIVACY_VERSION
from infra.demo.records.program import POLICY
from services.api.enrollment import enrolling
from services.matcher.policy import Policy
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.models.accounts import Account
from shared.models.enrollment import DimensionAnswer, MatchToken
from shared.models.matching import MatchRun, RunState
from shared.models.messaging import OutboxMessage
from shared.models.programs import Dimension
from shared.security.identity import open_answer
from shared.security.keyring import Keyring

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
KEYRING = Keyring.parse("test:" + base64.b64encode(b"k" * 32).decode())


def test_the_nation_is_there_and_a_second_load_recognizes_it(as_api: Database) -> None:
    with as_api.writing(SYSTEM) as session:
        first = load(session, KEYRING, NOW)
    with as_api.writing(SYSTEM) as session:
        second = load(session, KEYRING, NOW)
        people = queries.count_people(session, first.cycle_id)
        accounts = session.scalar(select(func.count()).select_from(Account))
    assert first.rows > 30_000
    assert second == Loaded(first.cycle_id, 0)
    assert people["mentee"] >= 1500
    assert people["mentor"] >= 500
    assert accounts is not None
    assert accounts >= 2000


def test_the_match_is_asked_for_once_by_a_row_and_a_message(as_api: Database) -> None:
    with as_api.writing(SYSTEM) as session:
        cycle = load(session, KEYRING, NOW).cycle_id
    runs = []
    for _ in range(2):
        with as_api.writing(SYSTEM) as session:
            runs.append(request_match(session, cycle))
    with as_api.reading(SYSTEM) as session:
        states = list(session.scalars(select(MatchRun.state)))
        messages = {(m.name, m.queue): m.payload for m in session.scalars(select(OutboxMessage))}
    assert runs[0] == runs[1]
    assert states == [RunState.REQUESTED]
    assert messages == {
        ("CycleFilled", "matcher.runs"): {"cycle_id": str(cycle)},
        ("MatchRunRequested", "matcher.runs"): {"run_id": str(runs[0])},
    }


def test_answers_are_sealed_each_to_its_row_and_tokens_exist_only_for_those_who_match(as_api: Database) -> None:
    with as_api.writing(SYSTEM) as session:
        load(session, KEYRING, NOW)
    with as_api.reading(SYSTEM) as session:
        answers = {one.id: set(one.answers) for one in session.scalars(select(Dimension))}
        rows = session.scalars(select(DimensionAnswer)).all()
        pairs = session.execute(select(MatchToken.participant_id, MatchToken.dimension_id))
        tokens = {(participant, dimension) for participant, dimension in pairs}
    assert len(rows) > 1500
    for row in rows:
        assert open_answer(KEYRING, row.id, row.sealed) in answers[row.dimension_id]
    assert tokens == {(row.participant_id, row.dimension_id) for row in rows if row.may_match}


def test_the_matcher_sees_all_participants_and_none_of_their_names(as_api: Database, as_matcher: Database) -> None:
    with as_api.writing(SYSTEM) as session:
        cycle = load(session, KEYRING, NOW).cycle_id
        email = session.scalar(select(Account.email).where(Account.email == TRAINEE_EMAIL))
    with as_matcher.reading() as session:
        rows = session.execute(
            text("SELECT role, unmatched_before, statements FROM matching.blind_participant WHERE cycle_id = :cycle"),
            {"cycle": cycle},
        ).all()
    assert email == TRAINEE_EMAIL
    assert len(rows) > 2000
    assert sum(row.unmatched_before for row in rows) > 20
    assert all(len(row.statements) == 3 for row in rows)


def test_the_cast_has_one_of_each_role(as_api: Database) -> None:
    with as_api.writing(SYSTEM) as session:
        cycle = load(session, KEYRING, NOW).cycle_id
        found = set(session.scalars(select(Account.email).where(Account.email.endswith("@cast.example.org"))))
        trainee = queries.find_mentee(session, cycle, TRAINEE_EMAIL)
    assert found == {TRAINEE_EMAIL, MENTOR_EMAIL, *(one.email for one in STAFF)}
    assert {one.role for one in STAFF} == {"lead", "coordinator", "operator"}
    assert trainee is not None


def test_the_policy_of_the_demo_is_valid_and_counts_shared_experience() -> None:
    assert Policy.model_validate(POLICY).features.shared_experience.weight > 0


def test_the_consent_is_to_the_notice_that_the_api_shows() -> None:
    assert enrolling.PRIVACY_VERSION == PRIVACY_VERSION
