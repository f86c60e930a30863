"""What every answer tells the browser."""

import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from services.api.middleware.security_headers import security_headers
from services.api.web.assets import static_url
from shared.settings import Environment, Settings
from tests.factories.browser import Browser

PATHS = ["/login", "/nowhere", "/api/v1/me", "/healthz", "/api/v1/openapi.json"]


def policy_of(header: str) -> dict[str, str]:
    return {name: value for name, _, value in (part.strip().partition(" ") for part in header.split(";"))}


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_allows_nothing_but_our_own_files(api_client: Browser, path: str) -> None:
    policy = policy_of(api_client.get(path).headers["content-security-policy"])
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert {policy[f"{kind}-src"] for kind in ("script", "style", "img", "font", "connect")} == {"'self'"}
    assert "unsafe" not in str(policy)


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_other_guards(api_client: Browser, path: str) -> None:
    headers = api_client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]


def test_refusals_carry_them_too(api_client: Browser) -> None:
    assert "content-security-policy" in api_client.post("/login").headers


def test_pages_and_personal_data_are_not_kept_by_caches(mentee: Browser) -> None:
    assert mentee.get("/settings").headers["cache-control"] == "no-store"
    assert mentee.get("/api/v1/me").headers["cache-control"] == "no-store"
    assert mentee.submit("/logout").headers["cache-control"] == "no-store"


def test_static_files_are_kept_for_a_year_and_name_their_version(api_client: Browser) -> None:
    answer = api_client.get(static_url("belay.css"))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "set-cookie" not in answer.headers


def test_pages_are_compressed(api_client: Browser) -> None:
    assert api_client.get("/login").headers["content-encoding"] == "gzip"


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(api_client: Browser) -> None:
    api_client.cookies.clear()
    cookie = api_client.get("/login").headers["set-cookie"]
    assert re.match(r"belay-browser=[\w-]{43}; HttpOnly; Max-Age=\d+; Path=/; SameSite=lax$", cookie)


def test_over_https_cookies_are_pinned_to_the_host_and_the_connection_stays_secure(
    api_settings: Settings, app_with: Callable[[Settings], FastAPI]
) -> None:
    settings = api_settings.model_copy(update={"public_url": "https://belay.example.org"})
    browser = Browser(app_with(settings))
    browser.cookies.clear()
    headers = browser.get("https://testserver/login").headers
    assert headers["set-cookie"].startswith("__Host-belay-browser=")
    assert "Secure" in headers["set-cookie"]
    assert "Domain" not in headers["set-cookie"]
    assert headers["strict-transport-security"].startswith("max-age=31536000")
    assert "upgrade-insecure-requests" in headers["content-security-policy"]


def test_reports_of_the_policy_have_somewhere_to_go(api_client: Browser, api_settings: Settings) -> None:
    assert 'csp="/csp-reports"' in security_headers(api_settings)["Reporting-Endpoints"]
    report = {"csp-report": {"blocked-uri": "https://evil.example/x.js", "violated-directive": "script-src"}}
    for body in (report, [{"type": "csp-violation", "body": {"blockedURL": "inline"}}], "nonsense", [1]):
        assert api_client.post("/csp-reports", json=body).status_code == 204
    assert api_client.post("/csp-reports", content=b"{not json").status_code == 204


def test_a_request_id_is_taken_over_or_made_and_always_told(api_client: Browser) -> None:
    assert api_client.get("/healthz", headers={"X-Request-ID": "abc-12345"}).headers["x-request-id"] == "abc-12345"
    made = api_client.get("/healthz").headers["x-request-id"]
    assert re.fullmatch(r"[0-9a-f]{32}", made)


@pytest.mark.parametrize("wrong", ["short", "x" * 65, "with space 123", "line\tbreak123"])
def test_a_request_id_that_could_forge_a_log_line_is_replaced(api_client: Browser, wrong: str) -> None:
    assert api_client.get("/healthz", headers={"X-Request-ID": wrong}).headers["x-request-id"] != wrong


def test_requests_are_measured_by_route_template_without_ids(mentee: Browser) -> None:
    mentee.get("/login/link/a-secret-token")
    metrics = mentee.get("/metrics").text
    assert 'belay_request_seconds_count{method="GET",route="/login/link/{token}",status="200"}' in metrics
    assert "a-secret-token" not in metrics


def test_metrics_are_not_public_in_production(app_with: Callable[[Settings], FastAPI]) -> None:
    settings = Settings(
        environment=Environment.PRODUCTION,
        public_url="https://belay.example.org",
        secret_key=SecretStr("s" * 40),
        dimension_keys=SecretStr("own:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="),
    )
    browser = Browser(app_with(settings))
    assert browser.get("/metrics").status_code == 404
    assert browser.get("/demo").status_code == 404
