"""Two people, two browsers: a yes that opens a mentorship to both, and a no that costs nobody a thing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from shared.db.engine import Database
from tests.browser.conftest import Visitor
from tests.browser.mailbox import Mailbox
from tests.browser.nation import Nation
from tests.browser.person import Person

pytestmark = pytest.mark.browser


def asks(person: Person, mentor: str) -> None:
    person.goes_to("/mentee")
    person.clicks(f"Ask {mentor}")
    person.fills("A few words from you", "How did you choose where to rotate?")
    person.clicks(f"Ask {mentor}")
    expect(person.page.get_by_role("heading", name=f"{mentor} has been asked")).to_be_visible()


def test_a_mentor_accepts_from_the_mail_and_the_two_find_a_time(
    visitor: Visitor, found: Callable[..., Nation], mailbox: Mailbox, as_owner: Database
) -> None:
    nation = found("Yes", mentees=1, mentors=1)
    amara = visitor().is_logged_in_as(nation.account_id("Amara Okafor"), as_owner)
    asks(amara, "Dr. Ruth Adeyemi")
    asked = mailbox.wait_for(nation.email("Dr. Ruth Adeyemi"), "asks you to be their mentor")

    ruth = visitor()
    ruth.goes_to(asked.link(after="Yes, I accept"))
    expect(ruth.sees("How did you choose where to rotate?")).to_be_visible()
    amara.goes_to("/mentee")
    expect(amara.page.get_by_role("heading", name="has been asked")).to_be_visible()  # opening the link decided nothing
    ruth.clicks("Yes, I accept")
    expect(ruth.sees("You said yes")).to_be_visible()
    ruth.checks_page()

    amara.goes_to(mailbox.wait_for(nation.email("Amara Okafor"), "said yes").link())
    amara.goes_to("/mentee")
    amara.clicks("Open my mentorship")
    expect(amara.sees(nation.email("Dr. Ruth Adeyemi"))).to_be_visible()
    amara.page.locator(".b-times label").first.click()
    amara.fills("Where", "https://video.example.org/rope")
    amara.clicks("Meet then")
    expect(amara.page.get_by_role("heading", name="You meet on")).to_be_visible()

    ruth.is_logged_in_as(nation.account_id("Dr. Ruth Adeyemi"), as_owner)
    ruth.goes_to("/mentor")
    ruth.clicks("Amara Okafor")
    expect(ruth.page.get_by_role("heading", name="You meet on")).to_be_visible()
    expect(ruth.sees(nation.email("Amara Okafor"))).to_be_visible()
    for name in ("Amara Okafor", "Dr. Ruth Adeyemi"):
        invite = mailbox.wait_for(nation.email(name), "Meeting with").invite
        assert "METHOD:REQUEST" in invite
        assert "https://video.example.org/rope" in invite


def test_a_no_frees_the_place_and_is_told_kindly(
    visitor: Visitor, found: Callable[..., Nation], mailbox: Mailbox, as_owner: Database
) -> None:
    nation = found("No", mentees=1, mentors=2)
    amara = visitor().is_logged_in_as(nation.account_id("Amara Okafor"), as_owner)
    asks(amara, "Dr. Samuel Kim")
    asked = mailbox.wait_for(nation.email("Dr. Samuel Kim"), "asks you to be their mentor")

    samuel = visitor().is_logged_in_as(nation.account_id("Dr. Samuel Kim"), as_owner)
    samuel.goes_to("/mentor")
    expect(samuel.sees("0 of 2 places taken, 1 held until you answer.")).to_be_visible()
    samuel.goes_to(asked.link(after="I cannot take this on"))
    reasons = samuel.page.get_by_role("group", name="What comes closest?")
    reasons.locator("label").first.click()  # the link of the mail has opened them
    samuel.clicks("Decline")
    expect(samuel.sees("You declined this. The place is free again.")).to_be_visible()
    samuel.goes_to("/mentor")
    expect(samuel.sees("0 of 2 places taken, 0 held until you answer.")).to_be_visible()

    mail = mailbox.wait_for(nation.email("Amara Okafor"), "cannot be your mentor this time")
    assert "You have lost nothing" in mail.text
    assert "What happens next" in mail.text
    amara.goes_to("/mentee")
    expect(amara.page.get_by_role("link", name="Ask Dr. Ruth Adeyemi")).to_be_visible()
