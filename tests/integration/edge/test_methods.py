"""Every address answers HEAD as it answers GET, and says what it takes where it is asked for something else."""

import pytest
from fastapi import FastAPI

from tests.factories.browser import Browser


@pytest.mark.parametrize("path", ["/", "/login", "/healthz", "/nowhere", "/settings", "/api/v1/programs", "/api/v1/me"])
def test_head_is_get_without_the_body(api_client: Browser, path: str) -> None:
    got, asked = api_client.get(path), api_client.head(path)
    assert asked.content == b""
    assert asked.status_code == got.status_code
    for name in ("content-type", "content-security-policy", "location", "content-length"):
        assert asked.headers.get(name) == got.headers.get(name), name


def test_head_is_logged_and_measured_by_its_own_name(api_client: Browser) -> None:
    api_client.head("/login")
    counted = [line for line in api_client.get("/metrics").text.splitlines() if 'method="HEAD",route="/login"' in line]
    assert counted


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/logout", {"POST"}),
        ("HEAD", "/logout", {"POST"}),
        ("DELETE", "/settings", {"GET", "HEAD", "POST"}),
        ("DELETE", "/api/v1/me", {"GET", "HEAD", "PATCH"}),
        ("GET", "/api/v1/registrations/current/who", {"PUT"}),
        ("DELETE", "/healthz", {"GET", "HEAD"}),
    ],
)
def test_a_wrong_method_is_told_which_ones_there_are(app: FastAPI, method: str, path: str, allowed: set[str]) -> None:
    browser = Browser(app)
    answer = browser.request(method, path, headers={"X-CSRF-Token": browser.csrf_token})
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == allowed
