"""The declarative base. Every table says its schema; the schema says which service writes it."""

from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import DateTime, ForeignKey, MetaData, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

PROGRAM = {"schema": "program"}
MATCHING = {"schema": "matching"}
NOTIFICATION = {"schema": "notification"}
MESSAGING = {"schema": "messaging"}

Key = Annotated[UUID, mapped_column(primary_key=True, default=uuid4)]
Created = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=func.now())]
Json = dict[str, Any]


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
    }


def refers(target: str, *, on_delete: str = "RESTRICT") -> ForeignKey:
    """A foreign key into the program schema, e.g. refers("account.id")."""
    return ForeignKey(f"program.{target}", ondelete=on_delete)
