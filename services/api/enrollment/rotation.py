"""`belay rotate-keys`: seal everything again with the newest key of BELAY_DIMENSION_KEYS, batch by batch.

Afterwards the older keys may be taken out of the setting. Run it again after an interruption: what is done stays done.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from services.api.enrollment import queries
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.models.enrollment import DimensionAnswer, Registration
from shared.models.programs import Cycle
from shared.security.keyring import Keyring
from shared.settings import get_settings

BATCH = 500


@dataclass(frozen=True)
class Sealed:
    """A column of sealed values, each bound to its row by `<place>:<id>`."""

    table: type[Any]
    column: str
    place: str


SEALED: tuple[Sealed, ...] = (
    Sealed(DimensionAnswer, "sealed", "dimension_answer"),
    Sealed(Cycle, "sealed_token_key", "cycle"),
    Sealed(Registration, "sealed_answers", "registration"),
)


def rotate(database: Database, keyring: Keyring) -> Iterator[tuple[str, int]]:
    """Seal again what an older key sealed; yields (table, values sealed again) for each batch."""
    for sealed in SEALED:
        after = None
        while True:
            with database.writing(SYSTEM) as session:
                rows = queries.sealed_rows(session, sealed.table, after, BATCH)
                changed = sum(_seal_again(row, sealed, keyring) for row in rows)
            if not rows:
                break
            after = rows[-1].id
            yield sealed.place, changed


def _seal_again(row: Any, sealed: Sealed, keyring: Keyring) -> bool:
    value: bytes = getattr(row, sealed.column)
    if not value or keyring.is_current(value):
        return False
    bound_to = f"{sealed.place}:{row.id}"
    setattr(row, sealed.column, keyring.seal(keyring.open(value, bound_to), bound_to))
    return True


def main() -> None:
    """Seal every identity answer, cycle key and unfinished registration with the newest key."""
    settings, console = get_settings(), Console()
    keyring = Keyring.parse(settings.dimension_keys.get_secret_value())
    total = 0
    for place, changed in rotate(Database(settings.api_database_url), keyring):
        total += changed
        console.print(f"{place}: {total} values sealed again so far", end="\r")
    console.print(f"{total} values sealed again with key {keyring.primary!r}; older keys can be taken out now")


if __name__ == "__main__":
    main()
