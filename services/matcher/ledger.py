"""Where a run is, for the lead who watches and for the next worker should this one die.

A worker holds a run by its heartbeat. Once that is older than the lease, another worker may take the run up.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy.exc import OperationalError

from services.matcher import queries
from shared.contracts.run_report import RunPhase
from shared.db.actor import SYSTEM
from shared.db.engine import Database

LEASE = timedelta(seconds=20)
HEARTBEAT_SECONDS = 4.0
REPORT_SECONDS = 0.4


class RunLostError(Exception):
    """The run was discarded, or another worker took it up: stop, and change nothing."""


@dataclass
class RunLedger:
    """One worker's hold on one run."""

    database: Database
    run_id: UUID
    worker: str = field(default_factory=lambda: uuid4().hex)
    attempts: int = 0
    seconds: dict[RunPhase, float] = field(default_factory=dict)
    _phase: RunPhase = RunPhase.WAITING
    _progress: float = 0.0
    _since: float = field(default_factory=time.monotonic)
    _reported: float = 0.0
    _lost: threading.Event = field(default_factory=threading.Event)

    def claim(self) -> bool:
        """Take the run up; False if another worker holds it or it is over."""
        with self.database.writing(SYSTEM) as session:
            attempts = queries.claim_run(session, self.run_id, self.worker, LEASE.total_seconds())
        self.attempts = attempts or 0
        return attempts is not None

    def note(self, phase: RunPhase, progress: float = 0.0) -> None:
        """Say where the run is (written at most every 0.4 s within a phase). Raises RunLostError."""
        if phase is not self._phase:
            self._leave_phase()
            self._phase, self._reported = phase, 0.0
        self._progress = progress
        if time.monotonic() - self._reported >= REPORT_SECONDS:
            self._report()
        if self._lost.is_set():
            raise RunLostError

    def is_lost(self) -> bool:
        return self._lost.is_set()

    def finish_phases(self) -> dict[RunPhase, float]:
        """Seconds spent in each phase."""
        self._leave_phase()
        return {phase: round(spent, 3) for phase, spent in self.seconds.items()}

    @contextmanager
    def kept_alive(self) -> Iterator[None]:
        """A heartbeat beats while the block runs, also through phases that report nothing."""
        done = threading.Event()
        heart = threading.Thread(target=self._beat, args=(done,), daemon=True)
        heart.start()
        try:
            yield
        finally:
            done.set()
            heart.join()

    def _beat(self, done: threading.Event) -> None:
        while not done.wait(HEARTBEAT_SECONDS):
            try:
                self._report()
            except OperationalError:
                continue  # the database is away: the run may be lost, which the next report will tell

    def _report(self) -> None:
        self._reported = time.monotonic()
        with self.database.writing(SYSTEM) as session:
            run = queries.read_run(session, self.run_id)
            wanted = run is not None and run["state"] == "requested"
            if not wanted or not queries.note_progress(
                session, self.run_id, self.worker, self._phase, round(self._progress, 4)
            ):
                self._lost.set()

    def _leave_phase(self) -> None:
        now = time.monotonic()
        self.seconds[self._phase] = self.seconds.get(self._phase, 0.0) + now - self._since
        self._since = now
