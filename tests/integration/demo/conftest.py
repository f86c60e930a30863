"""One loaded nation for all tests here: a load takes seconds."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from infra.demo.loading import Loaded, load
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.security.keyring import Keyring
from tests import embedded
from tests.embedded import Addresses

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
KEYRING = Keyring.parse("test:" + base64.b64encode(b"k" * 32).decode())


@dataclass(frozen=True)
class LoadedNation:
    """A database with the nation in it, as two roles see it."""

    api: Database
    matcher: Database
    loaded: Loaded


@pytest.fixture(scope="package")
def nation(servers: Addresses, database_template: str, worker_number: int) -> Iterator[LoadedNation]:
    name = f"belay_demo_{worker_number}"
    embedded.create_database(servers, name, database_template)
    urls = servers.role_urls(name)
    api, matcher = Database(SecretStr(urls["api"])), Database(SecretStr(urls["matcher"]))
    with api.writing(SYSTEM) as session:
        loaded = load(session, KEYRING, NOW)
    yield LoadedNation(api, matcher, loaded)
    api.dispose()
    matcher.dispose()
    embedded.drop_database(servers, name)
