"""The demo's mailbox shows what people get, and nothing in a mail can run, load or leave its frame."""

from collections.abc import Callable
from uuid import uuid4

from fastapi import FastAPI
from sqlalchemy import update

from services.api.mailbox.pages import PER_PAGE
from shared.contracts.messages import MeetingScheduled, RegistrationConfirmed
from shared.db.actor import SYSTEM
from shared.models.accounts import Account
from shared.settings import Settings
from tests.factories.browser import Browser
from tests.factories.cast import Cast
from tests.factories.meetings import make_meeting
from tests.integration.notifier.office import Office


def test_the_list_shows_every_mail(api_client: Browser, cast: Cast, written: dict[str, str]) -> None:
    page = api_client.page("/demo/mail")
    assert f"Welcome to {cast.program.name}" in page
    assert page.count("Meeting with") == 2


def test_what_is_still_on_its_way_is_told(api_client: Browser, cast: Cast, office: Office) -> None:
    assert "on its way" not in api_client.page("/demo/mail")
    office.tell(RegistrationConfirmed(participant_id=cast.participants["mentee"].id))
    assert "1 notice is on its way." in api_client.page("/demo/mail")
    office.work()
    assert "on its way" not in api_client.page("/demo/mail")


def test_mails_are_found_by_their_recipient(api_client: Browser, cast: Cast, written: dict[str, str]) -> None:
    page = api_client.page(f"/demo/mail?to={cast.accounts['mentor'].email.upper()}")
    assert page.count("Meeting with") == 1
    assert "Welcome to" not in page
    assert "Nobody like that" in api_client.page("/demo/mail?to=nobody")


def test_names_and_subjects_are_read_as_they_were_written(
    api_client: Browser, api_settings: Settings, office: Office, cast: Cast
) -> None:
    name = "María-José Ñúñez de la Peña, MD"
    with office.as_owner.writing(SYSTEM) as session:
        session.execute(update(Account).where(Account.id == cast.accounts["mentor"].id).values(name=name))
        session.execute(update(Account).where(Account.id == cast.accounts["mentee"].id).values(language="es"))
        meeting = make_meeting(session, cast.mentorship)
    office.tell(MeetingScheduled(meeting_id=meeting.id))
    office.work()
    page = api_client.page("/demo/mail?to=ñúñez")
    assert f"To {name}" in page
    assert "Reunión con María-José" in api_client.page(f"/demo/mail?to={cast.accounts['mentee'].email}")


def test_an_empty_mailbox_says_how_to_fill_it(api_client: Browser) -> None:
    assert "No e-mail yet" in api_client.page("/demo/mail")


def test_a_mail_is_shown_in_all_its_parts(api_client: Browser, cast: Cast, written: dict[str, str]) -> None:
    page = api_client.page(f"/demo/mail/{written['meeting_scheduled']}")
    assert f'src="/demo/mail/{written["meeting_scheduled"]}/html"' in page
    assert "BEGIN:VCALENDAR" in page
    assert "List-Unsubscribe=One-Click" in page
    assert "The invitation for your calendar is attached." in page


def test_the_frame_lets_nothing_run_or_load(api_client: Browser, written: dict[str, str]) -> None:
    answer = api_client.get(f"/demo/mail/{written['welcome_mentee']}/html")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; form-action 'none'")
    assert "script-src" not in policy
    assert "frame-ancestors 'self'" in policy
    assert "sandbox" in policy
    assert '<base target="_top">' in answer.text


def test_only_the_page_of_a_mail_may_hold_a_frame(api_client: Browser, written: dict[str, str]) -> None:
    of_mail = api_client.get(f"/demo/mail/{written['welcome_mentee']}").headers["Content-Security-Policy"]
    of_list = api_client.get("/demo/mail").headers["Content-Security-Policy"]
    assert "frame-src 'self'" in of_mail
    assert "frame-src" not in of_list


def test_an_invite_can_be_downloaded(api_client: Browser, written: dict[str, str]) -> None:
    answer = api_client.get(f"/demo/mail/{written['meeting_scheduled']}/invite.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    assert "METHOD:REQUEST" in answer.text


def test_a_mail_without_invite_has_none_to_download(api_client: Browser, written: dict[str, str]) -> None:
    assert api_client.get(f"/demo/mail/{written['welcome_mentee']}/invite.ics").status_code == 404


def test_unknown_mails_are_not_found(api_client: Browser) -> None:
    api_client.page(f"/demo/mail/{uuid4()}", status=404)
    assert api_client.get("/demo/mail/..%2Fsecrets").status_code in {404, 422}


def test_long_lists_come_in_pages(
    api_client: Browser, api_settings: Settings, written: dict[str, str]
) -> None:
    folder = api_settings.mail_directory
    mail = (folder / f"{written['welcome_mentee']}.eml").read_bytes()
    for _ in range(PER_PAGE):
        (folder / f"{uuid4()}.eml").write_bytes(mail)
    assert api_client.page("/demo/mail").count('class="b-mails__item"') == PER_PAGE
    assert api_client.page("/demo/mail?page=2").count('class="b-mails__item"') == 3


def test_outside_the_demo_there_is_no_mailbox(
    app_with: Callable[[Settings], FastAPI], api_settings: Settings, written: dict[str, str]
) -> None:
    browser = Browser(app_with(api_settings.model_copy(update={"demo": False})))
    browser.page("/demo/mail", status=404)
    browser.page(f"/demo/mail/{written['welcome_mentee']}", status=404)


def test_every_page_of_the_demo_leads_to_its_mails(api_client: Browser) -> None:
    assert 'href="/demo/mail">Read the e-mails</a>' in api_client.page("/login")
