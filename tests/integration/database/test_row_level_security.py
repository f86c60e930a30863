"""Tenant tables show the API what the actor of the transaction may see, and without an actor nothing."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from shared.db.actor import SYSTEM, Actor, acting_as
from shared.db.engine import Database
from shared.models import Base
from shared.models.accounts import Account
from shared.models.enrollment import Consent, DimensionAnswer, Participant, Profile
from shared.models.matching import SuggestionList
from shared.models.mentorships import Mentorship
from shared.security.identity import seal_answer
from shared.security.keyring import Keyring
from shared.settings import DEVELOPMENT_KEYS
from tests.factories import rows
from tests.factories.cast import Cast, make_cast

TENANT = [
    table
    for table in Base.metadata.sorted_tables
    if table.schema == "program"
    and ("program_id" in table.columns)
    and table.name not in {"cycle", "dimension", "program_organization", "staff_role", "audit_event"}
]
STRANGER = Actor(account_id=None)


@pytest.fixture
def world(as_api: Database) -> Cast:
    """The cast, with an answer of the mentee about a dimension, and a consent."""
    with as_api.writing(SYSTEM) as session:
        cast = make_cast(session)
        mentee, answer_id = cast.participants["mentee"], uuid4()
        owner = {"program_id": cast.program.id, "account_id": mentee.account_id}
        sealed = seal_answer(Keyring.parse(DEVELOPMENT_KEYS), answer_id, "Yes")
        session.add(
            DimensionAnswer(
                **owner, id=answer_id, participant_id=mentee.id, dimension_id=cast.dimension.id, sealed=sealed
            )
        )
        session.add(Consent(**owner, subject="privacy", version="1"))
    return cast


def count(database: Database, actor: Actor | None, table: type[Base]) -> int:
    with database.reading(actor) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def member(cast: Cast) -> Actor:
    return Actor(cast.accounts["mentee"].id, frozenset({cast.program.id}))


def test_every_tenant_table_is_guarded(as_api: Database) -> None:
    with as_api.reading(SYSTEM) as session:
        guarded = set(session.scalars(text("SELECT oid::regclass::text FROM pg_class WHERE relrowsecurity")))
    assert {str(table) for table in TENANT} - guarded == set()


def test_whatever_the_api_reads_of_the_matcher_is_guarded(as_owner: Database) -> None:
    """Only how many texts of a cycle are read is nobody's."""
    readable = text(
        "SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'matching'::regnamespace AND relkind = 'r'"
        " AND has_table_privilege('belay_api', oid, 'SELECT') AND NOT relrowsecurity"
    )
    with as_owner.reading() as session:
        assert session.scalars(readable).all() == ["matching.cycle_progress"]


@pytest.mark.parametrize("actor", [None, STRANGER, Actor(uuid4()), Actor(uuid4(), scope="nobody")])
def test_without_a_program_nothing_is_seen(as_api: Database, world: Cast, actor: Actor | None) -> None:
    for table in (Participant, Profile, Mentorship, DimensionAnswer, Consent):
        assert count(as_api, actor, table) == 0
        assert count(as_api, SYSTEM, table) > 0


def test_a_program_sees_its_own_rows_only(as_api: Database, world: Cast) -> None:
    assert count(as_api, member(world), Participant) == 3
    elsewhere = Actor(world.accounts["other_lead"].id, frozenset({world.other_program.id}))
    assert count(as_api, elsewhere, Participant) == 0


def test_identity_is_seen_by_its_owner_only(as_api: Database, world: Cast) -> None:
    assert count(as_api, member(world), DimensionAnswer) == 1
    for role in ("mentor", "outsider", "coordinator", "lead", "operator"):
        actor = Actor(world.accounts[role].id, frozenset({world.program.id}))
        assert count(as_api, actor, DimensionAnswer) == 0
        assert count(as_api, actor, Consent) == 0


def test_nobody_writes_into_another_program(as_api: Database, world: Cast) -> None:
    elsewhere = Actor(world.accounts["other_lead"].id, frozenset({world.other_program.id}))
    with pytest.raises(ProgrammingError, match="row-level security"), as_api.writing(elsewhere) as session:
        rows.make_mentorship(session, world.participants["outsider"], world.participants["mentor"])


def test_nobody_changes_rows_of_another_program(as_api: Database, world: Cast) -> None:
    elsewhere = Actor(world.accounts["other_lead"].id, frozenset({world.other_program.id}))
    with as_api.writing(elsewhere) as session:
        session.execute(update(Participant).values(state="withdrawn"))
    with as_api.reading(SYSTEM) as session:
        assert set(session.scalars(select(Participant.state))) == {"active"}


def test_the_actor_ends_with_the_transaction(as_api: Database, world: Cast) -> None:
    """The next visitor gets the same connection from the pool, and must not inherit."""
    for _ in range(20):
        assert count(as_api, member(world), Participant) == 3
        assert count(as_api, None, Participant) == 0


def test_acting_as_somebody_else_ends_with_the_block(as_api: Database, world: Cast) -> None:
    counted = select(func.count()).select_from(Participant)
    with as_api.reading(STRANGER) as session:
        assert session.scalar(counted) == 0
        with acting_as(session, SYSTEM):
            assert session.scalar(counted) == 3
        assert session.scalar(counted) == 0


def test_what_failed_while_acting_as_somebody_else_is_told_as_it_was(as_api: Database, world: Cast) -> None:
    def act_and_fail() -> None:
        with as_api.writing(STRANGER) as session, acting_as(session, SYSTEM):
            session.add(Account(email=world.accounts["mentee"].email, name="Robin Doubled"))
            session.flush()

    with pytest.raises(IntegrityError, match="uq_account_email"):
        act_and_fail()


def test_a_reading_session_cannot_write(as_api: Database, world: Cast) -> None:
    with pytest.raises(DBAPIError, match="read-only transaction"), as_api.reading(SYSTEM) as session:
        session.execute(update(Participant).values(state="withdrawn"))


def test_what_the_matcher_worked_out_belongs_to_the_tenant_of_its_person(
    as_api: Database, as_matcher: Database, world: Cast
) -> None:
    with as_matcher.writing() as session:
        session.add(SuggestionList(mentee_id=world.participants["mentee"].id, eligible=1))
    assert count(as_api, member(world), SuggestionList) == 1
    assert count(as_api, None, SuggestionList) == 0
    elsewhere = Actor(world.accounts["other_lead"].id, frozenset({world.other_program.id}))
    assert count(as_api, elsewhere, SuggestionList) == 0
