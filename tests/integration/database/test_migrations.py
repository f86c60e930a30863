"""The migrations make exactly the tables of the models, and may run again and again."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from shared.migrations.run import migrate
from shared.models import Base
from shared.settings import Settings


def test_models_and_migrations_say_the_same(owner_url: str) -> None:
    engine = create_engine(owner_url)
    with engine.connect() as connection:
        options = {
            "include_schemas": True,
            "compare_type": True,
            "compare_server_default": True,
            "include_name": _is_ours,
            "version_table": "schema_version",
            "version_table_schema": "messaging",
        }
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)
    engine.dispose()
    assert differences == []


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "schema" or name in {"program", "matching", "notification", "messaging"}


def test_migrating_again_changes_nothing(api_settings: Settings, owner_url: str) -> None:
    migrate(api_settings)
    test_models_and_migrations_say_the_same(owner_url)
