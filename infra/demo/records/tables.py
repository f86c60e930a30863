"""Rows by table, and ids that stay the same from load to load."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from shared.models.base import Base

Row = dict[str, Any]
NAMESPACE = UUID("6a1c1f62-3a52-4d4e-9a52-0d2f0c6b7a10")


class Tables(defaultdict[type[Base], list[Row]]):
    """Rows by table, tables in the order in which rows may be inserted: referred ones first."""

    def __init__(self) -> None:
        super().__init__(list)

    def add(self, table: type[Base], rows: Iterable[Row]) -> None:
        self[table].extend(rows)


def id_of(*parts: str) -> UUID:
    """The id of a thing by its kind and key: id_of("account", "p0042")."""
    return uuid5(NAMESPACE, "/".join(parts))


def at_noon(day: date, days_before: float = 0) -> datetime:
    return datetime.combine(day, time(12), UTC) - timedelta(days=days_before)
