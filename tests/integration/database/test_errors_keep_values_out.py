"""What the database says about a row stays out of errors: they reach logs, and other services by way of the outbox."""

import traceback
from uuid import uuid4

import pytest
from sqlalchemy.exc import DataError, IntegrityError

from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.models.accounts import Account
from tests.factories.cast import Cast


def told(error: BaseException) -> str:
    """All that a log line with a traceback says."""
    return "".join(traceback.format_exception(error))


def test_a_refused_row_is_not_quoted(as_api: Database, cast: Cast) -> None:
    email = cast.accounts["mentee"].email
    with pytest.raises(IntegrityError) as refused, as_api.writing(SYSTEM) as session:
        session.add(Account(email=email, name="Robin Doubled"))
    said = told(refused.value)
    assert "uq_account_email" in said
    assert email not in said
    assert "Robin Doubled" not in said


def test_a_row_that_breaks_a_rule_is_not_quoted(as_api: Database, cast: Cast) -> None:
    with pytest.raises(IntegrityError) as refused, as_api.writing(SYSTEM) as session:
        session.add(Account(email=f"SHOUTING-{uuid4()}@example.org", name="Robin Loud"))
    said = told(refused.value)
    assert "ck_account_email_lower" in said
    assert "SHOUTING" not in said
    assert "Robin Loud" not in said


def test_a_value_that_cannot_be_kept_is_not_quoted(as_api: Database, cast: Cast) -> None:
    with pytest.raises(DataError) as refused, as_api.writing(SYSTEM) as session:
        session.add(Account(email="robin@example.org", name="Robin\x00Hidden"))
    assert "Hidden" not in told(refused.value)
