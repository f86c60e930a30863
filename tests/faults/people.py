"""People in browsers that talk to a real API process over HTTP."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import httpx2 as httpx
from sqlalchemy import select

from services.api.accounts.sessions import open_session
from services.api.cookies import BROWSER, cookie_name
from services.api.middleware.csrf import form_token
from shared.clock import SystemClock
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.models.accounts import LoginChallenge
from shared.security.challenges import open_challenge
from shared.security.tokens import new_token
from shared.settings import Settings

BROKEN = httpx.TransportError
SECONDS = 60.0


class Person:
    """A browser: follows no redirects, keeps cookies, fills in form tokens. It survives the API it talks to."""

    def __init__(self, settings: Settings, address: str) -> None:
        self.settings = settings
        self.address = address
        self.name = new_token()
        self.cookies = httpx.Cookies()
        self._keep(BROWSER, self.name)

    def log_in(self, api: Database, account_id: UUID) -> "Person":
        """As if this account had just proved itself."""
        with api.writing(SYSTEM) as session:
            self._keep("", open_session(session, SystemClock(), account_id, "Firefox, Linux"))
        return self

    def get(self, path: str) -> httpx.Response:
        return self._ask("GET", path)

    def submit(self, path: str, fields: Mapping[str, Any] | None = None) -> httpx.Response:
        """POST a form as our own pages do. Raises BROKEN when the API dies over it."""
        token = form_token(self.settings, self.name)
        return self._ask("POST", path, data={"csrf_token": token, **(fields or {})})

    def type_code(self, api: Database) -> httpx.Response:
        """The code of the e-mail that is on its way to this person."""
        with api.reading(SYSTEM) as session:
            unused = LoginChallenge.used_at.is_(None), LoginChallenge.sealed.is_not(None)
            challenge = session.scalars(select(LoginChallenge).where(*unused)).one()
        secret = open_challenge(self.settings, challenge.id, challenge.sealed or b"")
        return self.submit("/login/code", {"code": secret.code})

    def _keep(self, suffix: str, value: str) -> None:
        self.cookies.set(cookie_name(self.settings, suffix), value, domain="127.0.0.1")

    def _ask(self, method: str, path: str, **form: Any) -> httpx.Response:
        with httpx.Client(base_url=self.address, cookies=self.cookies, timeout=SECONDS) as client:
            answer = client.request(method, path, **form)
            self.cookies = client.cookies
        return answer
