"""The database as each service's role sees it, the application on it, and the cast in their browsers."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI
from pydantic import SecretStr

from services.api.app import create_app
from services.api.services import POOL_SIZE, Services, services_of
from shared.clock import FixedClock
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.settings import Environment, Settings
from tests.factories.browser import Browser
from tests.factories.cast import Cast, make_cast


@pytest.fixture(scope="session", autouse=True)
def event_loop() -> Iterator[None]:
    """One for every request of every browser, as in a server; one for each would cost more than most requests."""
    with start_blocking_portal() as portal:
        Browser.portal = portal
        yield
    Browser.portal = None


@pytest.fixture(scope="session")
def opened() -> Iterator[Callable[[str], Database]]:
    """A database by its URL; connections and compiled statements are kept from test to test."""
    databases: dict[str, Database] = {}

    def open_database(url: str) -> Database:
        return databases.setdefault(url, Database(SecretStr(url), pool_size=POOL_SIZE))

    yield open_database
    for database in databases.values():
        database.dispose()


@pytest.fixture
def as_owner(opened: Callable[[str], Database], owner_url: str) -> Database:
    """For arranging what no single service may write alone."""
    return opened(owner_url)


@pytest.fixture
def as_api(opened: Callable[[str], Database], role_urls: dict[str, str]) -> Database:
    return opened(role_urls["api"])


@pytest.fixture
def as_matcher(opened: Callable[[str], Database], role_urls: dict[str, str]) -> Database:
    return opened(role_urls["matcher"])


@pytest.fixture
def as_notifier(opened: Callable[[str], Database], role_urls: dict[str, str]) -> Database:
    return opened(role_urls["notifier"])


@pytest.fixture
def as_relay(opened: Callable[[str], Database], role_urls: dict[str, str]) -> Database:
    return opened(role_urls["relay"])


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
def app_with(opened: Callable[[str], Database]) -> Callable[[Settings], FastAPI]:
    """Makes an application with other settings."""

    def make(settings: Settings) -> FastAPI:
        application = create_app(settings)
        database = opened(settings.api_database_url.get_secret_value())
        application.state.services = replace(services_of(application.state), database=database)
        return application

    return make


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
