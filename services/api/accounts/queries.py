"""What the accounts slice reads and writes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import delete, or_, select, union, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.api.visitor import Participation, StaffGrant, Visitor
from shared.models.accounts import Account, LoginChallenge, LoginSession, StaffRole
from shared.models.enrollment import Participant, Registration
from shared.models.notification import Unsubscription
from shared.models.oversight import AuditEvent
from shared.models.programs import Cycle, Program

CAST_ORDER = ("mentee", "mentor", "lead", "coordinator", "operator")


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
    return frozenset(StaffGrant(*row) for row in rows)


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
    return tuple(Participation(*row) for row in rows)


def mark_seen(session: Session, session_id: UUID, now: datetime) -> None:
    session.execute(update(LoginSession).where(LoginSession.id == session_id).values(seen_at=now))


def live_logins(session: Session, account_id: UUID, now: datetime) -> Sequence[LoginSession]:
    """The account's log-ins that are neither revoked nor expired, last used first."""
    return session.scalars(
        select(LoginSession)
        .where(LoginSession.account_id == account_id, LoginSession.revoked_at.is_(None), LoginSession.expires_at > now)
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


def find_account_by_id(session: Session, account_id: UUID) -> Account | None:
    return session.scalar(select(Account).where(Account.id == account_id, Account.closed_at.is_(None)))


def get_account(session: Session, account_id: UUID | None) -> Account:
    """The account of somebody who is logged in. Raises NoResultFound if it was deleted in this very moment."""
    return session.scalars(select(Account).where(Account.id == account_id)).one()


@dataclass(frozen=True)
class CastRow:
    account_id: UUID
    name: str
    role: str


def list_cast(session: Session, domain: str) -> list[CastRow]:
    """The demo's cast (by the domain of their addresses), each with the most telling role."""
    cast = select(Account.id, Account.name).where(Account.email.endswith(domain, autoescape=True)).subquery()
    staff = select(cast.c.id, cast.c.name, StaffRole.role).join(StaffRole, StaffRole.account_id == cast.c.id)
    people = select(cast.c.id, cast.c.name, Participant.role).join(Participant, Participant.account_id == cast.c.id)
    rows = session.execute(union(people, staff))
    found = {account_id: CastRow(account_id, name, role) for account_id, name, role in rows}
    return sorted(found.values(), key=lambda row: (CAST_ORDER.index(row.role), row.name))


def has_draft(session: Session, email: str, now: datetime) -> bool:
    """Whether somebody with this address has a registration under way."""
    under_way = select(Registration.id).where(
        Registration.email == email, Registration.state != "confirmed", Registration.expires_at > now
    )
    return session.scalar(under_way.limit(1)) is not None


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


def retire_challenges(session: Session, browser_hash: bytes, now: datetime) -> None:
    """A new mail makes the older ones that this browser asked for worthless.

    Not those of other browsers: else anybody could keep somebody from logging in.
    """
    session.execute(
        update(LoginChallenge)
        .where(
            LoginChallenge.browser_hash == browser_hash,
            LoginChallenge.used_at.is_(None),
            LoginChallenge.expires_at > now,
        )
        .values(used_at=now, sealed=None)
    )


def forget_challenges(session: Session, before: datetime) -> int:
    """Delete challenges that ended before this moment: they hold addresses and are of no further use."""
    return changed_rows(session, delete(LoginChallenge).where(LoginChallenge.expires_at < before))


def forget_sessions(session: Session, before: datetime) -> int:
    """Delete log-ins that were over before this moment."""
    over = or_(LoginSession.expires_at < before, LoginSession.revoked_at < before)
    return changed_rows(session, delete(LoginSession).where(over))


# --- mails that somebody does not want ---


def unsubscribe(session: Session, account_id: UUID, template: str) -> bool:
    """Note it once; False if there is no such account (any more)."""
    if session.get(Account, account_id) is None:
        return False
    row = insert(Unsubscription).values(account_id=account_id, template=template)
    session.execute(row.on_conflict_do_nothing())
    return True


def subscribe_again(session: Session, account_id: UUID, template: str) -> None:
    session.execute(
        delete(Unsubscription).where(Unsubscription.account_id == account_id, Unsubscription.template == template)
    )


def unwanted_templates(session: Session, account_id: UUID) -> Sequence[str]:
    statement = select(Unsubscription.template).where(Unsubscription.account_id == account_id)
    return session.scalars(statement.order_by(Unsubscription.template)).all()


# --- where somebody belongs ---


def list_programs(session: Session, program_ids: Collection[UUID | None]) -> Sequence[tuple[str, str]]:
    """Slug and name of these programs."""
    wanted = select(Program.slug, Program.name).where(Program.id.in_(program_ids))
    return list(session.execute(wanted.order_by(Program.name)))


def open_programs(session: Session) -> Sequence[tuple[str, str]]:
    """Slug and name of the programs that have an open cycle."""
    having_open = select(Cycle.program_id).where(Cycle.state == "open")
    rows = session.execute(select(Program.slug, Program.name).where(Program.id.in_(having_open)).order_by(Program.name))
    return list(rows)


def audit_events_about(session: Session, object_ids: Collection[UUID], limit: int = 100) -> Sequence[AuditEvent]:
    about = select(AuditEvent).where(
        AuditEvent.object_type.in_(("account", "participant")), AuditEvent.object_id.in_(object_ids)
    )
    return session.scalars(about.order_by(AuditEvent.id.desc()).limit(limit)).all()
