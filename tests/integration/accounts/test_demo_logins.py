"""The demo's front door."""

from fastapi import FastAPI

from services.api.accounts.policy import may_use_demo_logins
from services.api.services import Services
from shared.db.actor import SYSTEM
from shared.demo import CAST_DOMAIN
from shared.settings import Settings
from tests.factories import rows
from tests.factories.browser import Browser
from tests.factories.cast import Cast


def test_one_click_logs_in_as_somebody_of_the_cast(api_client: Browser, services: Services, cast: Cast) -> None:
    with services.database.writing(SYSTEM) as session:
        account = rows.make_account(session, email=f"lead@{CAST_DOMAIN}", name="Lee Demo")
        rows.make_staff_role(session, account, "lead", program_id=cast.program.id)
    page = api_client.page("/demo")
    assert "Lee Demo" in page
    assert "Program lead" in page
    assert api_client.submit(f"/demo/login/{account.id}").headers["location"] == "/home"
    assert api_client.get("/home").headers["location"] == f"/lead/{cast.program.slug}"


def test_nobody_outside_the_cast_can_be_entered_as(api_client: Browser, cast: Cast) -> None:
    assert api_client.submit(f"/demo/login/{cast.accounts['mentee'].id}").status_code == 404


def test_an_empty_demo_says_that_it_is_loading(api_client: Browser) -> None:
    assert "The demo is still being loaded" in api_client.page("/demo")


def test_without_the_demo_there_is_no_such_door(app: FastAPI, api_settings: Settings) -> None:
    quiet = api_settings.model_copy(update={"demo": False})
    assert may_use_demo_logins(quiet).hide
    assert not may_use_demo_logins(quiet).allowed
    assert may_use_demo_logins(api_settings).allowed
