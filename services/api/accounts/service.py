"""Logging in and out, and what a proved e-mail address leads to."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.api.accounts import challenges, queries
from services.api.accounts.challenges import Asked, Purpose
from services.api.accounts.schemas import PersonForm
from services.api.accounts.sessions import open_session
from services.api.enrollment import service as enrollment
from services.api.enrollment.again import AGAIN
from services.api.limiter import LOGIN_PER_ADDRESS, LOGIN_PER_EMAIL, LOGIN_PER_EMAIL_AND_DAY, Limiter
from services.api.oversight import audit
from services.api.services import Services
from services.api.visitor import Visitor
from shared.db.engine import WriteSession
from shared.models.accounts import LoginChallenge
from shared.security.tokens import hash_token

KEPT_AFTERWARDS = timedelta(days=1)


@dataclass(frozen=True)
class Welcome:
    """Somebody is in: the token for the session cookie, and where to, if they have just registered."""

    session_token: str
    account_id: UUID
    path: str = ""


@dataclass(frozen=True)
class Continuation:
    """An unfinished registration goes on: the token for its cookie, and the page."""

    registration_token: str
    path: str


Outcome = Welcome | Continuation


def challenge(  # noqa: PLR0913 — each is one fact about who asks for what
    session: WriteSession,
    services: Services,
    email: str,
    purpose: Purpose,
    browser_token: str,
    *,
    language: str = "en",
    registration_id: UUID | None = None,
) -> LoginChallenge:
    """Send a link and a code to `email`; then lead the browser to /login/sent."""
    asked = Asked(email.strip().lower(), browser_token, Purpose(purpose), language, registration_id)
    return challenges.create(session, services, asked, deliver=True)


def ask_login(session: WriteSession, services: Services, email: str, browser_token: str, language: str) -> None:
    """Somebody wants to log in. Known or not, a challenge is made and the answer is the same.

    Only an address with an account or an unfinished registration gets an e-mail.
    """
    asked = Asked(email.strip().lower(), browser_token, language=language)
    has_account = queries.find_account(session, asked.email) is not None
    has_draft = queries.has_draft(session, asked.email, services.clock.now())
    challenges.create(session, services, asked, deliver=has_account or has_draft)


def ask_again(session: WriteSession, services: Services, earlier: LoginChallenge, browser_token: str) -> None:
    """A fresh challenge of the same kind as an earlier one."""
    if earlier.purpose == Purpose.LOGIN:
        ask_login(session, services, earlier.email, browser_token, earlier.language)
        return
    challenge(
        session,
        services,
        earlier.email,
        Purpose(earlier.purpose),
        browser_token,
        language=earlier.language,
        registration_id=earlier.registration_id,
    )


def may_ask(limiter: Limiter, email: str, address: str) -> bool:
    """Whether this address and this e-mail have not asked too often; whether the e-mail is known plays no part."""
    wanted = email.strip().lower()
    return (
        limiter.allows(LOGIN_PER_ADDRESS, address)
        and limiter.allows(LOGIN_PER_EMAIL, wanted)
        and limiter.allows(LOGIN_PER_EMAIL_AND_DAY, wanted)
    )


def finish(session: WriteSession, services: Services, proved: LoginChallenge, device: str) -> Outcome | None:
    """The address is theirs: log in, or register, or go on registering. None if it leads nowhere any more."""
    if proved.purpose == Purpose.CONFIRM_REGISTRATION and proved.registration_id:
        confirmed = enrollment.confirm(session, services, proved.registration_id, proved.email)
        path = AGAIN if confirmed.again else "/home"
        return welcome(session, services, confirmed.account_id, device, path=path)
    account = queries.find_account(session, proved.email)
    if account:
        return welcome(session, services, account.id, device)
    resumed = enrollment.resume_by_email(session, services, proved.email)
    return Continuation(resumed.token, resumed.path) if resumed else None


def welcome(
    session: WriteSession, services: Services, account_id: UUID, device: str, *, path: str = ""
) -> Welcome:
    """Open a session for an account that has proved itself."""
    token = open_session(session, services.clock, account_id, device)
    audit.record(session, Visitor(account_id=account_id), "logged_in", "account", account_id, device=device)
    return Welcome(token, account_id, path)


def leave_earlier_session(session: WriteSession, services: Services, token: str) -> None:
    """Logging in again ends the log-in that the browser had."""
    login = queries.find_login(session, hash_token(token)) if token else None
    if login:
        queries.revoke(session, login.account_id, login.id, services.clock.now())


def log_out(session: WriteSession, services: Services, visitor: Visitor) -> None:
    if visitor.account_id and visitor.session_id:
        queries.revoke(session, visitor.account_id, visitor.session_id, services.clock.now())
        audit.record(session, visitor, "logged_out", "account", visitor.account_id)


def end_session(session: WriteSession, services: Services, visitor: Visitor, session_id: UUID) -> bool:
    """Revoke one of the visitor's own log-ins; False if it is not theirs or over already."""
    if visitor.account_id is None:
        return False
    ended = queries.revoke(session, visitor.account_id, session_id, services.clock.now())
    if ended:
        audit.record(session, visitor, "session_revoked", "login_session", session_id)
    return ended


def end_other_sessions(session: WriteSession, services: Services, visitor: Visitor) -> int:
    """Revoke all of the visitor's log-ins but this one; returns how many there were."""
    if visitor.account_id is None or visitor.session_id is None:
        return 0
    ended = queries.revoke_others(session, visitor.account_id, visitor.session_id, services.clock.now())
    audit.record(session, visitor, "sessions_revoked", "account", visitor.account_id, count=ended)
    return ended


def change_person(session: WriteSession, visitor: Visitor, person: PersonForm) -> None:
    """Save how somebody is addressed. Their own change needs no audit line beyond that it happened."""
    account = queries.get_account(session, visitor.account_id)
    account.name, account.pronouns = person.name, person.pronouns
    account.language, account.time_zone = person.language, person.time_zone
    audit.record(session, visitor, "settings_changed", "account", visitor.account_id)


def want_mail(session: WriteSession, visitor: Visitor, template: str) -> None:
    """Undo an unsubscription."""
    if visitor.account_id:
        queries.subscribe_again(session, visitor.account_id, template)


def forget_expired(session: WriteSession, now: datetime) -> int:
    """Delete challenges and log-ins that have been over for a day; returns how many."""
    before = now - KEPT_AFTERWARDS
    return queries.forget_challenges(session, before) + queries.forget_sessions(session, before)
