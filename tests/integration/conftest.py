"""The database as each service's role sees it."""

from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from shared.db.engine import Database


def _opened(url: str) -> Iterator[Database]:
    database = Database(SecretStr(url))
    yield database
    database.dispose()


@pytest.fixture
def as_api(role_urls: dict[str, str]) -> Iterator[Database]:
    yield from _opened(role_urls["api"])


@pytest.fixture
def as_matcher(role_urls: dict[str, str]) -> Iterator[Database]:
    yield from _opened(role_urls["matcher"])


@pytest.fixture
def as_notifier(role_urls: dict[str, str]) -> Iterator[Database]:
    yield from _opened(role_urls["notifier"])


@pytest.fixture
def as_relay(role_urls: dict[str, str]) -> Iterator[Database]:
    yield from _opened(role_urls["relay"])
