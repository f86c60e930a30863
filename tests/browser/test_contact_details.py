"""Somebody writes an address into their text: they are told at the field, and decide."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import registering
from tests.browser.conftest import Visitor
from tests.browser.nation import Nation
from tests.browser.person import PHONE

pytestmark = pytest.mark.browser
QUESTION = "What would you like help with?"


def test_an_address_in_a_text_is_told_at_the_field_and_may_stay(visitor: Visitor, found: Callable[..., Nation]) -> None:
    nation = found("Climb Discreetly", mentees=0, mentors=1)
    noor = visitor(PHONE)
    registering.starts(noor, nation.slug)
    registering.says_who(noor, "Noor Haddad", "noor.discreet@example.org")
    registering.says_where(noor)
    noor.fills(QUESTION, "Emergency medicine from far away; noor@example.org or 612 555 0134. Dr. Adams sent me.")
    noor.clicks("Save and continue")
    told = "This gives away “noor@example.org”, “612 555 0134”, “Dr. Adams”."
    expect(noor.page.get_by_text(told).first).to_be_visible()
    noor.checks_page()
    noor.shows("contact-details-phone")
    noor.chooses("Keep this text as it is")
    noor.clicks("Save and continue")
    registering.is_at(noor, 4)
