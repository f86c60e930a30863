"""One running product for all journeys, one Chromium, and people who come with browsers of their own."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from pydantic import SecretStr

from shared.db.actor import SYSTEM
from shared.db.engine import Database
from tests import embedded
from tests.browser.mailbox import Mailbox
from tests.browser.nation import Nation, found_nation
from tests.browser.person import DESKTOP, Person
from tests.browser.product import RunningProduct
from tests.embedded import Addresses

FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-gpu", "--disable-dev-shm-usage"]
DATABASE = "belay_browser"
REDIS_NUMBER = 15  # away from those that other tests empty
PATIENCE_MILLISECONDS = 60_000

Visitor = Callable[..., Person]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    assert path, "Chromium is missing: the journeys walk in a real one. On Debian: apt install chromium"
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def product_settings(servers: Addresses, database_template: str, tmp_path_factory: pytest.TempPathFactory) -> (
    Iterator[dict[str, str]]
):  # fmt: skip
    embedded.create_database(servers, DATABASE, database_template)
    yield {
        **embedded.service_environment(servers, DATABASE, REDIS_NUMBER),
        "BELAY_DEMO": "true",
        "BELAY_EMBEDDING_MODEL": "hashing",
        "BELAY_MAIL_CHANNEL": "file",
        "BELAY_PUBLISH_GRACE_SECONDS": "0",
        "BELAY_MAIL_DIRECTORY": str(tmp_path_factory.mktemp("mail")),
    }
    embedded.drop_database(servers, DATABASE)


@pytest.fixture(scope="session")
def product(product_settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningProduct]:
    """All programs of Belay, as `belay up` starts them."""
    running = RunningProduct(product_settings, tmp_path_factory.mktemp("log"))
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def mailbox(product_settings: dict[str, str]) -> Mailbox:
    return Mailbox(Path(product_settings["BELAY_MAIL_DIRECTORY"]))


@pytest.fixture(scope="session")
def as_owner(servers: Addresses, product: RunningProduct) -> Iterator[Database]:
    """For arranging what journeys begin with."""
    database = Database(SecretStr(servers.owner_url(DATABASE)))
    yield database
    database.dispose()


@pytest.fixture
def found(as_owner: Database) -> Callable[..., Nation]:
    """`found("Name", mentees=2, mentors=2)`: a program with people."""

    def make(name: str, mentees: int, mentors: int) -> Nation:
        with as_owner.writing(SYSTEM) as session:
            return found_nation(session, name, mentees, mentors)

    return make


@pytest.fixture
def visitor(chromium: Browser, product: RunningProduct) -> Iterator[Visitor]:
    """`visitor(width=320, javascript=False)`: somebody with a fresh browser. In the end all consoles must be silent."""
    people: list[Person] = []

    def arrive(width: int = DESKTOP, *, javascript: bool = True) -> Person:
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, locale="en-US", timezone_id="America/Chicago",
            java_script_enabled=javascript, has_touch=width < 600, reduced_motion="reduce",
        )  # fmt: skip
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        people.append(Person(context.new_page(), product.url).listen())
        return people[-1]

    yield arrive
    for person in people:
        person.context.close()
    assert [words for person in people for words in person.said] == []
