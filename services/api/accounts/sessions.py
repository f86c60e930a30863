"""Log-ins: an opaque token in the browser, its hash in the database, limits on idling and on age."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.api.accounts import queries
from services.api.services import Services
from services.api.visitor import STRANGER, Visitor
from shared.clock import Clock
from shared.db.actor import SYSTEM
from shared.db.engine import WriteSession
from shared.models.accounts import LoginSession
from shared.security.tokens import hash_token, new_token

TOUCH_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class Limits:
    """How long a log-in lasts unused, and at most."""

    idle: timedelta
    absolute: timedelta


PARTICIPANT_LIMITS = Limits(idle=timedelta(days=14), absolute=timedelta(days=90))
STAFF_LIMITS = Limits(idle=timedelta(hours=4), absolute=timedelta(hours=12))


def limits_for(visitor: Visitor) -> Limits:
    """Staff see other people's records, so their log-ins are short."""
    return STAFF_LIMITS if visitor.is_staff else PARTICIPANT_LIMITS


def open_session(session: WriteSession, clock: Clock, account_id: UUID, device: str) -> str:
    """Log the account in; returns the token for the cookie (we keep only its hash)."""
    token, now = new_token(), clock.now()
    session.add(
        LoginSession(
            account_id=account_id,
            token_hash=hash_token(token),
            device=device[:200],
            created_at=now,
            seen_at=now,
            expires_at=now + PARTICIPANT_LIMITS.absolute,
        )
    )
    return token


def resolve_visitor(services: Services, token: str) -> Visitor:
    """Whom a session token stands for; a stranger if it is unknown, revoked, idle too long or too old."""
    now = services.clock.now()
    with services.database.reading(SYSTEM) as session:
        login = queries.find_login(session, hash_token(token))
        if login is None or login.expires_at <= now:
            return STRANGER
        visitor = queries.load_visitor(session, login)
    if not is_alive(login, limits_for(visitor), now):
        return STRANGER
    _touch(services, login, now)
    return visitor


def is_alive(login: LoginSession, limits: Limits, now: datetime) -> bool:
    return now < login.seen_at + limits.idle and now < login.created_at + limits.absolute


def _touch(services: Services, login: LoginSession, now: datetime) -> None:
    if now - login.seen_at >= TOUCH_EVERY:
        with services.database.writing(SYSTEM) as session:
            queries.mark_seen(session, login.id, now)
