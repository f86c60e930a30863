"""Waiting for the matcher, with honest progress and a sentence when nothing moves."""

import time
from collections.abc import Callable, Iterator
from uuid import UUID

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from infra.demo import queries
from infra.demo.queries import Standing
from shared.contracts.run_report import WORKING_PHASES, RunPhase, RunReport
from shared.db.actor import SYSTEM
from shared.db.engine import Database, ReadSession
from shared.models.matching import RunState

PAUSE_SECONDS = 0.25
PATIENCE_SECONDS = 180.0
WORDS: dict[RunPhase, str] = {
    RunPhase.WAITING: "Waiting for the matcher",
    RunPhase.READING: "Reading everybody's wishes and offers",
    RunPhase.EMBEDDING: "Understanding what everybody wrote",
    RunPhase.SCORING: "Scoring every pair",
    RunPhase.COVERAGE: "Filling as many slots as possible",
    RunPhase.FLOOR: "Raising the worst match",
    RunPhase.TOTAL: "Finding the best total",
    RunPhase.CERTIFYING: "Proving it",
    RunPhase.EXPLAINING: "Explaining each pair",
}

STEPS = WORKING_PHASES[1:]
STUCK = (
    "The match has not advanced for three minutes. `belay status` shows what runs, `belay logs matcher-runs` what it"
    " says; `belay demo` takes up where this ended."
)


class MatchFailedError(Exception):
    """The match did not come; the sentence says what to do."""


def wait_for_draft(console: Console, database: Database, run_id: UUID) -> RunReport | None:
    """Show how the run gets on until it is a draft; its report, None for a run that has none.

    Raises MatchFailedError if the run fails or nothing moves for three minutes.
    """
    with _progress(console) as progress:
        bar = progress.add_task(WORDS[RunPhase.WAITING], total=1.0, step="")
        for standing in _standings(database, run_id):
            phase = _phase_of(standing)
            step = f"step {WORKING_PHASES.index(phase)} of {len(WORKING_PHASES) - 1}" if phase in STEPS else ""
            done = standing.progress if phase in WORKING_PHASES else 1.0
            progress.update(bar, completed=done, description=WORDS.get(phase, "Draft ready"), step=step)
    return RunReport.model_validate(standing.report) if standing.report else None


def wait_until(database: Database, holds: Callable[[ReadSession], bool], seconds: float) -> bool:
    """Whether something became true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with database.reading(SYSTEM) as session:
            if holds(session):
                return True
        time.sleep(PAUSE_SECONDS)
    return False


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("  {task.description:<38}"), BarColumn(bar_width=24), TextColumn("{task.fields[step]}"),
        TimeElapsedColumn(), console=console,
    )


def _phase_of(standing: Standing) -> RunPhase:
    known = {str(phase) for phase in RunPhase}
    return RunPhase(standing.phase) if standing.phase in known else RunPhase.WAITING


def _standings(database: Database, run_id: UUID) -> Iterator[Standing]:
    """Where the run is, again and again, the last time being the draft."""
    last_advance, farthest = time.monotonic(), (-1, 0.0)
    while True:
        with database.reading(SYSTEM) as session:
            standing = queries.standing_of(session, run_id)
        yield standing
        if standing.state in {RunState.DRAFT, RunState.PUBLISHED}:
            return
        if standing.state in {RunState.FAILED, RunState.DISCARDED}:
            raise MatchFailedError(f"The match run ended as {standing.state}: {standing.error or 'no reason given'}.")
        if (reached := _reached(standing)) > farthest:
            last_advance, farthest = time.monotonic(), reached
        if time.monotonic() - last_advance > PATIENCE_SECONDS:
            raise MatchFailedError(STUCK)
        time.sleep(PAUSE_SECONDS)


def _reached(standing: Standing) -> tuple[int, float]:
    """How far a run has come. A worker that dies and begins again and again does not advance."""
    phase = _phase_of(standing)
    return (WORKING_PHASES.index(phase) if phase in WORKING_PHASES else len(WORKING_PHASES)), standing.progress
