"""Alive and ready."""

from collections.abc import Callable

import psycopg
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from services.api.inbox import make_inbox
from services.api.services import Services
from shared.contracts.messages import REGISTRY, Queue
from shared.settings import Settings
from tests.factories.browser import Browser


def test_it_is_alive_and_ready(api_client: Browser) -> None:
    assert api_client.get("/healthz").text == "alive\n"
    answer = api_client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": "well", "migrations": "well", "redis": "well"})


@pytest.mark.parametrize(
    ("setting", "url", "unwell"),
    [
        ("api_database_url", "postgresql+psycopg://belay_api@127.0.0.1:1/belay", {"database", "migrations"}),
        ("redis_url", "redis://127.0.0.1:1/0", {"redis"}),
    ],
)
def test_readiness_says_what_is_down_and_what_to_do(
    api_settings: Settings, setting: str, url: str, unwell: set[str], app_with: Callable[[Settings], FastAPI]
) -> None:
    browser = Browser(app_with(api_settings.model_copy(update={setting: SecretStr(url)})))
    browser.set_cookie("", "whoever")
    answer = browser.get("/readyz")
    assert answer.status_code == 503
    said = {name: sentence for name, sentence in answer.json().items() if sentence != "well"}
    assert set(said) == unwell
    assert all(":" in sentence for sentence in said.values())
    assert browser.get("/healthz").status_code == 200


def test_readiness_notices_a_missing_migration(api_client: Browser, owner_url: str) -> None:
    with psycopg.connect(owner_url.replace("+psycopg", "")) as connection:
        connection.execute("UPDATE messaging.schema_version SET version_num = '0000'")
    answer = api_client.get("/readyz")
    assert answer.status_code == 503
    assert "python -m shared.migrations" in answer.json()["migrations"]


def test_the_operator_sees_how_the_parts_are(operator: Browser) -> None:
    page = operator.page("/operations")
    assert page.count("Well") == 3
    assert "Every message has arrived." in page


def test_the_api_has_a_handler_for_every_message_on_its_queue(services: Services) -> None:
    wanted = {kind for kind in REGISTRY.values() if Queue.API in kind.queues}
    assert wanted <= make_inbox(services).handled
