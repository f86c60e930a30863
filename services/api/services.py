"""What every request handler may lean on, made once for each application."""

from dataclasses import dataclass

from starlette.datastructures import State

from services.api.limiter import Limiter
from shared.clock import Clock, SystemClock
from shared.db.engine import Database
from shared.security.keyring import Keyring
from shared.settings import Settings

POOL_SIZE = 20


@dataclass(frozen=True)
class Services:
    settings: Settings
    database: Database
    clock: Clock
    keyring: Keyring
    limiter: Limiter


def make_services(settings: Settings) -> Services:
    """The real ones. Raises KeyringError for malformed dimension keys."""
    return Services(
        settings=settings,
        database=Database(settings.api_database_url, pool_size=POOL_SIZE),
        clock=SystemClock(),
        keyring=Keyring.parse(settings.dimension_keys.get_secret_value()),
        limiter=Limiter.on(settings.redis_url.get_secret_value()),
    )


def services_of(state: State) -> Services:
    services: Services = state.services
    return services
