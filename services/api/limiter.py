"""How often somebody may try. When Redis does not answer, requests are let through and counted in a metric."""

from collections.abc import Hashable
from dataclasses import dataclass

import structlog
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import FixedWindowRateLimiter
from redis import ConnectionPool
from redis.exceptions import RedisError

from shared.telemetry.metrics import RATE_LIMIT_FAILED_OPEN

log = structlog.get_logger()

PATIENCE = 0.5  # seconds that a request waits for Redis before it is let through


@dataclass(frozen=True)
class Rule:
    """At most so many tries in a span of time, for each key (an address, an e-mail, a person)."""

    name: str
    limit: RateLimitItem


def rule(name: str, limit: str) -> Rule:
    """A rule from a phrase, e.g. `rule("login", "10/hour")`."""
    return Rule(name, parse(limit))


# Five guesses a mail and thirty mails a day leave a guesser about one chance in 6,700 a day, and the owner a way in.
LOGIN_PER_EMAIL = rule("login-email", "5/10minutes")
LOGIN_PER_EMAIL_AND_DAY = rule("login-email-day", "30/day")
LOGIN_PER_ADDRESS = rule("login-address", "60/10minutes")
CODE_PER_ADDRESS = rule("code-address", "60/10minutes")
REGISTRATION_PER_ADDRESS = rule("registration-address", "120/hour")
REQUESTS_PER_PERSON = rule("requests-person", "20/hour")


@dataclass(frozen=True)
class Limiter:
    """Counts in fixed windows, shared by all processes through Redis."""

    strategy: FixedWindowRateLimiter

    @classmethod
    def on(cls, redis_url: str) -> "Limiter":
        pool = ConnectionPool.from_url(redis_url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE)
        return cls.with_storage(RedisStorage(redis_url, connection_pool=pool))

    @classmethod
    def in_memory(cls) -> "Limiter":
        return cls.with_storage(MemoryStorage())

    @classmethod
    def with_storage(cls, storage: Storage) -> "Limiter":
        return cls(FixedWindowRateLimiter(storage))

    def allows(self, to_keep: Rule, *key: Hashable) -> bool:
        """Count one try and say whether it is still within the rule."""
        try:
            return bool(self.strategy.hit(to_keep.limit, to_keep.name, *map(str, key)))
        except RedisError as error:
            RATE_LIMIT_FAILED_OPEN.inc()
            log.warning("rate limit failed open", rule=to_keep.name, error=type(error).__name__)
            return True
