"""Each service's role may do its own work and is refused all else, by PostgreSQL itself."""

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import ProgrammingError

SECRETS = ["account", "login_challenge", "login_session", "staff_role", "registration", "dimension_answer", "consent"]
PEOPLE = ["participant", "profile", "match_token", "bandwidth_period", "availability_hour", "exclusion"]
DEALINGS = ["proposal", "request", "mentorship", "meeting", "survey_response", "match_run", "policy", "audit_event",
            "outcome_model"]  # fmt: skip
MATCHER_MAY_SEE = [
    "participant",
    "token",
    "availability",
    "bandwidth",
    "exclusion",
    "commitment",
    "run",
    "cycle",
    "outcome",
    "model",
]
NOTIFIER_MAY_SEE = [
    "account_contact",
    "participant_contact",
    "challenge_mail",
    "proposal_card",
    "request_card",
    "mentorship_card",
    "survey_card",
    "meeting_card",
]

REFUSED = [
    ("api", "DELETE FROM matching.suggestion"),
    ("api", "UPDATE matching.run_result SET phase = 'done'"),
    ("api", "SELECT 1 FROM matching.embedding"),
    ("api", "SELECT 1 FROM matching.blind_participant"),
    ("api", "UPDATE matching.model_fit SET card = NULL"),
    ("api", "SELECT 1 FROM matching.pair_outcome"),
    ("api", "SELECT 1 FROM matching.scored_pair"),
    ("matcher", "UPDATE program.outcome_model SET state = 'adopted'"),
    ("api", "DELETE FROM messaging.outbox"),
    ("api", "UPDATE program.policy SET document = '{}'"),
    ("api", "DELETE FROM program.policy"),
    ("matcher", "SELECT 1 FROM notification.account_contact"),
    ("matcher", "DELETE FROM messaging.inbox"),
    ("notifier", "SELECT 1 FROM matching.blind_participant"),
    ("notifier", "SELECT 1 FROM matching.suggestion"),
    ("notifier", "DELETE FROM program.unsubscription"),
    ("relay", "SELECT 1 FROM notification.mail"),
    ("relay", "INSERT INTO messaging.inbox (message_id, consumer) VALUES (gen_random_uuid(), 'x')"),
    ("api", "UPDATE notification.mail SET state = 'sent'"),
    ("matcher", "SELECT 1 FROM notification.mail"),
    ("api", "SELECT 1 FROM notification.mail"),
    ("api", "SELECT 1 FROM matching.mentor_price"),
    ("matcher", "SELECT payload FROM messaging.outbox"),
    ("matcher", "SELECT last_error FROM messaging.outbox"),
    ("notifier", "SELECT payload FROM messaging.outbox"),
    ("notifier", "SELECT last_error FROM messaging.outbox"),
]


def refuse(url: str, statement: str) -> str:
    """Run a statement that must be refused; returns PostgreSQL's reason."""
    engine = create_engine(url)
    try:
        with pytest.raises(ProgrammingError) as refused, engine.begin() as connection:
            connection.execute(text(statement))
        return str(refused.value.orig)
    finally:
        engine.dispose()


def columns(engine: Engine, relation: str) -> set[str]:
    with engine.connect() as connection:
        return set(connection.execute(text(f"SELECT * FROM {relation} LIMIT 0")).keys())  # noqa: S608 — a fixed name


@pytest.mark.parametrize("role", ["matcher", "notifier", "relay"])
def test_no_other_service_reads_the_apis_tables(role_urls: dict[str, str], role: str) -> None:
    for table in (*SECRETS, *PEOPLE, *DEALINGS):
        assert "permission denied" in refuse(role_urls[role], f"SELECT 1 FROM program.{table}")  # noqa: S608 — ours


def test_a_role_does_not_write_or_read_what_is_anothers(role_urls: dict[str, str]) -> None:
    for role, statement in REFUSED:
        assert "permission denied" in refuse(role_urls[role], statement), (role, statement)


@pytest.mark.parametrize("role", ["api", "matcher", "notifier", "relay"])
def test_no_role_can_change_the_schema_or_its_own_rights(role_urls: dict[str, str], role: str) -> None:
    assert "permission denied" in refuse(role_urls[role], "CREATE TABLE program.door (id int)")
    assert "permission denied" in refuse(role_urls[role], "CREATE TABLE public.door (id int)")
    assert "permission denied" in refuse(role_urls[role], "CREATE ROLE door SUPERUSER")
    assert "permission denied" in refuse(role_urls[role], "SET ROLE belay_owner")


@pytest.mark.parametrize("role", ["api", "matcher", "notifier", "relay"])
def test_no_role_switches_row_level_security_off(role_urls: dict[str, str], role: str) -> None:
    reason = refuse(role_urls[role], "ALTER TABLE program.participant DISABLE ROW LEVEL SECURITY")
    assert "must be owner" in reason or "permission denied" in reason


def test_the_matcher_sees_nobodys_name_address_account_or_identity(role_urls: dict[str, str]) -> None:
    engine = create_engine(role_urls["matcher"])
    seen = set().union(*(columns(engine, f"matching.blind_{name}") for name in MATCHER_MAY_SEE))
    engine.dispose()
    assert "participant_id" in seen
    told = {"name", "email", "account_id", "pronouns", "answer", "sealed", "message", "explanation", "comment"}
    assert not seen & told


def test_the_notifier_sees_nobodys_profile_or_identity(role_urls: dict[str, str]) -> None:
    engine = create_engine(role_urls["notifier"])
    seen = set().union(*(columns(engine, f"notification.{name}") for name in NOTIFIER_MAY_SEE))
    engine.dispose()
    assert {"email", "name"} <= seen
    told = {"satisfaction", "comment", "statements", "specialties", "dimension_id", "answers"}
    assert not seen & {*told, "token", "token_hash", "code_hash"}


def test_the_notifier_can_make_a_challenge_forget_its_secret_and_nothing_else(role_urls: dict[str, str]) -> None:
    engine = create_engine(role_urls["notifier"])
    with engine.begin() as connection:
        connection.execute(text("SELECT notification.forget_challenge_secret(gen_random_uuid())"))
    engine.dispose()
    for role in ("api", "matcher", "relay"):
        statement = "SELECT notification.forget_challenge_secret(gen_random_uuid())"
        assert "permission denied" in refuse(role_urls[role], statement)
