"""Alembic's entry: one connection, given by `shared.migrations.run`."""

from alembic import context
from sqlalchemy import Connection

from shared.models import Base


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_schemas=True,
        version_table="schema_version",
        version_table_schema="messaging",
    )
    with context.begin_transaction():
        context.run_migrations()


migrate(context.config.attributes["connection"])
