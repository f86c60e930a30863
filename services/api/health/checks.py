"""Whether each part this service needs is there, and what to do when it is not."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import redis
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from services.api.services import Services
from shared.migrations.run import FOLDER

REDIS_SECONDS = 2
UNKNOWN = "Nobody knows: the database does not answer."


@dataclass(frozen=True)
class Check:
    """`advice` says what to do; empty when all is well."""

    name: str
    well: bool
    advice: str = ""


def check_all(services: Services) -> list[Check]:
    database = check_database(services)
    migrations = check_migrations(services) if database.well else Check("migrations", well=False, advice=UNKNOWN)
    return [database, migrations, check_redis(services)]


def check_database(services: Services) -> Check:
    advice = "PostgreSQL does not answer at BELAY_API_DATABASE_URL: start it (`belay up`) or correct the address."
    return _check("database", lambda: _select_one(services), advice)


def check_migrations(services: Services) -> Check:
    advice = f"The database is not at {newest_migration()}: run `python -m shared.migrations` as its owner."
    return _check("migrations", lambda: _applied(services) == newest_migration(), advice)


def check_redis(services: Services) -> Check:
    advice = "Redis does not answer at BELAY_REDIS_URL: start it. People can go on meanwhile; messages wait."
    return _check("redis", lambda: _ping(services), advice)


def _check(name: str, probe: Callable[[], bool], advice: str) -> Check:
    try:
        return Check(name, well=True) if probe() else Check(name, well=False, advice=advice)
    except (SQLAlchemyError, redis.RedisError):
        return Check(name, well=False, advice=advice)


def _select_one(services: Services) -> bool:
    with services.database.reading() as session:
        return bool(session.scalar(text("SELECT 1")) == 1)


def _applied(services: Services) -> str | None:
    with services.database.reading() as session:
        version: str | None = session.scalar(text("SELECT version_num FROM messaging.schema_version"))
        return version


@cache
def newest_migration() -> str:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return ScriptDirectory.from_config(config).get_current_head() or ""


def _ping(services: Services) -> bool:
    url = services.settings.redis_url.get_secret_value()
    with redis.Redis.from_url(url, socket_connect_timeout=REDIS_SECONDS, socket_timeout=REDIS_SECONDS) as client:
        client.ping()  # type: ignore[no-untyped-call, unused-ignore]  # raises when there is no answer
    return True
