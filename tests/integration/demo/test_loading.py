"""The nation in a real database: loaded once, sealed, and within reach of each role just as designed."""

from sqlalchemy import func, select, text

from infra.demo import queries
from infra.demo.loading import Loaded, load, request_match
from infra.demo.nation import MENTOR_EMAIL, STAFF, TRAINEE_EMAIL
from infra.demo.records.people import PRIVACY_VERSION
from infra.demo.records.program import POLICY
from services.api.dashboards.suppression import SMALLEST
from services.api.enrollment import enrolling
from services.matcher.policy import Policy
from shared.db.actor import SYSTEM
from shared.demo import CAST_DOMAIN
from shared.models.accounts import Account
from shared.models.enrollment import DimensionAnswer, MatchToken
from shared.models.matching import MatchRun, RunState
from shared.models.mentorships import Mentorship, SurveyResponse
from shared.models.messaging import OutboxMessage
from shared.models.programs import Dimension
from shared.security.identity import open_answer
from shared.vocabulary.mentoring import Role
from tests.integration.demo.conftest import KEYRING, NOW, LoadedNation


def test_the_nation_is_there_and_a_second_load_recognizes_it(nation: LoadedNation) -> None:
    with nation.api.writing(SYSTEM) as session:
        again = load(session, KEYRING, NOW)
        people = queries.count_people(session, again.cycle_id)
        accounts = session.scalar(select(func.count()).select_from(Account))
    assert nation.loaded.rows > 30_000
    assert again == Loaded(nation.loaded.cycle_id, 0)
    assert people["mentee"] >= 1500
    assert people["mentor"] >= 500
    assert accounts is not None
    assert accounts >= 2000


def test_the_match_is_asked_for_once_by_a_row_and_a_message(nation: LoadedNation) -> None:
    runs = []
    for _ in range(2):
        with nation.api.writing(SYSTEM) as session:
            runs.append(request_match(session, nation.loaded.cycle_id))
    with nation.api.reading(SYSTEM) as session:
        states = list(session.scalars(select(MatchRun.state)))
        messages = {(m.name, m.queue): m.payload for m in session.scalars(select(OutboxMessage))}
    assert runs[0] == runs[1]
    assert states == [RunState.REQUESTED]
    assert messages == {("MatchRunRequested", "matcher.runs"): {"run_id": str(runs[0])}}


def test_answers_are_sealed_each_to_its_row_and_tokens_exist_only_for_those_who_match(nation: LoadedNation) -> None:
    with nation.api.reading(SYSTEM) as session:
        answers = {one.id: set(one.answers) for one in session.scalars(select(Dimension))}
        rows = session.scalars(select(DimensionAnswer)).all()
        pairs = session.execute(select(MatchToken.participant_id, MatchToken.dimension_id))
        tokens = {(participant, dimension) for participant, dimension in pairs}
    assert len(rows) > 1500
    for row in rows:
        assert open_answer(KEYRING, row.id, row.sealed) in answers[row.dimension_id]
    assert tokens == {(row.participant_id, row.dimension_id) for row in rows if row.may_match}


def test_the_matcher_sees_every_participant_and_who_was_left_over_last_time(nation: LoadedNation) -> None:
    statement = "SELECT role, unmatched_before, statements FROM matching.blind_participant WHERE cycle_id = :cycle"
    with nation.matcher.reading() as session:
        rows = session.execute(text(statement), {"cycle": nation.loaded.cycle_id}).all()
    assert len(rows) > 2000
    assert sum(row.unmatched_before for row in rows) > 20
    assert all(row.statements["wish" if row.role == "mentee" else "offer"] for row in rows)


def test_the_cast_has_one_of_each_role(nation: LoadedNation) -> None:
    with nation.api.reading(SYSTEM) as session:
        found = set(session.scalars(select(Account.email).where(Account.email.endswith(f"@{CAST_DOMAIN}"))))
        trainee = queries.find_mentee(session, nation.loaded.cycle_id, TRAINEE_EMAIL)
    assert found == {TRAINEE_EMAIL, MENTOR_EMAIL, *(one.email for one in STAFF)}
    assert {one.role for one in STAFF} == {"lead", "coordinator", "operator"}
    assert trainee is not None


def test_the_policy_of_the_demo_is_valid_and_counts_shared_experience() -> None:
    assert Policy.model_validate(POLICY).features.shared_experience.weight > 0


def test_the_consent_is_to_the_notice_that_the_api_shows() -> None:
    assert enrolling.PRIVACY_VERSION == PRIVACY_VERSION


def test_comments_of_the_pilot_were_told_together_by_enough_people(nation: LoadedNation) -> None:
    with nation.api.reading(SYSTEM) as session:
        surveys = session.scalars(select(SurveyResponse)).all()
        pairs = {one.id: one for one in session.scalars(select(Mentorship))}
    told = [one for one in surveys if one.told_at]
    assert {bool(one.comment) for one in told} == {True}
    assert all(one.answered_at and one.told_at and one.answered_at < one.told_at < NOW for one in told)
    for side in Role:
        writers = {getattr(pairs[one.mentorship_id], f"{side}_id") for one in told if one.side == side}
        assert len(writers) >= SMALLEST
