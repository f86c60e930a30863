"""A mentor registers, says what they can give, and paints their week: by mouse, and by keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from shared.db.engine import Database
from tests.browser import registering
from tests.browser.conftest import Visitor
from tests.browser.mailbox import Mailbox
from tests.browser.nation import Nation
from tests.browser.person import PHONE, Person

pytestmark = pytest.mark.browser
EMAIL = "dr.ines.sol@example.org"
OFFER = "What can you help with?"


def box(person: Person, day: int, hour: int) -> Locator:
    return person.page.locator(f'input[name=hours][value="{day}-{hour}"]')


def paints_tuesday_evening(person: Person) -> None:
    person.fills("Hours a month", "6")
    person.fills("Mentees at most", "2")
    box(person, 1, 18).hover()
    person.page.mouse.down()
    box(person, 2, 21).hover()  # too far, and back; so quick that the boxes between are jumped over
    box(person, 1, 20).hover()
    person.page.mouse.up()
    expect(person.sees("3 hours a week")).to_be_visible()


def test_a_mentor_states_bandwidth_and_paints_the_week(
    visitor: Visitor, found: Callable[..., Nation], mailbox: Mailbox
) -> None:
    nation = found("Give an Hour", mentees=0, mentors=0)
    ines = visitor()
    registering.starts(ines, nation.slug, "I want to mentor")
    registering.says_who(ines, "Ines Sol", EMAIL, role="I want to mentor.", stage="faculty")
    registering.says_where(ines)
    registering.says_what(ines, "Ultrasound and first abstracts.", OFFER)
    registering.leaves_identity_closed(ines)
    registering.says_when(ines, paints_tuesday_evening)
    expect(ines.sees("6 hours a month, 2 mentees at most")).to_be_visible()
    registering.agrees(ines)
    ines.fills("Code", mailbox.wait_for(EMAIL, "Confirm your registration").code)
    ines.clicks("Confirm")
    expect(ines.page.get_by_role("heading", name="Hello, Ines")).to_be_visible()
    mailbox.wait_for(EMAIL, nation.program.name)

    ines.goes_to("/mentor/bandwidth")
    expect(ines.page.get_by_role("row", name="Regular").or_(ines.page.get_by_role("row")).last).to_contain_text("6")
    ines.chooses("Leave")
    ines.fills("First day", nation.cycle.starts_on.isoformat())
    ines.fills("Last day", nation.cycle.starts_on.replace(day=28).isoformat())
    ines.clicks("Add period")
    expect(ines.page.get_by_role("table").get_by_text("Leave")).to_be_visible()
    ines.shows("bandwidth-desktop")
    ines.page.set_viewport_size({"width": PHONE, "height": 800})
    ines.shows("bandwidth-phone")


def test_the_week_is_changed_with_the_keyboard_alone(
    visitor: Visitor, found: Callable[..., Nation], as_owner: Database
) -> None:
    nation = found("Keys for the Week", mentees=0, mentors=1)
    ruth = visitor().is_logged_in_as(nation.account_id("Dr. Ruth Adeyemi"), as_owner)
    ruth.goes_to("/availability")
    expect(ruth.sees("2 hours a week")).to_be_visible()
    ruth.tabs_to("Monday")
    for key in ("Space", "Shift+ArrowDown", "Shift+ArrowRight"):
        ruth.page.keyboard.press(key)
    ruth.tabs_to("Save my week")
    ruth.page.keyboard.press("Enter")
    expect(ruth.sees("5 hours a week")).to_be_visible()
    for day, hour in ((0, 6), (0, 7), (1, 7), (1, 18)):
        expect(box(ruth, day, hour)).to_be_checked()
