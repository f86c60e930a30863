"""A program that has only the API's description can log in and change something, and is told what it did wrong."""

from html.parser import HTMLParser

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from services.api.services import Services
from tests.factories.browser import Browser
from tests.factories.cast import Cast
from tests.integration.accounts.test_logging_in import read_mail


class _Token(HTMLParser):
    value = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        fields = dict(attrs)
        if tag == "input" and fields.get("name") == "csrf_token":
            self.value = fields["value"] or ""


def form_token_in(page: str) -> str:
    parser = _Token()
    parser.feed(page)
    return parser.value


def logged_in(app: FastAPI, services: Services, email: str) -> TestClient:
    """By the steps that the description names, with the cookies that the answers set."""
    client = TestClient(app, follow_redirects=False)
    token = form_token_in(client.get("/login").text)
    assert client.post("/login", data={"csrf_token": token, "email": email}).status_code == 303
    code = read_mail(services).code
    assert client.post("/login/code", data={"csrf_token": token, "code": code}).status_code == 303
    return client


def test_the_steps_of_the_description_lead_to_a_change(app: FastAPI, services: Services, cast: Cast) -> None:
    client = logged_in(app, services, cast.accounts["mentee"].email)
    header = {"X-CSRF-Token": client.get("/api/v1/me").json()["csrf_token"]}
    changed = client.patch("/api/v1/me", json={"pronouns": "she/her"}, headers=header)
    assert (changed.status_code, changed.json()["pronouns"]) == (200, "she/her")
    assert changed.json()["csrf_token"] == header["X-CSRF-Token"]


def test_a_call_without_the_token_is_told_where_it_comes_from(mentee: Browser) -> None:
    problem = mentee.patch("/api/v1/me", json={"pronouns": "she/her"}).json()
    assert (problem["status"], problem["code"]) == (403, "form_token")
    assert "X-CSRF-Token" in problem["detail"]
    assert "GET /api/v1/me" in problem["advice"]
    assert "page" not in problem["advice"]


def test_an_unknown_key_is_refused_by_its_name(api_client: Browser, cast: Cast) -> None:
    body = {"program": cast.program.slug, "rolle": "mentor"}
    answer = api_client.post("/api/v1/registrations", json=body)
    assert answer.status_code == 422
    assert answer.json()["fields"] == {"rolle": "Extra inputs are not permitted"}


@pytest.mark.parametrize("floor", ["lowest", [], {}])
def test_a_wrong_field_of_several_types_is_told_by_its_own_name(lead: Browser, cast: Cast, floor: object) -> None:
    headers = {"X-CSRF-Token": lead.csrf_token}
    answer = lead.post(f"/api/v1/programs/{cast.program.slug}/what-ifs", json={"floor": floor}, headers=headers)
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == ["floor"]
    assert "'max' or 'none'; or: " in answer.json()["fields"]["floor"]


def test_a_wrong_value_deep_within_a_body_is_told_by_its_place(api_client: Browser, cast: Cast) -> None:
    started = api_client.post("/api/v1/registrations", json={"program": cast.program.slug}).json()
    headers = {"X-Registration-Token": started["token"]}
    body = {"dimensions": [{"code": "first_generation", "importance": 99}, {"answers": []}, None]}
    answer = api_client.put("/api/v1/registrations/current/matters", json=body, headers=headers)
    assert set(answer.json()["fields"]) == {"dimensions.0.importance", "dimensions.1.code", "dimensions.2"}
