"""Log-in challenges: an e-mailed link and code, single use, ten minutes, for the browser that asked.

Binding: the link works only in the browser that asked for it. Opened elsewhere (the phone's mail program) it says so
and shows the way: the code of the same mail, typed where one asked. A stolen or forwarded link is worth nothing, and
a GET changes nothing, so mail scanners may open links as they like.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

import structlog

from services.api.accounts import queries
from services.api.services import Services
from shared.contracts.messages import LoginChallengeCreated
from shared.db.engine import ReadSession, WriteSession
from shared.models.accounts import LoginChallenge
from shared.outbox.writing import send
from shared.security.challenges import ChallengeSecret, seal_challenge
from shared.security.signatures import sign
from shared.security.tokens import hash_code, hash_token, new_code, new_token, same
from shared.settings import Settings

log = structlog.get_logger()

LIFETIME = timedelta(minutes=10)
CODE_ATTEMPTS = 5


class Purpose(StrEnum):
    LOGIN = "login"
    CONFIRM_REGISTRATION = "confirm_registration"


class LinkState(StrEnum):
    """What opening a link leads to."""

    READY = "ready"
    OTHER_BROWSER = "other_browser"
    OVER = "over"


@dataclass(frozen=True)
class Asked:
    """Who wants to prove which address, from which browser, and what for."""

    email: str
    browser_token: str
    purpose: Purpose = Purpose.LOGIN
    language: str = "en"
    registration_id: UUID | None = None


def create(session: WriteSession, services: Services, asked: Asked, *, deliver: bool) -> LoginChallenge:
    """A fresh challenge; the older ones of this browser are over. With `deliver`, its e-mail is on its way.

    Without, all is done as if it were, so that the time it takes tells nothing; the notifier finds no secret to send.
    """
    now, secret = services.clock.now(), ChallengeSecret(new_token(), new_code())
    queries.retire_challenges(session, hash_token(asked.browser_token), now)
    challenge = _build(services.settings, asked, secret, now)
    session.add(challenge)
    sealed = seal_challenge(services.settings, challenge.id, secret)
    challenge.sealed = sealed if deliver else None
    session.flush()
    send(session, LoginChallengeCreated(challenge_id=challenge.id))
    return challenge


def _build(settings: Settings, asked: Asked, secret: ChallengeSecret, now: datetime) -> LoginChallenge:
    challenge_id = uuid4()
    return LoginChallenge(
        id=challenge_id,
        email=asked.email,
        purpose=asked.purpose,
        registration_id=asked.registration_id,
        token_hash=hash_token(secret.token),
        code_hash=_hash_code(settings, challenge_id, secret.code),
        browser_hash=hash_token(asked.browser_token),
        language=asked.language,
        created_at=now,
        expires_at=now + LIFETIME,
    )


def look_at_link(session: ReadSession, token: str, browser_token: str, now: datetime) -> LinkState:
    """What the page behind the link shows; changes nothing."""
    challenge = queries.find_challenge_by_token(session, hash_token(token))
    if challenge is None or not is_open(challenge, now):
        return LinkState.OVER
    return LinkState.READY if _is_from(challenge, browser_token) else LinkState.OTHER_BROWSER


def redeem_link(session: WriteSession, token: str, browser_token: str, now: datetime) -> LoginChallenge | None:
    """Use the challenge up; None if it is over or belongs to another browser."""
    challenge = queries.find_challenge_by_token(session, hash_token(token))
    if challenge is None or not _is_from(challenge, browser_token):
        log.warning("log-in failed", how="link", known=challenge is not None)
        return None
    return challenge if queries.use_challenge(session, challenge.id, now) else None


def redeem_code(session: WriteSession, settings: Settings, challenge: LoginChallenge, code: str, now: datetime) -> bool:
    """Try a code. Each try counts, also two at the same instant; after five the challenge is over."""
    if not queries.count_attempt(session, challenge.id, CODE_ATTEMPTS, now):
        log.warning("log-in failed", how="code", challenge=str(challenge.id), reason="over")
        return False
    if not same(_hash_code(settings, challenge.id, code), challenge.code_hash):
        log.warning("log-in failed", how="code", challenge=str(challenge.id), reason="wrong")
        return False
    return queries.use_challenge(session, challenge.id, now)


def is_open(challenge: LoginChallenge, now: datetime) -> bool:
    return challenge.used_at is None and challenge.expires_at > now


def attempts_left(challenge: LoginChallenge, now: datetime) -> int:
    return max(0, CODE_ATTEMPTS - challenge.attempts) if is_open(challenge, now) else 0


def _is_from(challenge: LoginChallenge, browser_token: str) -> bool:
    return same(challenge.browser_hash, hash_token(browser_token))


def _hash_code(settings: Settings, challenge_id: UUID, code: str) -> bytes:
    secret = settings.secret_key.get_secret_value()
    return hash_code(code, sign(secret, "login code", str(challenge_id)))
