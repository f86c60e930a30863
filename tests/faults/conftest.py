"""Servers of the fault tests' own: the other tests' servers are never stopped, frozen or flushed."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from shared.db.actor import SYSTEM
from shared.db.engine import Database
from tests import embedded
from tests.embedded import Addresses, EmbeddedServers
from tests.faults.world import World

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.faults)


@pytest.fixture(scope="session")
def fault_home() -> Iterator[Path]:
    home = embedded.new_home()
    yield home
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def fault_servers(fault_home: Path) -> Iterator[EmbeddedServers]:
    """A durable pair; a test that stops one starts it again."""
    servers = EmbeddedServers(fault_home, durable=True)
    try:
        servers.start()
        yield servers
    finally:
        servers.stop()


@pytest.fixture(scope="session")
def servers(fault_servers: EmbeddedServers) -> Addresses:
    """What the fixtures of all tests build upon, here is this pair."""
    return fault_servers.addresses


@pytest.fixture(scope="session")
def database_template(servers: Addresses, fault_home: Path) -> str:
    return embedded.make_template(servers, fault_home)


@pytest.fixture
def database(servers: Addresses, database_template: str) -> str:
    """Fresh, and not dropped: it goes with its servers."""
    name = f"belay_fault_{uuid4().hex[:12]}"
    embedded.create_database(servers, name, database_template)
    return name


@pytest.fixture
def world(
    fault_servers: EmbeddedServers,
    service_environment: dict[str, str],
    role_urls: dict[str, str],
    owner_url: str,
    tmp_path: Path,
) -> Iterator[World]:
    environment = {**service_environment, "BELAY_EMBEDDING_MODEL": "hashing"}
    owner, api = Database(SecretStr(owner_url)), Database(SecretStr(role_urls["api"]))
    made = World(fault_servers, environment, tmp_path, owner, api)
    _make_effects_countable(owner)
    yield made
    made.kill_all()
    _restore(fault_servers)
    owner.dispose()
    api.dispose()


def _make_effects_countable(owner: Database) -> None:
    with owner.writing(SYSTEM) as session:
        for table in ("effect", "poison"):
            session.execute(text(f"CREATE TABLE matching.{table} (participant_id uuid NOT NULL)"))
            session.execute(text(f"GRANT SELECT, INSERT ON matching.{table} TO belay_matcher"))


def _restore(servers: EmbeddedServers) -> None:
    if servers.redis is None:
        servers.start_redis()
    if servers.postgres is None:
        servers.start_postgres()
