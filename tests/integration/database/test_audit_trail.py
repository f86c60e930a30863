"""The audit trail: only ever added to, each line chained to the one before."""

from uuid import uuid4

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.orm import Session

from services.api.oversight.audit import record
from services.api.oversight.queries import first_broken_line
from services.api.visitor import STRANGER, StaffGrant, Visitor
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.migrations.run import FOLDER
from shared.models.oversight import AuditEvent

CHANGES = ["UPDATE program.audit_event SET action = 'nothing'", "DELETE FROM program.audit_event"]


@pytest.fixture
def three_lines(as_api: Database) -> None:
    for number in range(3):
        with as_api.writing(SYSTEM) as session:
            record(session, STRANGER, "looked", "participant", uuid4(), number=number)


@pytest.mark.usefixtures("three_lines")
@pytest.mark.parametrize("change", [*CHANGES, "TRUNCATE program.audit_event"])
def test_the_api_may_not_change_a_line(role_urls: dict[str, str], change: str) -> None:
    engine = create_engine(role_urls["api"])
    with pytest.raises(ProgrammingError, match="permission denied"), engine.begin() as connection:
        connection.execute(text(change))
    engine.dispose()


@pytest.mark.usefixtures("three_lines")
@pytest.mark.parametrize("change", [*CHANGES, "TRUNCATE program.audit_event"])
def test_not_even_the_owner_changes_a_line_in_passing(owner_url: str, change: str) -> None:
    engine = create_engine(owner_url)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(change))
    engine.dispose()


@pytest.mark.usefixtures("three_lines")
def test_every_line_is_chained_to_the_one_before(as_api: Database) -> None:
    with as_api.reading(SYSTEM) as session:
        lines = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
        assert first_broken_line(session) is None
    assert [line.previous_hash for line in lines] == [None, lines[0].hash, lines[1].hash]


@pytest.mark.usefixtures("three_lines")
@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE program.audit_event SET action = 'nothing' WHERE id = {second}",
        "UPDATE program.audit_event SET detail = '{}' WHERE id = {second}",
        "DELETE FROM program.audit_event WHERE id = {second}",
        "UPDATE program.audit_event SET at = now() - interval '1 day' WHERE id = {second}",
        (
            "UPDATE program.audit_event SET action = action || '|' || object_type, object_type = object_id::text,"
            " object_id = NULL WHERE id = {second}"
        ),
    ],
)
def test_tampering_behind_the_triggers_is_found(as_api: Database, owner_url: str, tampering: str) -> None:
    with as_api.reading(SYSTEM) as session:
        _first, second, third = session.scalars(select(AuditEvent.id).order_by(AuditEvent.id))
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE program.audit_event DISABLE TRIGGER USER"))
        connection.exec_driver_sql(tampering.replace("{second}", str(second)))
        connection.execute(text("ALTER TABLE program.audit_event ENABLE TRIGGER USER"))
    engine.dispose()
    with as_api.reading(SYSTEM) as session:
        assert first_broken_line(session) in (second, third)


def test_a_line_is_undone_with_the_act_it_tells_of(as_api: Database) -> None:
    def act_and_fail() -> None:
        with as_api.writing(SYSTEM) as session:
            record(session, STRANGER, "looked", "participant", uuid4())
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act_and_fail()
    with as_api.reading(SYSTEM) as session:
        assert session.scalars(select(AuditEvent)).all() == []


def test_a_line_says_in_which_role_somebody_acted(as_api: Database) -> None:
    program = uuid4()
    lead = Visitor(account_id=uuid4(), roles=frozenset({StaffGrant("lead", program), StaffGrant("operator")}))
    with as_api.writing(SYSTEM) as session:
        for program_id in (program, uuid4(), None):
            record(session, lead, "looked", "participant", uuid4(), program_id)
    with as_api.reading(SYSTEM) as session:
        roles = session.scalars(select(AuditEvent.actor_role).order_by(AuditEvent.id)).all()
    assert roles == ["lead", "account", "operator"]


def test_lines_that_were_sealed_before_a_change_of_the_digest_stay_whole(owner_url: str) -> None:
    """As in a database that is upgraded; all of it is undone afterwards."""
    engine = create_engine(owner_url)
    first_digest = script("audit").partition("CREATE FUNCTION program.seal_audit_event")[0]
    with Session(engine) as session:
        connection = session.connection()
        connection.exec_driver_sql(first_digest.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
        add_lines(session, 2)
        connection.exec_driver_sql(script("audit_fields_apart"))
        add_lines(session, 2)
        assert len(session.scalars(select(AuditEvent)).all()) == 4
        assert first_broken_line(session) is None
    engine.dispose()


def script(name: str) -> str:
    return (FOLDER / "sql" / f"{name}.sql").read_text().replace("%", "%%")


def add_lines(session: Session, number: int) -> None:
    for _ in range(number):
        line = AuditEvent(actor_role="lead", action="looked", object_type="participant", object_id=uuid4(), detail={})
        session.add(line)
        session.flush()
