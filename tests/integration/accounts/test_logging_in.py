"""Logging in with an e-mailed link or code."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from services.api.accounts.challenges import CODE_ATTEMPTS, LIFETIME
from services.api.services import Services
from shared.clock import FixedClock
from shared.db.actor import SYSTEM
from shared.models.accounts import LoginChallenge, LoginSession
from shared.models.messaging import OutboxMessage
from shared.security.challenges import ChallengeSecret, open_challenge
from tests.factories.browser import Answer, Browser
from tests.factories.cast import Cast


def ask(browser: Browser, email: str) -> Answer:
    answer = browser.submit("/login", {"email": email})
    assert (answer.status_code, answer.headers["location"]) == (303, "/login/sent")
    return answer


def read_mail(services: Services) -> ChallengeSecret:
    """What the notifier would write into the newest log-in mail."""
    with services.database.reading(SYSTEM) as session:
        challenge = session.scalars(
            select(LoginChallenge).where(LoginChallenge.sealed.is_not(None)).order_by(LoginChallenge.created_at.desc())
        ).first()
    assert challenge is not None
    assert challenge.sealed is not None
    return open_challenge(services.settings, challenge.id, challenge.sealed)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def is_logged_in(browser: Browser) -> bool:
    return bool(browser.get("/settings").status_code == 200)


@pytest.fixture
def secret(api_client: Browser, cast: Cast, services: Services) -> ChallengeSecret:
    """The mentee has asked for a mail; this is in it."""
    ask(api_client, cast.accounts["mentee"].email)
    return read_mail(services)


def test_the_code_logs_in(api_client: Browser, secret: ChallengeSecret) -> None:
    answer = api_client.submit("/login/code", {"code": f"{secret.code[:3]} {secret.code[3:]}"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/home")
    assert is_logged_in(api_client)


def test_the_link_logs_in_by_its_button(api_client: Browser, secret: ChallengeSecret) -> None:
    assert f"/login/link/{secret.token}" in api_client.page(f"/login/link/{secret.token}")
    assert api_client.submit(f"/login/link/{secret.token}").headers["location"] == "/home"
    assert is_logged_in(api_client)


def test_opening_a_link_does_not_log_in_however_often_a_scanner_does(
    api_client: Browser, secret: ChallengeSecret
) -> None:
    for _ in range(5):
        api_client.get(f"/login/link/{secret.token}")
        api_client.head(f"/login/link/{secret.token}")
    assert not is_logged_in(api_client)
    assert api_client.submit("/login/code", {"code": secret.code}).status_code == 303


def test_a_link_works_once(api_client: Browser, secret: ChallengeSecret) -> None:
    api_client.submit(f"/login/link/{secret.token}")
    again = api_client.submit(f"/login/link/{secret.token}")
    assert "This link is used up" in Browser.checked(again, 409)
    assert api_client.submit("/login/code", {"code": secret.code}).status_code == 422


def test_a_link_opened_in_another_browser_shows_the_way_and_logs_nobody_in(
    stranger: Browser, secret: ChallengeSecret
) -> None:
    assert "You asked from another browser" in stranger.page(f"/login/link/{secret.token}")
    Browser.checked(stranger.submit(f"/login/link/{secret.token}"), 409)
    assert not is_logged_in(stranger)


def test_a_code_is_worth_nothing_in_another_browser(stranger: Browser, secret: ChallengeSecret, cast: Cast) -> None:
    assert stranger.submit("/login/code", {"code": secret.code}).headers["location"] == "/login"
    ask(stranger, cast.accounts["outsider"].email)
    assert stranger.submit("/login/code", {"code": secret.code}).status_code == 422
    assert not is_logged_in(stranger)


def test_after_ten_minutes_link_and_code_are_over(
    api_client: Browser, secret: ChallengeSecret, clock: FixedClock
) -> None:
    clock.at += LIFETIME
    assert "This link is used up" in api_client.page(f"/login/link/{secret.token}")
    assert api_client.submit(f"/login/link/{secret.token}").status_code == 409
    Browser.checked(api_client.submit("/login/code", {"code": secret.code}), 422)
    assert not is_logged_in(api_client)


def test_a_link_lives_at_most_ten_minutes() -> None:
    assert timedelta(minutes=10) >= LIFETIME


def test_five_wrong_codes_end_the_challenge_even_for_the_right_one(
    api_client: Browser, secret: ChallengeSecret
) -> None:
    for left in reversed(range(CODE_ATTEMPTS)):
        page = Browser.checked(api_client.submit("/login/code", {"code": wrong(secret.code)}), 422)
        assert (f"Tries left: {left} of {CODE_ATTEMPTS}" in page) == (left > 0)
    assert api_client.submit("/login/code", {"code": secret.code}).status_code == 422
    assert not is_logged_in(api_client)


def test_a_new_mail_makes_the_older_one_of_this_browser_worthless(
    api_client: Browser, secret: ChallengeSecret, services: Services, clock: FixedClock
) -> None:
    clock.at += timedelta(seconds=1)
    assert api_client.submit("/login/again").headers["location"] == "/login/sent"
    assert api_client.submit(f"/login/link/{secret.token}").status_code == 409
    assert api_client.submit("/login/code", {"code": read_mail(services).code}).status_code == 303


def test_known_and_unknown_addresses_get_the_same_answer(app: object, cast: Cast, browse: object) -> None:
    known, unknown = Browser(app), Browser(app)  # type: ignore[arg-type]
    one, other = ask(known, cast.accounts["mentee"].email), ask(unknown, "nobody@example.org")
    assert (one.status_code, one.text, sorted(one.headers)) == (other.status_code, other.text, sorted(other.headers))
    pages = [
        browser.page("/login/sent").replace(email, "").replace(browser.csrf_token, "")
        for browser, email in ((known, cast.accounts["mentee"].email), (unknown, "nobody@example.org"))
    ]
    assert pages[0] == pages[1]
    answers = [Browser.checked(browser.submit("/login/code", {"code": "x"}), 422) for browser in (known, unknown)]
    assert "Tries left: 4" in answers[0]
    assert "Tries left: 4" in answers[1]


def test_only_known_addresses_get_a_mail(api_client: Browser, services: Services, cast: Cast) -> None:
    ask(api_client, "nobody@example.org")
    assert count_mails(services) == 0
    ask(api_client, cast.accounts["mentee"].email.upper())
    assert count_mails(services) == 1


def test_a_known_address_is_no_more_work_than_an_unknown_one(
    api_client: Browser, services: Services, cast: Cast
) -> None:
    """Else the time of the answer would tell them apart."""
    for number, email in enumerate(("nobody@example.org", cast.accounts["mentee"].email), start=1):
        ask(api_client, email)
        with services.database.reading(SYSTEM) as session:
            rows = [session.scalar(select(func.count()).select_from(one)) for one in (LoginChallenge, OutboxMessage)]
        assert rows == [number, number]


def count_mails(services: Services) -> int:
    """Challenges with a secret that the notifier could send."""
    with services.database.reading(SYSTEM) as session:
        sealed = select(func.count()).select_from(LoginChallenge).where(LoginChallenge.sealed.is_not(None))
        return session.scalar(sealed) or 0


def test_nothing_of_the_secret_rests_in_the_clear(
    api_client: Browser, secret: ChallengeSecret, services: Services
) -> None:
    with services.database.reading(SYSTEM) as session:
        challenge = session.scalars(select(LoginChallenge)).one()
        outbox = session.scalars(select(OutboxMessage.payload)).all()
    stored = b"".join(
        filter(None, (challenge.token_hash, challenge.code_hash, challenge.browser_hash, challenge.sealed))
    )
    assert secret.token.encode() not in stored
    assert secret.code.encode() not in stored
    assert [set(payload) for payload in outbox] == [{"challenge_id"}]


def test_the_secret_is_forgotten_once_used(api_client: Browser, secret: ChallengeSecret, services: Services) -> None:
    api_client.submit("/login/code", {"code": secret.code})
    with services.database.reading(SYSTEM) as session:
        assert session.scalars(select(LoginChallenge.sealed)).all() == [None]


def test_whoever_had_to_log_in_comes_back_to_where_they_wanted_to_go(
    api_client: Browser, cast: Cast, services: Services
) -> None:
    asked = api_client.get("/settings/history?page=2")
    assert asked.headers["location"] == "/login?next=/settings/history%3Fpage%3D2"
    assert 'value="/settings/history?page=2"' in api_client.page(asked.headers["location"])
    api_client.submit("/login", {"email": cast.accounts["mentee"].email, "next": "/settings/history?page=2"})
    entered = api_client.submit("/login/code", {"code": read_mail(services).code})
    assert entered.headers["location"] == "/settings/history?page=2"


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "/\tx", "evil"])
def test_logging_in_never_leads_to_another_site(
    elsewhere: str, api_client: Browser, cast: Cast, services: Services
) -> None:
    api_client.submit("/login", {"email": cast.accounts["mentee"].email, "next": elsewhere})
    entered = api_client.submit("/login/code", {"code": read_mail(services).code})
    assert entered.headers["location"] == "/home"


def test_a_wrong_address_is_told_at_the_field_and_kept(api_client: Browser) -> None:
    page = Browser.checked(api_client.submit("/login", {"email": "robin@nowhere"}), 422)
    assert "This does not look right." in page
    assert 'value="robin@nowhere"' in page


def test_mails_to_one_address_are_limited_whether_it_is_known_or_not(app: object, cast: Cast) -> None:
    for email in (cast.accounts["mentee"].email, "nobody@example.org"):
        statuses = [Browser(app).submit("/login", {"email": email}).status_code for _ in range(6)]  # type: ignore[arg-type]
        assert statuses == [303] * 5 + [429]


def test_each_log_in_has_a_token_of_its_own_and_ends_the_one_before(
    api_client: Browser, secret: ChallengeSecret, services: Services, cast: Cast
) -> None:
    api_client.log_in(cast.accounts["mentee"].id)
    before = api_client.cookies["belay"]
    api_client.submit("/login/code", {"code": secret.code})
    assert api_client.cookies["belay"] != before
    with services.database.reading(SYSTEM) as session:
        live = session.scalars(select(LoginSession).where(LoginSession.revoked_at.is_(None))).all()
    assert len(live) == 1


def test_pages_of_the_log_in_are_right(api_client: Browser, secret: ChallengeSecret) -> None:
    api_client.page("/login")
    assert "registered, an e-mail is on its way" in api_client.page("/login/sent")
    api_client.page("/login/link/unknown")
