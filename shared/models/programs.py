"""Organizations, institutions, programs, their cycles, dimensions and policies."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from shared.models.base import PROGRAM, Base, Created, Json, Key, refers


class Organization(Base):
    """A national organization that owns or funds programs."""

    __tablename__ = "organization"
    __table_args__ = PROGRAM

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(unique=True)
    short_name: Mapped[str]
    synthetic: Mapped[bool] = mapped_column(default=False)


class InstitutionGroup(Base):
    """Institutions of one enterprise (one health system with several sites)."""

    __tablename__ = "institution_group"
    __table_args__ = PROGRAM

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(unique=True)


class Institution(Base):
    """A site where people train or work."""

    __tablename__ = "institution"
    __table_args__ = (UniqueConstraint("name", "city"), PROGRAM)

    id: Mapped[Key]
    name: Mapped[str]
    short_name: Mapped[str]
    city: Mapped[str]
    state: Mapped[str]  # two letters (USPS)
    latitude: Mapped[float]
    longitude: Mapped[float]
    time_zone: Mapped[str]
    group_id: Mapped[UUID | None] = mapped_column(refers("institution_group.id"))


class Program(Base):
    __tablename__ = "program"
    __table_args__ = PROGRAM

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    synthetic: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Created]


class ProgramOrganization(Base):
    """A program may be owned by several organizations."""

    __tablename__ = "program_organization"
    __table_args__ = PROGRAM

    program_id: Mapped[UUID] = mapped_column(refers("program.id"), primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(refers("organization.id"), primary_key=True)


class Dimension(Base):
    """A dimension of lived experience or identity that this program asks about."""

    __tablename__ = "dimension"
    __table_args__ = (UniqueConstraint("program_id", "code"), PROGRAM)

    id: Mapped[Key]
    program_id: Mapped[UUID] = mapped_column(refers("program.id"))
    code: Mapped[str]
    name: Mapped[str]
    answers: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    position: Mapped[int] = mapped_column(default=0)


class Policy(Base):
    """A version of the program's weights and rules. Never changed, only followed by the next version."""

    __tablename__ = "policy"
    __table_args__ = (UniqueConstraint("program_id", "version"), PROGRAM)

    id: Mapped[Key]
    program_id: Mapped[UUID] = mapped_column(refers("program.id"))
    version: Mapped[int]
    document: Mapped[Json]
    note: Mapped[str] = mapped_column(default="")
    created_by: Mapped[UUID | None] = mapped_column(refers("account.id"))
    created_at: Mapped[Created]


class Cycle(Base):
    """One cohort of a program. `sealed_token_key` is the key of its match tokens, encrypted."""

    __tablename__ = "cycle"
    __table_args__ = (
        UniqueConstraint("program_id", "name"),
        CheckConstraint("state in ('planned', 'open', 'running', 'closed')", name="state_known"),
        CheckConstraint("opens_on <= starts_on and starts_on < ends_on", name="dates_in_order"),
        PROGRAM,
    )

    id: Mapped[Key]
    program_id: Mapped[UUID] = mapped_column(refers("program.id"))
    name: Mapped[str]
    opens_on: Mapped[date]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    state: Mapped[str] = mapped_column(default="planned")
    sealed_token_key: Mapped[bytes]
    created_at: Mapped[Created]
