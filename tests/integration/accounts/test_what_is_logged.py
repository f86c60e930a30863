"""Logs and the audit trail tell who got in or was refused, and hold no secret and no personal data."""

import logging

import pytest
from sqlalchemy import select

from services.api.services import Services
from shared.db.actor import SYSTEM
from shared.models.oversight import AuditEvent
from tests.factories.browser import Browser
from tests.factories.cast import Cast
from tests.integration.accounts.test_logging_in import ask, read_mail, wrong


def own_lines(caplog: pytest.LogCaptureFixture) -> str:
    """What our own code logged (the test client logs addresses of its own)."""
    return "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("services."))


@pytest.fixture(autouse=True)
def _listen(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


def test_no_secret_and_no_address_is_logged(
    api_client: Browser, services: Services, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    email = cast.accounts["mentee"].email
    ask(api_client, email)
    secret = read_mail(services)
    api_client.get(f"/login/link/{secret.token}")
    api_client.submit("/login/code", {"code": wrong(secret.code)})
    api_client.submit("/login/code", {"code": secret.code})
    lines = own_lines(caplog)
    assert "route='/login/link/{token}'" in lines
    for hidden in (email, secret.token, secret.code, api_client.cookies["belay"], api_client.name):
        assert hidden not in lines


def test_failed_log_ins_are_logged(
    api_client: Browser, services: Services, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    ask(api_client, cast.accounts["mentee"].email)
    api_client.submit("/login/code", {"code": wrong(read_mail(services).code)})
    api_client.submit("/login/link/unknown")
    lines = own_lines(caplog)
    assert lines.count("log-in failed") == 2


def test_refusals_are_logged_with_their_reason(mentee: Browser, caplog: pytest.LogCaptureFixture) -> None:
    mentee.get("/operations")
    mentee.post("/settings", data={"name": "x"})
    lines = own_lines(caplog)
    assert "only operators see how the platform runs" in lines
    assert "form_token" in lines


def test_logging_in_and_out_is_in_the_audit_trail(api_client: Browser, services: Services, cast: Cast) -> None:
    ask(api_client, cast.accounts["mentee"].email)
    api_client.submit("/login/code", {"code": read_mail(services).code})
    api_client.submit("/logout")
    with services.database.reading(SYSTEM) as session:
        events = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [event.action for event in events] == ["logged_in", "logged_out"]
    assert {event.actor_id for event in events} == {cast.accounts["mentee"].id}
