"""The database as each service's role sees it, the application on it, and the cast in their browsers."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from services.api.app import create_app
from services.api.services import Services, services_of
from shared.clock import FixedClock
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.settings import Environment, Settings
from tests.factories.browser import Browser
from tests.factories.cast import Cast, make_cast


def _opened(url: str) -> Iterator[Database]:
    database = Database(SecretStr(url))
    yield database
    database.dispose()


@pytest.fixture
def as_owner(owner_url: str) -> Iterator[Database]:
    """For arranging what no single service may write alone."""
    yield from _opened(owner_url)


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


@pytest.fixture
def api_settings(role_urls: dict[str, str], owner_url: str, redis_url: str, tmp_path: Path) -> Settings:
    """The API's settings for this test's own database and queue; a demo."""
    return Settings(
        environment=Environment.TEST,
        demo=True,
        owner_database_url=SecretStr(owner_url),
        api_database_url=SecretStr(role_urls["api"]),
        matcher_database_url=SecretStr(role_urls["matcher"]),
        notifier_database_url=SecretStr(role_urls["notifier"]),
        relay_database_url=SecretStr(role_urls["relay"]),
        redis_url=SecretStr(redis_url),
        mail_directory=tmp_path / "mail",
        publish_grace_seconds=0,
    )


@pytest.fixture
def clock() -> FixedClock:
    """Stands at the moment the test began; move it by setting `clock.at`."""
    return FixedClock(datetime.now(UTC))


@pytest.fixture
def app_with() -> Iterator[Callable[[Settings], FastAPI]]:
    """Makes an application with other settings, and closes its connections in the end."""
    made: list[FastAPI] = []

    def make(settings: Settings) -> FastAPI:
        made.append(create_app(settings))
        return made[-1]

    yield make
    for application in made:
        services_of(application.state).database.dispose()


@pytest.fixture
def app(app_with: Callable[[Settings], FastAPI], api_settings: Settings, clock: FixedClock) -> FastAPI:
    application = app_with(api_settings)
    application.state.services = replace(services_of(application.state), clock=clock)
    return application


@pytest.fixture
def services(app: FastAPI) -> Services:
    return services_of(app.state)


@pytest.fixture
def api_client(app: FastAPI) -> Browser:
    """Somebody's browser, not logged in."""
    return Browser(app)


@pytest.fixture
def cast(as_api: Database) -> Cast:
    """One of each kind of person (see tests.factories.cast)."""
    with as_api.writing(SYSTEM) as session:
        return make_cast(session)


@pytest.fixture
def browse(app: FastAPI, cast: Cast) -> Callable[[str], Browser]:
    """`browse("mentee")`: a browser in which that member of the cast is logged in."""

    def open_browser(role: str) -> Browser:
        browser = Browser(app)
        return browser.log_in(cast.accounts[role].id) if role in cast.accounts else browser

    return open_browser


@pytest.fixture
def stranger(browse: Callable[[str], Browser]) -> Browser:
    return browse("stranger")


@pytest.fixture
def mentee(browse: Callable[[str], Browser]) -> Browser:
    return browse("mentee")


@pytest.fixture
def mentor(browse: Callable[[str], Browser]) -> Browser:
    return browse("mentor")


@pytest.fixture
def outsider(browse: Callable[[str], Browser]) -> Browser:
    return browse("outsider")


@pytest.fixture
def coordinator(browse: Callable[[str], Browser]) -> Browser:
    return browse("coordinator")


@pytest.fixture
def lead(browse: Callable[[str], Browser]) -> Browser:
    return browse("lead")


@pytest.fixture
def other_lead(browse: Callable[[str], Browser]) -> Browser:
    return browse("other_lead")


@pytest.fixture
def operator(browse: Callable[[str], Browser]) -> Browser:
    return browse("operator")
