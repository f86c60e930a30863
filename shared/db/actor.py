"""Who acts, as row-level security knows it.

Every transaction says on whose behalf it runs. Tenant tables show a role nothing until it does: they fail closed.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

ACTOR_KEY = "belay.actor"

_SET = text(
    "SELECT set_config('belay.scope', :scope, true), set_config('belay.account', :account, true),"
    " set_config('belay.programs', :programs, true)"
)


@dataclass(frozen=True)
class Actor:
    """An account and the programs it belongs to; `scope` is `system` only for the platform's own work."""

    account_id: UUID | None
    program_ids: frozenset[UUID] = frozenset()
    scope: str = "account"


SYSTEM = Actor(account_id=None, scope="system")


def apply_actor(connection: Connection, actor: Actor | None) -> None:
    """Tell Postgres who acts, until this transaction ends."""
    if actor is None:
        return
    connection.execute(
        _SET,
        {
            "scope": actor.scope,
            "account": str(actor.account_id or ""),
            "programs": ",".join(sorted(map(str, actor.program_ids))),
        },
    )


@contextmanager
def acting_as(session: Session, actor: Actor) -> Iterator[None]:
    """Act as somebody else inside the block (after a policy said yes), then as before."""
    before = session.info.get(ACTOR_KEY)
    session.info[ACTOR_KEY] = actor
    apply_actor(session.connection(), actor)
    try:
        yield
    finally:
        session.info[ACTOR_KEY] = before
        with suppress(SQLAlchemyError):  # a transaction that has failed shows nobody anything, and its error is told
            apply_actor(session.connection(), before or Actor(account_id=None, scope="nobody"))
