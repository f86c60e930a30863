"""The demo's people, drawn once for all tests of them."""

from datetime import UTC, date, datetime
from functools import cache

from infra.demo.history import History, early_history, pilot_history
from infra.demo.organizations import earlier_cycle, open_cycle
from infra.demo.people import Crowd, gather

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OPEN, EARLIER = open_cycle(TODAY), earlier_cycle(TODAY)
SEED = 7


@cache
def crowd(seed: int = SEED) -> Crowd:
    return gather(seed, OPEN)


@cache
def pilot() -> History:
    return pilot_history(SEED, crowd(), EARLIER)


@cache
def early() -> History:
    return early_history(SEED, crowd(), OPEN, NOW)
