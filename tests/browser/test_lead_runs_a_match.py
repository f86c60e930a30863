"""A program lead: a run started, watched, studied, explained and published; everybody in it is told."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.mailbox import Mailbox
from tests.browser.nation import Nation
from tests.browser.person import PHONE

pytestmark = pytest.mark.browser


def test_a_lead_logs_in_runs_the_match_studies_the_draft_and_publishes(
    visitor: Visitor, found: Callable[..., Nation], mailbox: Mailbox
) -> None:
    nation = found("Climb Together", mentees=6, mentors=2)
    jordan = visitor()
    jordan.goes_to("/login")
    jordan.fills("Your e-mail address", nation.lead.email)
    jordan.clicks("Send me the e-mail")
    jordan.fills("Code", mailbox.wait_for(nation.lead.email, "log in").code)
    jordan.clicks("Log in")
    expect(jordan.page.get_by_role("heading", name=nation.program.name)).to_be_visible()

    jordan.clicks("Match runs")
    jordan.clicks("New match run")
    expect(jordan.sees("6 mentees wish for 6 mentors; 2 mentors take part")).to_be_visible()
    jordan.clicks("Run the match")
    expect(jordan.page).to_have_url(re.compile(r"/runs/[0-9a-f-]{36}$"))
    expect(jordan.page.get_by_role("heading", name="Ready to publish?")).to_be_visible()
    run = jordan.page.url
    expect(jordan.sees("4 of 6 wishes for a mentor")).to_be_visible()
    jordan.checks_page()
    jordan.shows("draft-desktop")

    jordan.clicks("Open wishes")
    expect(jordan.page.get_by_role("row")).to_have_count(3)
    jordan.goes_to(f"{run}/pairs")
    expect(jordan.page.get_by_role("row")).to_have_count(5)
    jordan.page.get_by_role("link", name="Why?").first.click()
    drawer = jordan.page.get_by_role("dialog", name="Why this pair")
    expect(drawer.get_by_text("The score, part by part")).to_be_visible()
    jordan.shows("explanation-desktop")
    jordan.page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()

    jordan.goes_to(run)
    jordan.page.set_viewport_size({"width": PHONE, "height": 800})
    jordan.shows("draft-phone")
    jordan.page.on("dialog", lambda dialog: dialog.accept())
    jordan.clicks("Publish this match")
    expect(jordan.sees("Published on")).to_be_visible()

    jordan.goes_to(f"/lead/{nation.slug}")
    jordan.shows("dashboard-phone")
    jordan.page.set_viewport_size({"width": 1280, "height": 800})
    jordan.shows("dashboard-desktop")
    for mentor in ("Dr. Ruth Adeyemi", "Dr. Samuel Kim"):
        mail = mailbox.wait_for(nation.email(mentor), "Will you mentor")
        assert "Why you two" in mail.text
