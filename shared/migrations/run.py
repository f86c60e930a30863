"""Bring a database to this release: the services' roles, then every migration that is missing.

Run as the owner of the database (`BELAY_OWNER_DATABASE_URL`); running it twice changes nothing.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from shared.settings import Settings, get_settings

FOLDER = Path(__file__).parent


class MigrationError(Exception):
    """The database cannot be migrated; the sentence says what to do."""


def service_urls(settings: Settings) -> list[str]:
    return [
        url.get_secret_value()
        for url in (
            settings.api_database_url,
            settings.matcher_database_url,
            settings.notifier_database_url,
            settings.relay_database_url,
        )
    ]


def ensure_role(connection: Connection, service_url: str) -> None:
    """Create the service's role, or give it the password that its URL names. Never a superuser, never an owner."""
    url = make_url(service_url)
    known = connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": url.username})
    # Only a superuser may even mention these in ALTER, and the owner is none; CREATE has settled them.
    powerless = "" if known else " NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"
    verb = "ALTER" if known else "CREATE"
    password = f" PASSWORD {_quote(str(url.password))}" if url.password else ""
    connection.execute(text(f'{verb} ROLE "{url.username}" LOGIN{powerless}{password}'))


def _quote(value: str) -> str:
    return "'" + value.replace("'", "''").replace(":", r"\:") + "'"


def alembic_config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def migrate(settings: Settings) -> None:
    """Create roles and schemas, run missing migrations; all of it or nothing."""
    engine = create_engine(settings.owner_database_url.get_secret_value())
    try:
        with engine.begin() as connection:
            for url in service_urls(settings):
                ensure_role(connection, url)
            connection.exec_driver_sql((FOLDER / "sql" / "schemas.sql").read_text())
            command.upgrade(alembic_config(connection), "head")
    except OperationalError as error:
        raise MigrationError(
            "the database does not answer at BELAY_OWNER_DATABASE_URL; start it (`belay up`) or correct the address"
            f" ({error.orig})"
        ) from error
    finally:
        engine.dispose()


def main() -> None:
    migrate(get_settings())
