"""Engines and sessions. A service has one role; reading and writing are two types: a signature says which it needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.orm import Session, SessionTransaction, sessionmaker

from shared.db.actor import ACTOR_KEY, Actor, apply_actor


class ReadSession(Session):
    """Reads; the database itself refuses writes in its transactions."""


class WriteSession(ReadSession):
    """Reads and writes; committed only at the edge (request, task, command)."""


@event.listens_for(ReadSession, "after_begin", propagate=True)
def _say_who_acts(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    apply_actor(connection, session.info.get(ACTOR_KEY))


def _keep_values_out(context: ExceptionContext) -> None:
    """Errors reach logs and the outbox. PostgreSQL names the rule in its first line; in the next it quotes the row."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args:
            error.args = (str(error.args[0]).partition("\n")[0], *error.args[1:])


@dataclass(frozen=True)
class Database:
    """The database as one role sees it."""

    url: SecretStr
    pool_size: int = 5
    engine_options: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def engine(self) -> Engine:
        engine = create_engine(
            self.url.get_secret_value(),
            pool_size=self.pool_size,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"connect_timeout": 5, "application_name": "belay"},
            **self.engine_options,
        )
        event.listen(engine, "handle_error", _keep_values_out)
        return engine

    @cached_property
    def _readers(self) -> sessionmaker[ReadSession]:
        read_only = self.engine.execution_options(postgresql_readonly=True)
        return sessionmaker(read_only, class_=ReadSession, expire_on_commit=False, autoflush=False)

    @cached_property
    def _writers(self) -> sessionmaker[WriteSession]:
        return sessionmaker(self.engine, class_=WriteSession, expire_on_commit=False)

    @contextmanager
    def reading(self, actor: Actor | None = None) -> Iterator[ReadSession]:
        """A session that only reads, on behalf of `actor`; without one, tenant tables look empty."""
        with self._readers(info={ACTOR_KEY: actor}) as session:
            yield session

    @contextmanager
    def writing(self, actor: Actor | None = None) -> Iterator[WriteSession]:
        """A session in one transaction: committed when the block ends, rolled back when it raises."""
        with self._writers(info={ACTOR_KEY: actor}) as session, session.begin():
            yield session

    def dispose(self) -> None:
        self.engine.dispose()
