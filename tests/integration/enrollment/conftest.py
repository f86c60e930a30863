"""Somebody who registers in the browser, step by step."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from services.api.services import Services
from shared.db.actor import SYSTEM
from shared.models.accounts import LoginChallenge
from shared.security.challenges import open_challenge
from tests.factories.browser import Browser
from tests.integration.enrollment.scene import SLUG, Scene, set_scene

Fields = dict[str, Any]


class Registrant(Browser):
    """A browser in which somebody registers; `answers` are the forms of the steps by number."""

    answers: dict[int, Fields]

    def begin(self, role: str = "mentee") -> None:
        answer = self.submit(f"/register/{SLUG}", {"role": role})
        assert answer.headers["location"] == "/register/step/1"

    def answer(self, number: int, **changes: Any) -> Any:
        return self.submit(f"/register/step/{number}", {**self.answers[number], **changes})

    def answer_all(self, **who: Any) -> None:
        """Begin, and answer everything but the consent."""
        self.begin(who.get("role", "mentee"))
        for number in range(1, 6):
            answer = self.answer(number, **(who if number == 1 else {}))
            assert answer.headers.get("location") == f"/register/step/{number + 1}", answer.text[:3000]

    def agree(self) -> Any:
        return self.answer(6)

    def register(self, **who: Any) -> Any:
        """All of it, up to the page that waits for the e-mail's code."""
        self.answer_all(**who)
        return self.agree()

    def type_code(self) -> Any:
        """The code of the e-mail that was sent last."""
        with self.services.database.reading(SYSTEM) as session:
            challenge = session.scalars(select(LoginChallenge).where(LoginChallenge.used_at.is_(None))).one()
        assert challenge.sealed is not None
        secret = open_challenge(self.services.settings, challenge.id, challenge.sealed)
        return self.submit("/login/code", {"code": secret.code})


@pytest.fixture
def scene(services: Services) -> Scene:
    return set_scene(services.database, services.keyring)


@pytest.fixture
def someone(app: FastAPI, scene: Scene) -> Callable[[], Registrant]:
    """Opens another browser."""

    def open_browser() -> Registrant:
        browser = Registrant(app)
        browser.answers = answers_in(scene)
        return browser

    return open_browser


@pytest.fixture
def ana(someone: Callable[[], Registrant]) -> Registrant:
    return someone()


def answers_in(scene: Scene) -> dict[int, Fields]:
    return {
        1: {"role": "mentee", "name": "Ana Rivera", "email": "ana@example.org", "pronouns": "she/her", "stage": "pgy2"},
        2: {"institution_id": str(scene.rochester), "time_zone": ""},
        3: {
            "wish": "Matching into emergency medicine from far away",
            "offer": "Reading personal statements with a red pen",
            "goals": "An away rotation",
            "interests": "Ultrasound",
            "specialty_1": "emergency_medicine",
            "specialty_2": "toxicology",
            "kinds_wanted": ["near_peer", "faculty"],
            "kinds_offered": ["near_peer"],
        },
        4: {
            "answers_race_ethnicity": ["Mexican American"],
            "own_race_ethnicity": "Purépecha",
            "match_race_ethnicity": "on",
            "importance_race_ethnicity": "3",
            "answers_first_generation": ["First to go to college"],
            "show_first_generation": "on",
            "importance_first_generation": "1",
            "different_perspective": "on",
        },
        5: {
            "hours": ["1-18", "1-19", "5-10"],
            "meeting_mode": "video",
            "working_style": "structured",
            "languages": ["en", "es"],
            "site_preference": "other",
            "regions": ["TX"],
            "hours_per_month": "6",
            "mentee_slots": "3",
        },
        6: {"consent": "on"},
    }
