"""What every test may ask for: servers of the tests' own, a fresh database, settings that point there."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
import structlog
from hypothesis import settings as hypothesis_settings

from shared.settings import get_settings
from tests import embedded
from tests.databases import ReusedDatabase
from tests.embedded import Addresses, EmbeddedServers

HOME_VARIABLE = "BELAY_TEST_HOME"
RUN_VARIABLE = "BELAY_TEST_RUN"

# Workers, commands and services import the same files: one of them compiles each, whatever the shell says.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# A worker for each core already: more threads for small matrices would wait for each other, spinning.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def pytest_configure(config: pytest.Config) -> None:
    """The controlling process names the run; its xdist workers inherit the name."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    # No test depends on how fast the machine is.
    hypothesis_settings.register_profile("belay", deadline=None)
    hypothesis_settings.load_profile("belay")
    _log_into_pytest()
    os.environ.setdefault("BELAY_ENVIRONMENT", "test")
    if not hasattr(config, "workerinput"):
        os.environ[HOME_VARIABLE] = str(embedded.new_home())
        os.environ[RUN_VARIABLE] = str(os.getpid())


def _log_into_pytest() -> None:
    """Log lines go where pytest shows them beside a failure."""
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    """A run that started servers leaves the tidying to their keeper."""
    home = Path(os.environ[HOME_VARIABLE])
    if not hasattr(config, "workerinput") and not (home / embedded.READY_FILE).exists():
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def servers() -> Addresses:
    """One PostgreSQL and one Redis-protocol server for the whole run. Don't stop or flush them."""
    return embedded.shared_servers(Path(os.environ[HOME_VARIABLE]), int(os.environ[RUN_VARIABLE]))


@pytest.fixture(scope="session")
def worker_number() -> int:
    """0 for a run without xdist, else the number of this worker."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


@pytest.fixture(scope="session")
def database_template(servers: Addresses) -> str:
    return embedded.make_template(servers, Path(os.environ[HOME_VARIABLE]))


@pytest.fixture(scope="session")
def reused_database(servers: Addresses, database_template: str, worker_number: int) -> Iterator[ReusedDatabase]:
    """This worker's database."""
    database = ReusedDatabase(servers, f"belay_test_{worker_number}", database_template)
    yield database
    database.drop()


@pytest.fixture
def database(reused_database: ReusedDatabase) -> str:
    """The name of a migrated database, as fresh as if it were of this test's own."""
    reused_database.renew()
    return reused_database.name


@pytest.fixture
def owner_url(servers: Addresses, database: str) -> str:
    return servers.owner_url(database)


@pytest.fixture
def role_urls(servers: Addresses, database: str) -> dict[str, str]:
    """One URL for each of api, matcher, notifier and relay."""
    return servers.role_urls(database)


@pytest.fixture
def redis_url(servers: Addresses, worker_number: int) -> str:
    """An emptied Redis database of this worker's own."""
    url = servers.redis_url(worker_number)
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url


@pytest.fixture
def service_environment(
    servers: Addresses, database: str, redis_url: str, worker_number: int, tmp_path: Path
) -> dict[str, str]:
    """What a service's process needs to run against this test's database and queue."""
    settings = embedded.service_environment(servers, database, worker_number)
    return {**settings, "BELAY_REDIS_URL": redis_url, "BELAY_MAIL_DIRECTORY": str(tmp_path / "mail")}


@pytest.fixture
def service_settings(
    service_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, str]]:
    """The same, in this very process: `get_settings()` points at this test's database and queue."""
    for name, value in service_environment.items():
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()
    yield service_environment
    get_settings.cache_clear()


@pytest.fixture
def own_servers() -> Iterator[EmbeddedServers]:
    """A durable pair for one fault test, which may kill, freeze, restart and flush it."""
    home = embedded.new_home()
    servers = EmbeddedServers(home, durable=True)
    try:
        servers.start()
        yield servers
    finally:
        servers.stop()
        shutil.rmtree(home, ignore_errors=True)
