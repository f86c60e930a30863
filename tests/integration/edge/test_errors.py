"""Errors are designed answers: a sentence and a way on for people, a problem for programs."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from services.api.app import read_settings
from services.api.services import services_of
from shared.settings import Settings, get_settings
from tests.factories.browser import Browser


@pytest.fixture
def without_database(api_settings: Settings, app_with: Callable[[Settings], FastAPI]) -> Browser:
    """An application whose PostgreSQL does not answer."""
    nowhere = SecretStr("postgresql+psycopg://belay_api@127.0.0.1:1/belay")
    browser = Browser(app_with(api_settings.model_copy(update={"api_database_url": nowhere})))
    browser.set_cookie("", "a-session-token")
    return browser


@pytest.fixture
def broken(app: FastAPI) -> Iterator[Browser]:
    """An application with a mistake in one page."""

    def mistake() -> None:
        raise ZeroDivisionError("secret detail")

    app.add_api_route("/mistake", mistake)
    app.add_api_route("/api/v1/mistake", mistake)
    return Browser(app)  # type: ignore[return-value]


def test_an_unknown_page_is_a_designed_404(api_client: Browser) -> None:
    assert "There is nothing here." in api_client.page("/nowhere", 404)


def test_an_unknown_address_of_the_api_is_a_problem(api_client: Browser) -> None:
    answer = api_client.get("/api/v1/nowhere")
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["code"], problem["instance"]) == (404, "not_found", "/api/v1/nowhere")
    assert problem["request_id"] == answer.headers["x-request-id"]


def test_an_id_that_is_none_looks_like_an_unknown_one(mentee: Browser) -> None:
    assert mentee.submit("/settings/sessions/not-an-id/revoke").status_code == 404


def test_wrong_input_of_the_api_is_told_at_the_field(mentee: Browser) -> None:
    header = {"X-CSRF-Token": mentee.csrf_token}
    answer = mentee.patch("/api/v1/me", json={"time_zone": "Mars/Olympus"}, headers=header)
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == ["time_zone"]


def test_a_body_that_is_no_json_says_where(mentee: Browser) -> None:
    headers = {"X-CSRF-Token": mentee.csrf_token, "Content-Type": "application/json"}
    answer = mentee.patch("/api/v1/me", content=b'{"name": }', headers=headers)
    assert answer.status_code == 422
    assert answer.json()["fields"] == {"body": "is not JSON at character 9: Expecting value"}


def test_a_wrong_method_is_a_sentence(api_client: Browser) -> None:
    Browser.checked(api_client.get("/logout"), 405)


def test_a_database_that_is_down_is_a_designed_503_and_no_traceback(without_database: Browser) -> None:
    answer = without_database.get("/settings")
    page = Browser.checked(answer, 503)
    assert "Nothing you saved is lost." in page
    assert "psycopg" not in page
    assert answer.headers["retry-after"] == "60"


def test_a_database_that_is_down_is_a_problem_for_programs(without_database: Browser) -> None:
    answer = without_database.get("/api/v1/me")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


def test_a_mistake_of_ours_shows_a_number_and_no_detail(broken: Browser) -> None:
    with pytest.raises(ZeroDivisionError):
        broken.get("/mistake")
    quiet = _without_raising(broken)
    answer = quiet.get("/mistake")
    page = Browser.checked(answer, 500)
    assert answer.headers["x-request-id"] in page
    assert "secret detail" not in page
    assert "content-security-policy" in answer.headers


def test_a_mistake_of_ours_is_a_problem_for_programs(broken: Browser) -> None:
    answer = _without_raising(broken).get("/api/v1/mistake")
    assert answer.json()["code"] == "internal_error"
    assert "secret detail" not in answer.text


def _without_raising(browser: Browser) -> Browser:
    transport = browser._transport
    transport.raise_server_exceptions = False  # type: ignore[attr-defined]
    return browser


def test_a_redis_that_is_down_stops_nobody(
    app: FastAPI, api_settings: Settings, app_with: Callable[[Settings], FastAPI]
) -> None:
    nowhere = api_settings.model_copy(update={"redis_url": SecretStr("redis://127.0.0.1:1/0")})
    limiter = services_of(app_with(nowhere).state).limiter
    app.state.services = replace(services_of(app.state), limiter=limiter)
    browser = Browser(app)
    before = _failed_open(browser)
    for _ in range(8):
        assert browser.submit("/login", {"email": "robin@example.org"}).status_code == 303
    assert _failed_open(browser) > before


def _failed_open(browser: Browser) -> float:
    lines = browser.get("/metrics").text.splitlines()
    return float(next(line for line in lines if line.startswith("belay_rate_limit_failed_open_total ")).split()[1])


def test_wrong_settings_end_the_start_with_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BELAY_ENVIRONMENT", "production")
    get_settings.cache_clear()
    with pytest.raises(SystemExit) as ended:
        read_settings()
    get_settings.cache_clear()
    assert "set BELAY_SECRET_KEY to at least 32 random characters" in str(ended.value)


def test_a_malformed_key_ends_the_start_with_a_sentence(
    api_settings: Settings, app_with: Callable[[Settings], FastAPI]
) -> None:
    wrong = api_settings.model_copy(update={"dimension_keys": SecretStr("one:not-base64")})
    with pytest.raises(SystemExit, match="BELAY_DIMENSION_KEYS"):
        app_with(wrong)


def test_the_openapi_document_describes_problems_and_no_pages(api_client: Browser) -> None:
    document = api_client.get("/api/v1/openapi.json").json()
    assert all(path.startswith("/api/v1/") for path in document["paths"])
    assert "application/problem+json" in json.dumps(document["paths"]["/api/v1/me"]["get"]["responses"]["401"])


def test_an_unknown_page_still_knows_who_is_logged_in_and_their_language(mentee: Browser) -> None:
    mentee.submit("/settings", {"name": "Robin Sample", "language": "fr", "time_zone": "America/Chicago"})
    page = mentee.page("/nowhere", 404)
    assert "Robin Sample" in page
    assert '<html lang="fr">' in page
