"""Rows of a program found by what people call them, and written."""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import select

from shared.db.engine import WriteSession
from shared.models.accounts import StaffRole
from shared.models.base import Base
from shared.models.programs import Policy, ProgramOrganization

Row = TypeVar("Row", bound=Base)


def find(session: WriteSession, table: type[Row], **key: Any) -> Row | None:
    """The row with this key, locked until the end: two commands at once wait for each other."""
    return session.scalar(select(table).filter_by(**key).with_for_update())


def add(session: WriteSession, table: type[Row], **values: Any) -> Row:
    row = table(id=values.pop("id", None) or uuid4(), **values)
    session.add(row)
    session.flush()
    return row


def own(session: WriteSession, program_id: UUID, organization_id: UUID) -> None:
    key = {"program_id": program_id, "organization_id": organization_id}
    if session.get(ProgramOrganization, (program_id, organization_id)) is None:
        session.add(ProgramOrganization(**key))
        session.flush()


def has_policy(session: WriteSession, program_id: UUID) -> bool:
    return session.scalar(select(Policy.id).where(Policy.program_id == program_id).limit(1)) is not None


def staff(session: WriteSession, program_id: UUID) -> Sequence[StaffRole]:
    """Leads and coordinators of a program."""
    return session.scalars(select(StaffRole).where(StaffRole.program_id == program_id)).all()


def remove(session: WriteSession, row: StaffRole) -> None:
    session.delete(row)
