"""What the accounts slice reads and writes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from services.api.visitor import Participation, StaffGrant, Visitor
from shared.models.accounts import Account, LoginChallenge, LoginSession, StaffRole
from shared.models.enrollment import Participant


def changed_rows(session: Session, statement: Any) -> int:
    return cast("int", session.execute(statement).rowcount)  # type: ignore[attr-defined]  # DML gives a cursor result


# --- sessions ---


def find_login(session: Session, token_hash: bytes) -> LoginSession | None:
    return session.scalar(
        select(LoginSession).where(LoginSession.token_hash == token_hash, LoginSession.revoked_at.is_(None))
    )


def load_visitor(session: Session, login: LoginSession) -> Visitor:
    """The account behind a log-in with all its roles; a stranger once the account is closed."""
    account = session.get(Account, login.account_id)
    if account is None or account.closed_at is not None:
        return Visitor()
    return Visitor(
        account_id=account.id,
        session_id=login.id,
        display_name=account.name,
        language=account.language,
        time_zone=account.time_zone,
        roles=_staff_grants(session, account.id),
        participations=_participations(session, account.id),
    )


def _staff_grants(session: Session, account_id: UUID) -> frozenset[StaffGrant]:
    columns = (StaffRole.role, StaffRole.program_id, StaffRole.institution_id)
    rows = session.execute(select(*columns).where(StaffRole.account_id == account_id))
    return frozenset(StaffGrant(*row) for row in rows.tuples())


def _participations(session: Session, account_id: UUID) -> tuple[Participation, ...]:
    columns = (
        Participant.id,
        Participant.program_id,
        Participant.cycle_id,
        Participant.role,
        Participant.institution_id,
        Participant.state,
    )
    newest_first = Participant.registered_at.desc()
    rows = session.execute(select(*columns).where(Participant.account_id == account_id).order_by(newest_first))
    return tuple(Participation(*row) for row in rows.tuples())


def mark_seen(session: Session, session_id: UUID, now: datetime) -> None:
    session.execute(update(LoginSession).where(LoginSession.id == session_id).values(seen_at=now))


def live_logins(session: Session, account_id: UUID, now: datetime) -> Sequence[LoginSession]:
    """The account's log-ins that are neither revoked nor expired, last used first."""
    return session.scalars(
        select(LoginSession)
        .where(
            LoginSession.account_id == account_id, LoginSession.revoked_at.is_(None), LoginSession.expires_at > now
        )
        .order_by(LoginSession.seen_at.desc())
        .limit(50)
    ).all()


def revoke(session: Session, account_id: UUID, session_id: UUID, now: datetime) -> bool:
    """End one log-in of this account; False if there is no such log-in."""
    statement = update(LoginSession).where(
        LoginSession.id == session_id, LoginSession.account_id == account_id, LoginSession.revoked_at.is_(None)
    )
    return changed_rows(session, statement.values(revoked_at=now)) == 1


def revoke_others(session: Session, account_id: UUID, keep: UUID, now: datetime) -> int:
    statement = update(LoginSession).where(
        LoginSession.account_id == account_id, LoginSession.id != keep, LoginSession.revoked_at.is_(None)
    )
    return changed_rows(session, statement.values(revoked_at=now))


# --- accounts ---


def find_account(session: Session, email: str) -> Account | None:
    return session.scalar(select(Account).where(Account.email == email.lower(), Account.closed_at.is_(None)))


# --- challenges ---


def find_challenge_by_token(session: Session, token_hash: bytes) -> LoginChallenge | None:
    return session.scalar(select(LoginChallenge).where(LoginChallenge.token_hash == token_hash))


def latest_challenge(session: Session, browser_hash: bytes) -> LoginChallenge | None:
    """The newest challenge this browser asked for."""
    newest = LoginChallenge.created_at.desc()
    return session.scalar(
        select(LoginChallenge).where(LoginChallenge.browser_hash == browser_hash).order_by(newest).limit(1)
    )


def use_challenge(session: Session, challenge_id: UUID, now: datetime) -> bool:
    """Use it up; False if it was used already or has expired. Two at once: one wins."""
    statement = update(LoginChallenge).where(
        LoginChallenge.id == challenge_id, LoginChallenge.used_at.is_(None), LoginChallenge.expires_at > now
    )
    return changed_rows(session, statement.values(used_at=now, sealed=None)) == 1


def count_attempt(session: Session, challenge_id: UUID, limit: int, now: datetime) -> bool:
    """Take one of the `limit` attempts at the code; False if none is left or the challenge is over."""
    statement = update(LoginChallenge).where(
        LoginChallenge.id == challenge_id,
        LoginChallenge.attempts < limit,
        LoginChallenge.used_at.is_(None),
        LoginChallenge.expires_at > now,
    )
    return changed_rows(session, statement.values(attempts=LoginChallenge.attempts + 1)) == 1


def retire_challenges(session: Session, email: str, now: datetime) -> None:
    """A new mail makes the older ones to the same address worthless."""
    session.execute(
        update(LoginChallenge)
        .where(LoginChallenge.email == email, LoginChallenge.used_at.is_(None), LoginChallenge.expires_at > now)
        .values(used_at=func.now(), sealed=None)
    )
