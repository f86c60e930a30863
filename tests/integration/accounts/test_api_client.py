"""A program that has only the API's description can log in and change something."""

from html.parser import HTMLParser

from fastapi import FastAPI
from fastapi.testclient import TestClient

from services.api.services import Services
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
