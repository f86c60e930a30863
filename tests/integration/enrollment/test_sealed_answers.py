"""What a registration leaves in the database: nothing readable about identity, tokens only where somebody opted in."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select, text

from services.api.enrollment.drafts import read_answers
from services.api.enrollment.service import purge_identity
from services.api.services import Services
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.models.enrollment import DimensionAnswer, MatchToken, Registration
from shared.models.oversight import AuditEvent
from shared.security.identity import open_answer
from shared.security.keyring import KeyringError
from shared.security.tokens import match_token
from tests.integration.enrollment.conftest import Registrant
from tests.integration.enrollment.scene import ENDS, Scene

PRIVATE = ("Ana Rivera", "she/her", "far away", "red pen", "Mexican American", "Purépecha", "First to go")


def raw_rows(services: Services, table: str) -> str:
    """Everything a thief of the table would read, byte columns included."""
    with services.database.reading(SYSTEM) as session:
        rows = session.execute(text(f"SELECT * FROM program.{table}")).all()  # noqa: S608 — a name of our own
    return " ".join(v.decode("latin-1") if isinstance(v, bytes) else str(v) for row in rows for v in row)


def test_a_draft_keeps_no_readable_answer(ana: Registrant, services: Services) -> None:
    ana.answer_all(role="both")
    stolen = raw_rows(services, "registration")
    assert "ana@example.org" in stolen  # the address is how one finds it again
    assert [said for said in PRIVATE if said in stolen or said.encode().decode("latin-1") in stolen] == []


def test_sealed_answers_open_in_their_own_row_only(
    ana: Registrant, someone: Callable[[], Registrant], services: Services, scene: Scene
) -> None:
    ana.answer_all()
    someone().begin()
    with services.database.reading(SYSTEM) as session:
        one, other = session.scalars(select(Registration)).all()
    one.sealed_answers = other.sealed_answers
    with pytest.raises(KeyringError):
        read_answers(one, services.keyring)


def test_a_confirmed_registration_keeps_no_answers_at_all(ana: Registrant, services: Services) -> None:
    ana.register()
    ana.type_code()
    with services.database.reading(SYSTEM) as session:
        done = session.scalars(select(Registration)).one()
    assert (done.state, done.sealed_answers) == ("confirmed", b"")


def test_dimension_answers_rest_sealed_with_their_switches(
    ana: Registrant, services: Services, scene: Scene
) -> None:
    ana.register()
    ana.type_code()
    stolen = raw_rows(services, "dimension_answer")
    assert [said for said in PRIVATE if said in stolen] == []
    with services.database.reading(SYSTEM) as session:
        rows = session.scalars(select(DimensionAnswer)).all()
    said = {
        open_answer(services.keyring, row.id, row.sealed): (row.may_match, row.may_show, row.may_report, row.importance)
        for row in rows
    }
    assert said == {
        "Mexican American": (True, False, False, 3),
        "Purépecha": (True, False, False, 3),
        "First to go to college": (False, True, False, 1),
    }


def test_only_answers_opted_in_to_match_become_tokens(ana: Registrant, services: Services, scene: Scene) -> None:
    ana.register()
    ana.type_code()
    race = scene.dimensions["race_ethnicity"]
    with services.database.reading(SYSTEM) as session:
        tokens = {row.token: row.importance for row in session.scalars(select(MatchToken))}
    expected = {match_token(scene.cycle_key, race, answer) for answer in ("Mexican American", "Purépecha")}
    assert tokens == dict.fromkeys(expected, 3)


@pytest.mark.parametrize(
    ("language", "name", "label"), [("en", "Gender", "Woman"), ("es", "Género", "Mujer"), ("fr", "Genre", "Femme")]
)
def test_an_answer_is_shown_in_ones_language_and_matched_in_the_programs(
    ana: Registrant, services: Services, scene: Scene, language: str, name: str, label: str
) -> None:
    """Two people who read different languages and mean the same must get the same token."""
    ana.headers["accept-language"] = language
    ana.answer_all()
    page = ana.page("/register/step/4")
    assert f"{name}</summary>" in page
    offered = re.findall(rf'name="answers_gender" [^>]*value="([^"]+)"[^>]*>\s*<label[^>]*>{label}\b', page)
    assert offered == ["Woman"]
    ana.answer(4, answers_gender=offered, match_gender="on")
    assert f"{label} · " in ana.page("/register/step/6")
    ana.agree()
    ana.type_code()
    with services.database.reading(SYSTEM) as session:
        tokens = set(session.scalars(select(MatchToken.token)))
        said = {open_answer(services.keyring, row.id, row.sealed) for row in session.scalars(select(DimensionAnswer))}
    assert match_token(scene.cycle_key, scene.dimensions["gender"], "Woman") in tokens
    assert "Woman" in said


def test_a_mentor_has_tokens_without_importance(ana: Registrant, services: Services) -> None:
    ana.register(role="mentor")
    ana.type_code()
    with services.database.reading(SYSTEM) as session:
        assert {row.importance for row in session.scalars(select(MatchToken))} == {0}


def test_the_matcher_sees_the_tokens_and_no_word_of_the_answers(
    ana: Registrant, as_matcher: Database, scene: Scene
) -> None:
    ana.register()
    ana.type_code()
    with as_matcher.reading(SYSTEM) as session:
        people = str(session.execute(text("SELECT * FROM matching.blind_participant")).mappings().all())
        tokens = session.execute(text("SELECT token, importance FROM matching.blind_token")).all()
    assert "far away" in people  # the wish is what it matches on
    assert [said for said in ("Ana", "ana@", "Mexican", "First to go") if said in people] == []
    assert len(tokens) == 2


def test_identity_is_purged_ninety_days_after_the_cycle(ana: Registrant, services: Services, scene: Scene) -> None:
    ana.register()
    ana.type_code()
    last_day = datetime.combine(ENDS, time(12), UTC) + timedelta(days=90)
    with services.database.writing(SYSTEM) as session:
        assert purge_identity(session, last_day) == 0
        assert purge_identity(session, last_day + timedelta(days=1)) == 3
    with services.database.reading(SYSTEM) as session:
        assert session.scalars(select(MatchToken)).all() == []
        assert session.scalars(select(DimensionAnswer)).all() == []
        line = session.scalars(select(AuditEvent).where(AuditEvent.action == "identity_purged")).one()
    assert (line.object_id, line.detail) == (scene.program_id, {"answers": 3})
