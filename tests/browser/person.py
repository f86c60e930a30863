"""Somebody at a browser of their own. What its console says is kept: a journey in which it says anything failed."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Response, expect

from services.api.accounts.sessions import open_session
from services.api.cookies import cookie_name
from shared.clock import SystemClock
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.settings import Settings
from tests.pagecheck import check_page

SCREENSHOTS = Path("var/screenshots")
PHONE, DESKTOP = 320, 1280
# A page that is meant to be missing or refused is told by its status; the browser remarks upon it.
EXPECTED = ("the server responded with a status of 404", "the server responded with a status of 422",
            "the server responded with a status of 409")  # fmt: skip

MOST_STOPS = 120
NAME_OF_FOCUS = """(() => {
  const at = document.activeElement;
  const labels = [...(at.labels ?? [])].map((label) => label.textContent);
  const ids = (at.getAttribute("aria-labelledby") ?? "").split(" ");
  const others = ids.map((id) => document.getElementById(id)?.textContent);
  return [at.getAttribute("aria-label"), ...labels, ...others, at.tagName === "BODY" ? "" : at.textContent].join(" ");
})()"""


@dataclass
class Person:
    page: Page
    site: str
    said: list[str] = field(default_factory=list)

    def listen(self) -> "Person":
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        return self

    def _note(self, message: ConsoleMessage) -> None:
        if not any(words in message.text for words in EXPECTED):
            self.said.append(f"{self.page.url}: {message.text}")

    @property
    def context(self) -> BrowserContext:
        return self.page.context

    def goes_to(self, path: str) -> Response:
        answer = self.page.goto(path if path.startswith("http") else self.site + path)
        assert answer is not None
        return answer

    def clicks(self, name: str) -> None:
        """A button or a link of the page itself, by what it says."""
        main = self.page.get_by_role("main")
        main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name)).first.click()

    def chooses(self, label: str) -> None:
        """A radio button or a checkbox, as a finger would: on its label."""
        self.page.locator("label", has_text=label).first.click()

    def fills(self, label: str, words: str) -> None:
        self.page.get_by_label(label).first.fill(words)

    def types(self, words: str) -> None:
        self.page.keyboard.type(words)

    def presses(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def tabs_to(self, name: str) -> None:
        """Presses Tab until what has the focus is called so."""
        for _ in range(MOST_STOPS):
            self.presses("Tab")
            if name in self.page.evaluate(NAME_OF_FOCUS):
                return
        raise AssertionError(f"{MOST_STOPS} times Tab does not lead to “{name}” on {self.page.url}")

    def submits_step(self, number: int) -> None:
        """Of a registration, by keyboard."""
        self.tabs_to("Save and continue")
        self.presses("Enter")
        expect(self.page).to_have_url(re.compile(rf"/register/step/{number + 1}$"))

    def sees(self, words: str) -> Locator:
        return self.page.get_by_text(words).first

    def checks_page(self) -> None:
        assert check_page(self.page.content()) == []

    def shows(self, name: str) -> None:
        """A picture of the whole page, for people to look at."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)

    def is_logged_in_as(self, account_id: UUID, database: Database) -> "Person":
        """As if they had just used the link in their e-mail (a journey of its own proves that)."""
        with database.writing(SYSTEM) as session:
            token = open_session(session, SystemClock(), account_id, "Chromium, Linux")
        self.keeps("", token)
        return self

    def keeps(self, suffix: str, value: str) -> None:
        """A cookie as the site would have set it."""
        name = cookie_name(Settings(public_url=self.site), suffix)
        self.context.add_cookies([{"name": name, "value": value, "url": self.site}])
