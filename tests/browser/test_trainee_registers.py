"""A trainee with a phone: six steps, an e-mail, mentors who fit, and one of them asked."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import registering
from tests.browser.conftest import Visitor
from tests.browser.mailbox import Mailbox
from tests.browser.nation import Nation
from tests.browser.person import PHONE

pytestmark = pytest.mark.browser
EMAIL = "noor.haddad@example.org"


def test_a_trainee_registers_on_a_phone_and_asks_a_mentor_who_fits(
    visitor: Visitor, found: Callable[..., Nation], mailbox: Mailbox
) -> None:
    nation = found("Climb on a Phone", mentees=1, mentors=4)
    noor = visitor(PHONE)
    noor.goes_to("/")
    noor.shows("landing-phone")
    registering.starts(noor, nation.slug)
    noor.shows("registration-phone")
    registering.says_who(noor, "Noor Haddad", EMAIL)
    registering.says_where(noor)
    registering.says_what(noor, "Emergency medicine and ultrasound, from a school without a home program.")
    registering.leaves_identity_closed(noor)
    noor.shows("registration-week-phone")
    registering.says_when(noor)
    expect(noor.sees("Morehouse School of Medicine, Atlanta, GA")).to_be_visible()
    noor.shows("registration-review-phone")
    registering.agrees(noor)

    mail = mailbox.wait_for(EMAIL, "Confirm your registration")
    noor.fills("Code", mail.code)
    noor.clicks("Confirm")
    begun = time.monotonic()
    expect(noor.page.get_by_role("heading", name="Hello, Noor")).to_be_visible()
    asks = noor.page.get_by_role("link", name="Ask Dr.")
    expect(asks.first).to_be_visible()
    print(f"suggestions {time.monotonic() - begun:.1f} s after confirming")  # noqa: T201 — a figure, not an assertion
    expect(noor.page.locator(".b-why__reason").first).not_to_be_empty()
    expect(noor.page.get_by_role("heading", name="4 mentors fit you and have time")).to_be_visible()
    noor.shows("suggestions-phone")

    asks.first.click()
    noor.fills("A few words from you", "I would love to hear how you chose your away rotations.")
    noor.clicks("Ask Dr.")
    expect(noor.page.get_by_role("heading", name="has been asked")).to_be_visible()
    noor.checks_page()


def test_the_link_in_the_mail_confirms_as_well_as_the_code(
    visitor: Visitor, found: Callable[..., Nation], mailbox: Mailbox
) -> None:
    nation = found("Climb by Link", mentees=0, mentors=4)
    sam = visitor()
    sam.goes_to("/")
    sam.shows("landing-desktop")
    registering.starts(sam, nation.slug)
    sam.shows("registration-desktop")
    registering.says_who(sam, "Sam Ortiz", "sam.ortiz@example.org")
    registering.says_where(sam)
    registering.says_what(sam, "Rural family medicine.")
    registering.leaves_identity_closed(sam)
    registering.says_when(sam)
    registering.agrees(sam)
    sam.goes_to(mailbox.wait_for("sam.ortiz@example.org", "Confirm your registration").link())
    sam.clicks("Log in")
    expect(sam.page.get_by_role("heading", name="Hello, Sam")).to_be_visible()
    expect(sam.page.get_by_role("heading", name="4 mentors fit you and have time")).to_be_visible()
    sam.shows("suggestions-desktop")
