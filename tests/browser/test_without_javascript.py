"""Nothing of the way in needs JavaScript: registering, asking, answering."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import registering
from tests.browser.conftest import Visitor
from tests.browser.mailbox import Mailbox
from tests.browser.nation import Nation
from tests.browser.person import PHONE, Person

pytestmark = pytest.mark.browser
EMAIL = "plain.pat@example.org"


def marks_an_hour(person: Person) -> None:
    person.page.locator('input[name=hours][value="1-18"]').check()


def looks_until_mentors_are_there(person: Person) -> None:
    again = person.page.get_by_role("link", name="Look again")
    while again.count():
        person.goes_to("/mentee")


def test_registering_asking_and_answering_without_javascript(
    visitor: Visitor, found: Callable[..., Nation], mailbox: Mailbox
) -> None:
    nation = found("Plain Pages", mentees=0, mentors=1)
    pat = visitor(PHONE, javascript=False)
    registering.starts(pat, nation.slug)
    registering.says_who(pat, "Pat Plain", EMAIL)
    pat.page.get_by_label("Institution").select_option(str(nation.places[1].id))
    pat.clicks("Save and continue")
    registering.says_what(pat, "Ultrasound, and where to rotate.")
    registering.leaves_identity_closed(pat)
    registering.says_when(pat, marks_an_hour)
    registering.agrees(pat)
    pat.fills("Code", mailbox.wait_for(EMAIL, "Confirm your registration").code)
    pat.clicks("Confirm")
    looks_until_mentors_are_there(pat)
    pat.clicks("Ask Dr. Ruth Adeyemi")
    pat.clicks("Ask Dr. Ruth Adeyemi")
    expect(pat.page.get_by_role("heading", name="has been asked")).to_be_visible()

    ruth = visitor(PHONE, javascript=False)
    asked = mailbox.wait_for(nation.email("Dr. Ruth Adeyemi"), "asks you to be their mentor")
    ruth.goes_to(asked.link(after="Yes, I accept"))
    ruth.clicks("Yes, I accept")
    expect(ruth.sees("You said yes")).to_be_visible()
    pat.goes_to("/mentee")
    expect(pat.page.get_by_role("heading", name="Find a first time with Dr. Ruth Adeyemi")).to_be_visible()


def test_a_wrong_answer_is_told_and_nothing_typed_is_lost(visitor: Visitor, found: Callable[..., Nation]) -> None:
    nation = found("Second Look", mentees=0, mentors=0)
    pat = visitor(PHONE, javascript=False)
    registering.starts(pat, nation.slug)
    pat.fills("Your name", "Pat Plain")
    pat.fills("E-mail address", "not an address")
    pat.clicks("Save and continue")
    expect(pat.sees("Enter an e-mail address like name@example.edu.")).to_be_visible()
    expect(pat.page.get_by_label("Your name")).to_have_value("Pat Plain")
    expect(pat.page.get_by_label("E-mail address")).to_have_value("not an address")
    pat.checks_page()
