"""How long a log-in lasts, and how it ends."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from services.api.accounts.sessions import PARTICIPANT_LIMITS, STAFF_LIMITS, TOUCH_EVERY, Limits
from services.api.services import Services
from shared.clock import FixedClock
from shared.db.actor import SYSTEM
from shared.models.accounts import LoginSession
from tests.factories.browser import Browser
from tests.factories.cast import Cast

MOMENT = timedelta(seconds=1)
LIMITS = [("mentee", PARTICIPANT_LIMITS), ("lead", STAFF_LIMITS), ("coordinator", STAFF_LIMITS)]


def is_in(browser: Browser) -> bool:
    return bool(browser.get("/settings").status_code == 200)


@pytest.mark.parametrize(("role", "limits"), LIMITS)
def test_an_unused_log_in_ends(role: str, limits: Limits, browse: Callable[[str], Browser], clock: FixedClock) -> None:
    browser = browse(role)
    clock.at += limits.idle - MOMENT
    assert is_in(browser)
    clock.at += limits.idle
    assert not is_in(browser)


@pytest.mark.parametrize(("role", "limits"), LIMITS)
def test_a_log_in_in_constant_use_ends_at_its_age(
    role: str, limits: Limits, browse: Callable[[str], Browser], clock: FixedClock
) -> None:
    browser, born = browse(role), clock.at
    while clock.at + limits.idle / 2 < born + limits.absolute:
        clock.at += limits.idle / 2
        assert is_in(browser)
    clock.at = born + limits.absolute
    assert not is_in(browser)


def test_staff_are_logged_out_sooner() -> None:
    assert timedelta(hours=12) >= STAFF_LIMITS.absolute
    assert STAFF_LIMITS.idle < PARTICIPANT_LIMITS.idle


def test_use_is_noted_now_and_then_only(mentee: Browser, services: Services, clock: FixedClock) -> None:
    def seen() -> object:
        with services.database.reading(SYSTEM) as session:
            return session.scalars(select(LoginSession.seen_at)).one()

    first = seen()
    clock.at += TOUCH_EVERY - MOMENT
    mentee.get("/settings")
    assert seen() == first
    clock.at += MOMENT
    mentee.get("/settings")
    assert seen() == clock.at


def test_logging_out_ends_the_session_on_the_server(mentee: Browser, app: object) -> None:
    stolen = mentee.cookies["belay"]
    assert mentee.submit("/logout").status_code == 303
    assert not is_in(mentee)
    thief = Browser(app)  # type: ignore[arg-type]
    thief.set_cookie("", stolen)
    assert not is_in(thief)


def test_a_token_is_stored_as_its_hash_only(mentee: Browser, services: Services) -> None:
    with services.database.reading(SYSTEM) as session:
        login = session.scalars(select(LoginSession)).one()
    assert mentee.cookies["belay"].encode() not in login.token_hash
    assert len(login.token_hash) == 32


def test_an_unknown_token_is_a_stranger(api_client: Browser) -> None:
    api_client.set_cookie("", "x" * 43)
    assert not is_in(api_client)


def test_a_closed_account_is_out_at_once(mentee: Browser, cast: Cast, services: Services, clock: FixedClock) -> None:
    with services.database.writing(SYSTEM) as session:
        session.merge(cast.accounts["mentee"]).closed_at = clock.at
    assert not is_in(mentee)


def test_a_role_that_is_taken_away_is_gone_at_once(lead: Browser, services: Services, cast: Cast) -> None:
    from sqlalchemy import delete

    from shared.models.accounts import StaffRole

    assert lead.get("/api/v1/me").json()["roles"] != []
    with services.database.writing(SYSTEM) as session:
        session.execute(delete(StaffRole).where(StaffRole.account_id == cast.accounts["lead"].id))
    assert lead.get("/api/v1/me").json()["roles"] == []


def test_people_see_and_end_their_other_log_ins(browse: Callable[[str], Browser]) -> None:
    phone, laptop = browse("mentee"), browse("mentee")
    page = laptop.page("/settings")
    assert page.count("Firefox, Linux</strong>") == 2
    assert page.count("This device") == 1
    other = next(one for one in laptop.get("/api/v1/me/sessions").json() if not one["is_this"])
    assert laptop.submit(f"/settings/sessions/{other['id']}/revoke").status_code == 303
    assert (is_in(phone), is_in(laptop)) == (False, True)


def test_people_end_all_other_log_ins_at_once(browse: Callable[[str], Browser]) -> None:
    others, this = [browse("mentee"), browse("mentee")], browse("mentee")
    assert this.submit("/settings/sessions/others/revoke").status_code == 303
    assert [is_in(browser) for browser in (*others, this)] == [False, False, True]


def test_nobody_ends_somebody_elses_log_in(mentee: Browser, outsider: Browser) -> None:
    theirs = mentee.get("/api/v1/me/sessions").json()[0]["id"]
    assert outsider.submit(f"/settings/sessions/{theirs}/revoke").status_code == 404
    assert is_in(mentee)
