"""Waiting for the matcher, with honest progress and a sentence when nothing moves."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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


class MatchFailedError(Exception):
    """The match did not come; the sentence says what to do."""


@dataclass(frozen=True)
class Moment:
    """What the matcher has noted by now."""

    standing: Standing
    embedded: int
    texts: int

    @property
    def phase(self) -> RunPhase:
        known = {str(phase) for phase in RunPhase}
        return RunPhase(self.standing.phase) if self.standing.phase in known else RunPhase.WAITING


def wait_for_draft(console: Console, database: Database, cycle_id: UUID, run_id: UUID) -> RunReport | None:
    """Show how the run gets on until it is a draft; its report, None for a run that has none.

    Raises MatchFailedError if the run fails or nothing moves for three minutes.
    """
    with _progress(console) as progress:
        texts = progress.add_task("Texts understood", total=None, detail="")
        phases = progress.add_task(WORDS[RunPhase.WAITING], total=len(WORKING_PHASES), detail="")
        for moment in _moments(database, cycle_id, run_id):
            count = f"{moment.embedded:,} of {moment.texts:,}" if moment.texts else ""
            progress.update(texts, completed=moment.embedded, total=moment.texts or None, detail=count)
            progress.update(phases, completed=_done(moment), description=WORDS.get(moment.phase, "Draft ready"))
    report = moment.standing.report
    return RunReport.model_validate(report) if report else None


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
        TextColumn("  {task.description}"), BarColumn(bar_width=32), TextColumn("{task.fields[detail]}"),
        TimeElapsedColumn(), console=console,
    )


def _moments(database: Database, cycle_id: UUID, run_id: UUID) -> Iterator[Moment]:
    """One moment after another, the last one being the draft."""
    last_change, before = time.monotonic(), None
    while True:
        with database.reading(SYSTEM) as session:
            moment = Moment(queries.standing_of(session, run_id), *queries.embedded_texts(session, cycle_id))
        yield moment
        if moment.standing.state in {RunState.DRAFT, RunState.PUBLISHED}:
            return
        _refuse_failure(moment.standing)
        last_change = last_change if moment == before else time.monotonic()
        before = moment
        if time.monotonic() - last_change > PATIENCE_SECONDS:
            raise MatchFailedError(
                "The matcher has not moved for three minutes. `belay status` shows what runs, "
                "`belay logs matcher-runs` what it says; `belay demo` takes up where this ended."
            )
        time.sleep(PAUSE_SECONDS)


def _refuse_failure(standing: Standing) -> None:
    if standing.state in {RunState.FAILED, RunState.DISCARDED}:
        raise MatchFailedError(f"The match run ended as {standing.state}: {standing.error or 'no reason was given'}")


def _done(moment: Moment) -> float:
    if moment.phase not in WORKING_PHASES:
        return float(len(WORKING_PHASES))
    return WORKING_PHASES.index(moment.phase) + min(1.0, moment.standing.progress)
