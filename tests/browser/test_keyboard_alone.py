"""No mouse, no finger: logging in and registering with the keyboard alone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import registering
from tests.browser.conftest import Visitor
from tests.browser.mailbox import Mailbox
from tests.browser.nation import Nation

pytestmark = pytest.mark.browser


def test_logging_in(visitor: Visitor, found: Callable[..., Nation], mailbox: Mailbox) -> None:
    nation = found("Keys", mentees=0, mentors=1)
    email = nation.email("Dr. Ruth Adeyemi")
    ruth = visitor()
    ruth.goes_to("/")
    ruth.tabs_to("Skip to the content")
    ruth.tabs_to("Log in")
    ruth.presses("Enter")
    expect(ruth.page).to_have_url(re.compile("/login$"))
    ruth.tabs_to("Your e-mail address")
    ruth.types(email)
    ruth.presses("Enter")
    expect(ruth.page).to_have_url(re.compile("/login/sent$"))
    ruth.tabs_to("Code")
    ruth.types(mailbox.wait_for(email, "log in").code)
    ruth.presses("Enter")
    expect(ruth.page.get_by_role("heading", name="Hello, Ruth")).to_be_visible()


def test_registering(visitor: Visitor, found: Callable[..., Nation], mailbox: Mailbox) -> None:
    nation = found("Keys to Join", mentees=0, mentors=1)
    kim = visitor()
    kim.goes_to(f"/register/{nation.slug}")
    kim.tabs_to("Start I would like a mentor")
    kim.presses("Enter")
    registering.is_at(kim, 1)
    kim.tabs_to("Your name")
    kim.types("Kim Keys")
    kim.tabs_to("E-mail address")
    kim.types("kim.keys@example.org")
    kim.tabs_to("Career stage")
    kim.types("Medical student, year 3")
    kim.submits_step(1)
    kim.tabs_to("Institution")
    kim.types("Mayo")
    expect(kim.page.get_by_role("option", name="Mayo Clinic")).to_be_visible()
    kim.presses("ArrowDown", "Enter")
    kim.submits_step(2)
    kim.tabs_to("What would you like help with?")
    kim.types("Ultrasound, and where to rotate.")
    kim.submits_step(3)
    kim.submits_step(4)
    kim.tabs_to("Monday")
    kim.presses("ArrowDown", "Space", "Shift+ArrowDown")
    kim.submits_step(5)
    expect(kim.sees("2 hours a week")).to_be_visible()
    kim.tabs_to("I agree that my answers are used")
    kim.presses("Space")
    kim.tabs_to("Agree and join")
    kim.presses("Enter")
    expect(kim.page).to_have_url(re.compile("/login/sent$"))
    kim.tabs_to("Code")
    kim.types(mailbox.wait_for("kim.keys@example.org", "Confirm your registration").code)
    kim.presses("Enter")
    expect(kim.page.get_by_role("heading", name="Hello, Kim")).to_be_visible()
