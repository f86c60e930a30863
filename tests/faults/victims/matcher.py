"""The matcher's worker as it is, but for a shorter lease: `celery -A tests.faults.victims.matcher:app worker`."""

from datetime import timedelta

from services.matcher import ledger, runs
from services.matcher.worker import app
from tests.faults.ambush import lie_in_wait

__all__ = ["app"]

lie_in_wait()
LEASE = timedelta(seconds=2)
vars(runs).update(LEASE=LEASE)
vars(ledger).update(LEASE=LEASE, HEARTBEAT_SECONDS=0.3)
