"""The relay as it is, but for shorter waits: `python -m tests.faults.victims.relay`."""

from datetime import timedelta

from celery import Celery

from shared.db.engine import Database
from shared.outbox import relay, sweeper
from tests.faults.ambush import lie_in_wait

STUCK_AFTER = timedelta(seconds=3)


def _sweep(database: Database, celery: Celery) -> int:
    return sweeper.sweep(database, celery, STUCK_AFTER)


if __name__ == "__main__":
    lie_in_wait()
    vars(relay).update(sweep=_sweep, HOUSEKEEPING_SECONDS=0.5, RETRY_SECONDS=0.2)
    relay.main()
