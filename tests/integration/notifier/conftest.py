"""The office, its town, and the facts of mentoring that make mails."""

import pytest

from shared.clock import FixedClock
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.settings import Settings
from tests.factories.cast import Cast, make_cast
from tests.integration.notifier.office import Office


@pytest.fixture
def cast(as_owner: Database) -> Cast:
    with as_owner.writing(SYSTEM) as session:
        return make_cast(session)


@pytest.fixture
def notifier_settings(api_settings: Settings) -> Settings:
    return api_settings.model_copy(update={"public_url": "https://belay.example.org", "demo": False})


@pytest.fixture
def office(
    notifier_settings: Settings, as_owner: Database, as_relay: Database, as_notifier: Database, clock: FixedClock
) -> Office:
    return Office(notifier_settings, as_owner, as_relay, as_notifier, clock)
