"""Nobody else's page may act in a visitor's name."""

import pytest
from fastapi import FastAPI

from services.api.cookies import BROWSER
from services.api.middleware.csrf import MAX_BODY_BYTES
from shared.security.tokens import new_token
from tests.factories.browser import Browser

PERSON = {"name": "Robin Renamed", "language": "en", "time_zone": "America/Chicago"}


def test_a_form_of_our_own_page_is_accepted(mentee: Browser) -> None:
    own = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}
    answer = mentee.post("/settings", data={**PERSON, "csrf_token": mentee.csrf_token}, headers=own)
    assert answer.status_code == 303


@pytest.mark.parametrize("token", ["", "wrong", None])
def test_a_form_without_the_right_token_is_refused(mentee: Browser, token: str | None) -> None:
    answer = mentee.post("/settings", data=PERSON if token is None else {**PERSON, "csrf_token": token})
    assert "This form is no longer valid." in Browser.checked(answer, 403)
    assert "Robin Renamed" not in mentee.page("/settings")


def test_the_token_of_another_browser_is_refused(mentee: Browser, mentor: Browser) -> None:
    answer = mentee.post("/settings", data={**PERSON, "csrf_token": mentor.csrf_token})
    assert answer.status_code == 403


def test_a_browser_without_our_cookie_is_refused(app: FastAPI) -> None:
    browser = Browser(app)
    browser.cookies.clear()
    assert browser.submit("/login", {"email": "robin@example.org"}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_another_site_is_refused_even_with_the_right_token(mentee: Browser, headers: dict[str, str]) -> None:
    answer = mentee.post("/settings", data={**PERSON, "csrf_token": mentee.csrf_token}, headers=headers)
    assert "This came from another site." in Browser.checked(answer, 403)


def test_the_log_in_itself_is_protected(api_client: Browser) -> None:
    assert api_client.post("/login", data={"email": "robin@example.org"}).status_code == 403


def test_the_check_comes_before_the_question_whether_a_page_exists(api_client: Browser) -> None:
    assert api_client.post("/nowhere").status_code == 403


def test_a_call_of_the_api_with_a_session_cookie_needs_the_header(mentee: Browser) -> None:
    refused = mentee.patch("/api/v1/me", json={"name": "Robin Renamed"})
    assert (refused.status_code, refused.json()["code"]) == (403, "form_token")
    header = {"X-CSRF-Token": mentee.csrf_token}
    assert mentee.patch("/api/v1/me", json={"name": "Robin Renamed"}, headers=header).json()["name"] == "Robin Renamed"


def test_a_call_of_the_api_without_a_cookie_carries_no_authority_and_needs_no_token(api_client: Browser) -> None:
    assert api_client.patch("/api/v1/me", json={}).status_code == 401


def test_the_page_gives_the_token_that_its_form_needs(app: FastAPI) -> None:
    browser = Browser(app)
    browser.cookies.clear()
    page = browser.page("/login")
    browser.name = browser.cookies["belay-browser"]
    assert f'name="csrf_token" value="{browser.csrf_token}"' in page
    assert browser.submit("/login", {"email": "robin@example.org"}).status_code == 303


def test_a_token_works_in_a_form_with_files_too(mentee: Browser) -> None:
    fields = {**PERSON, "csrf_token": mentee.csrf_token}
    answer = mentee.post("/settings", data=fields, files={"picture": ("x.txt", b"x")})
    assert answer.status_code == 303


def test_a_body_that_is_too_large_is_refused(mentee: Browser) -> None:
    answer = mentee.submit("/settings", {**PERSON, "pronouns": "x" * (MAX_BODY_BYTES + 1)})
    assert answer.status_code == 413


def test_each_browser_has_a_name_of_its_own(app: FastAPI) -> None:
    names = set()
    for _ in range(2):
        browser = Browser(app)
        browser.cookies.clear()
        browser.get("/login")
        names.add(browser.cookies["belay-browser"])
    assert len(names) == 2


def test_an_invented_browser_name_gives_nobody_a_token(mentee: Browser) -> None:
    before = mentee.csrf_token
    mentee.set_cookie(BROWSER, new_token())
    assert mentee.post("/settings", data={**PERSON, "csrf_token": before}).status_code == 403
