"""A browser of the tests' own: it keeps cookies, fills in form tokens, and can be logged in as anybody."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from fastapi.testclient import TestClient

from services.api.accounts.sessions import open_session
from services.api.cookies import BROWSER, cookie_name
from services.api.middleware.csrf import form_token
from services.api.services import Services, services_of
from shared.db.actor import SYSTEM
from shared.security.tokens import new_token
from tests.pagecheck import check_page

Answer = Any  # the test client's response


class Browser(TestClient):
    """Follows no redirects by itself: tests say where an answer leads."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(app, follow_redirects=False)
        self.services: Services = services_of(app.state)
        self.name = new_token()
        self.set_cookie(BROWSER, self.name)

    @property
    def csrf_token(self) -> str:
        return form_token(self.services.settings, self.name)

    def log_in(self, account_id: UUID) -> "Browser":
        """As if this account had just proved itself."""
        with self.services.database.writing(SYSTEM) as session:
            token = open_session(session, self.services.clock, account_id, "Firefox, Linux")
        self.set_cookie("", token)
        return self

    def set_cookie(self, suffix: str, value: str) -> None:
        """As if the site had set it."""
        self.cookies.set(cookie_name(self.services.settings, suffix), value, domain="testserver.local")

    def submit(self, path: str, fields: Mapping[str, Any] | None = None) -> Answer:
        """POST a form as our own pages do."""
        return self.post(path, data={"csrf_token": self.csrf_token, **(fields or {})})

    def page(self, path: str, status: int = 200) -> str:
        """The page at `path`, which must pass the page check."""
        return self.checked(self.get(path), status)

    @staticmethod
    def checked(answer: Answer, status: int = 200) -> str:
        assert answer.status_code == status, answer.text[:2000]
        problems = check_page(answer.text)
        assert not problems, problems
        text: str = answer.text
        return text
