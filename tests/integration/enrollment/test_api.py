"""Registration as JSON."""

from typing import Any

import pytest
from sqlalchemy import select

from services.api.services import Services
from shared.db.actor import SYSTEM
from shared.models.accounts import LoginChallenge
from tests.factories.browser import Browser
from tests.integration.enrollment.scene import SLUG, Scene

BASE = "/api/v1/registrations"


class Client:
    """A program that registers somebody: nothing but the token it was given."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.headers: dict[str, str] = {}

    def start(self, **changes: Any) -> Any:
        answer = self.browser.post(BASE, json={"program": SLUG, **changes})
        if answer.status_code == 201:
            self.headers = {"X-Registration-Token": answer.json()["token"]}
        return answer

    def put(self, step: str, **answers: Any) -> Any:
        return self.browser.put(f"{BASE}/current/{step}", json=answers, headers=self.headers)

    def look(self) -> Any:
        return self.browser.get(f"{BASE}/current", headers=self.headers)

    def submit(self, **review: Any) -> Any:
        return self.browser.post(f"{BASE}/current/submission", json=review, headers=self.headers)


@pytest.fixture
def client(api_client: Browser, scene: Scene) -> Client:
    return Client(api_client)


def test_programs_and_institutions_are_public(api_client: Browser, scene: Scene) -> None:
    listed = api_client.get("/api/v1/programs").json()
    assert [(one["slug"], one["organizations"]) for one in listed] == [(SLUG, [f"Climbers of {SLUG}"])]
    assert listed[0]["cycle"]["id"] == str(scene.cycle_id)
    detail = api_client.get(f"/api/v1/programs/{SLUG}").json()
    assert len(detail["dimensions"]) == len(scene.dimensions)
    assert {one["state"] for one in api_client.get("/api/v1/institutions").json()} == {"MN", "HI"}


def test_a_registration_from_start_to_confirmation_mail(client: Client, scene: Scene, services: Services) -> None:
    assert client.start(role="mentor").json()["next_step"] == "who"
    client.put("who", role="mentor", name="Bo", email="bo@example.org", stage="faculty")
    client.put("place", institution_id=str(scene.honolulu))
    client.put("want", offer="Anything about island medicine", specialties=["family_medicine"])
    gender = {"code": "gender", "answers": ["Man"], "match": True}
    assert client.put("matters", dimensions=[gender]).status_code == 200
    done = client.put("meeting", hours=["0-7"], hours_per_month="4.5", mentee_slots=2).json()
    assert done["next_step"] == "review"
    assert all(done["steps"].values())
    assert client.submit(consent=True).status_code == 202
    with services.database.reading(SYSTEM) as session:
        mailed = session.scalars(select(LoginChallenge)).one()
    assert (mailed.email, mailed.purpose) == ("bo@example.org", "confirm_registration")


def test_a_wrong_answer_is_a_problem_that_names_its_field(client: Client) -> None:
    client.start()
    answer = client.put("who", role="mentor", name="Bo", email="bo@example.org", stage="m1")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Mentors start" in answer.json()["fields"]["stage"]
    assert client.look().json()["steps"]["who"] is False


def test_a_text_with_an_address_is_taken_and_told_of(client: Client) -> None:
    client.start()
    client.put("who", role="mentee", name="Bo", email="bo@example.org", stage="m1")
    told = client.put("want", wish="A mentor in toxicology; bo@example.org", goals="A poster").json()["notices"]
    assert told.keys() == {"wish"}
    assert "“bo@example.org”" in told["wish"]


def test_an_unfinished_registration_cannot_be_submitted(client: Client) -> None:
    client.start()
    answer = client.submit(consent=True)
    assert (answer.status_code, answer.json()["code"]) == (409, "step_missing")


def test_without_consent_nothing_is_submitted(client: Client, scene: Scene) -> None:
    client.start(role="mentee")
    client.put("who", role="mentee", name="Cy", email="cy@example.org", stage="m1")
    client.put("place", institution_id=str(scene.rochester))
    client.put("want", wish="Somebody who knows rural medicine")
    client.put("matters")
    client.put("meeting", hours=["0-7"])
    assert client.submit(consent=False).json()["fields"].keys() == {"consent"}
    assert client.look().json()["state"] == "draft"


def test_a_wrong_token_opens_nothing(client: Client) -> None:
    client.start()
    client.headers = {"X-Registration-Token": "somebody else's"}
    assert client.look().status_code == 404
    assert client.put("matters").status_code == 404


def test_an_unknown_program_takes_nobody(client: Client) -> None:
    assert client.start(program="nowhere").status_code == 404
