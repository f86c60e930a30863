"""People who can log in, how they prove it, and the staff roles they hold."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from shared.models.base import PROGRAM, Base, Created, Key, refers


class Account(Base):
    """A person. Nothing else in the platform holds a name or an e-mail address."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower"),
        Index(None, "name"),
        PROGRAM,
    )

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    pronouns: Mapped[str] = mapped_column(default="")
    time_zone: Mapped[str] = mapped_column(default="America/Chicago")
    language: Mapped[str] = mapped_column(default="en")
    created_at: Mapped[Created]
    closed_at: Mapped[datetime | None]


class LoginChallenge(Base):
    """An e-mailed link + code: single use, ten minutes, bound to the browser that asked.

    `sealed` carries link token and code to the notifier, encrypted, and is emptied once the mail is sent.
    """

    __tablename__ = "login_challenge"
    __table_args__ = (Index(None, "email", "created_at"), Index(None, "browser_hash", "created_at"), PROGRAM)

    id: Mapped[Key]
    email: Mapped[str]
    purpose: Mapped[str] = mapped_column(default="login")  # login | confirm_registration
    registration_id: Mapped[UUID | None] = mapped_column(refers("registration.id", on_delete="CASCADE"))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    code_hash: Mapped[bytes]
    browser_hash: Mapped[bytes]
    sealed: Mapped[bytes | None]
    language: Mapped[str] = mapped_column(default="en")
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[Created]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class LoginSession(Base):
    """A log-in, known to the browser by an opaque token of which we keep the hash."""

    __tablename__ = "login_session"
    __table_args__ = (Index(None, "account_id"), PROGRAM)

    id: Mapped[Key]
    account_id: Mapped[UUID] = mapped_column(refers("account.id", on_delete="CASCADE"))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    device: Mapped[str] = mapped_column(default="")
    created_at: Mapped[Created]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class StaffRole(Base):
    """A role beyond one's own participation: lead of a program, coordinator of a site, operator."""

    __tablename__ = "staff_role"
    __table_args__ = (
        CheckConstraint("role in ('lead', 'coordinator', 'operator')", name="role_known"),
        CheckConstraint("(role = 'operator') = (program_id is null)", name="program_of_role"),
        CheckConstraint("(role = 'coordinator') = (institution_id is not null)", name="site_of_role"),
        Index(
            "uq_staff_role",
            "account_id",
            "role",
            "program_id",
            "institution_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        PROGRAM,
    )

    id: Mapped[Key]
    account_id: Mapped[UUID] = mapped_column(refers("account.id", on_delete="CASCADE"))
    role: Mapped[str]
    program_id: Mapped[UUID | None] = mapped_column(refers("program.id"))
    institution_id: Mapped[UUID | None] = mapped_column(refers("institution.id"))
    created_at: Mapped[Created]
