"""A registration begun on a phone is finished at a desk."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import registering
from tests.browser.conftest import Visitor
from tests.browser.mailbox import Mailbox
from tests.browser.nation import Nation
from tests.browser.person import PHONE

pytestmark = pytest.mark.browser
EMAIL = "two.devices@example.org"


def test_a_registration_is_resumed_from_another_browser(
    visitor: Visitor, found: Callable[..., Nation], mailbox: Mailbox
) -> None:
    nation = found("Two Devices", mentees=0, mentors=1)
    phone = visitor(PHONE)
    registering.starts(phone, nation.slug)
    registering.says_who(phone, "Toni Devices", EMAIL)
    registering.says_where(phone)

    desk = visitor()
    desk.goes_to(f"/register/{nation.slug}")
    desk.clicks("Log in with your e-mail address and go on there.")
    desk.fills("Your e-mail address", EMAIL)
    desk.clicks("Send me the e-mail")
    desk.fills("Code", mailbox.wait_for(EMAIL, "log in").code)
    desk.clicks("Log in")
    registering.is_at(desk, 3)
    registering.says_what(desk, "Away rotations.")
    desk.goes_to("/register/step/1")
    expect(desk.page.get_by_label("Your name")).to_have_value("Toni Devices")
    phone.goes_to("/register/step/3")
    expect(phone.page.get_by_role("heading", name="No registration is open in this browser")).to_be_visible()
