"""A process that kills itself with SIGKILL at a chosen moment of a chosen transaction.

The test says when, in the environment of the process it starts; the process listens to what SQLAlchemy does. The
product has no hook for it. Kills are counted by files, so that a process started anew does not die for ever.
"""

import os
import random
import signal
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import Pool

PREFIX = "FAULT_"
MARKED, COMMITTED = "fault_marked", "fault_committed"


class Moment(StrEnum):
    BEFORE_STATEMENT = "before the statement"
    AFTER_STATEMENT = "after the statement"
    BEFORE_COMMIT = "before the commit of its transaction"
    AFTER_COMMIT = "after the commit of its transaction"


class Target(StrEnum):
    PROCESS = "the process itself"
    GROUP = "with everything that was started with it"


@dataclass(frozen=True)
class Ambush:
    """Where it waits: around the statement that contains `words`. `bullets` is a folder of one file for each kill."""

    words: str
    bullets: Path
    target: Target = Target.PROCESS
    chance: float = 1.0

    def load(self, moments: Iterable[Moment]) -> "Ambush":
        self.bullets.mkdir(parents=True)
        for number, moment in enumerate(moments):
            (self.bullets / f"{moment.name}-{number}").touch()
        return self

    @property
    def left(self) -> list[str]:
        """Kills that have not happened yet."""
        return sorted(bullet.name for bullet in self.bullets.iterdir())

    def environment(self) -> dict[str, str]:
        return {f"{PREFIX}{name.upper()}": str(value) for name, value in vars(self).items()}

    @classmethod
    def named_in(cls, environment: Mapping[str, str]) -> "Ambush | None":
        if f"{PREFIX}WORDS" not in environment:
            return None
        said = {name: environment[f"{PREFIX}{name.upper()}"] for name in cls.__dataclass_fields__}
        return cls(said["words"], Path(said["bullets"]), Target(said["target"]), float(said["chance"]))

    def fire(self, moment: Moment) -> None:
        """Die now, if a bullet is left for this moment."""
        if random.random() < self.chance and self._take_bullet(moment):
            kill, victim = (os.killpg, os.getpgrp()) if self.target is Target.GROUP else (os.kill, os.getpid())
            kill(victim, signal.SIGKILL)

    def _take_bullet(self, moment: Moment) -> bool:
        for bullet in self.bullets.glob(f"{moment.name}-*"):
            try:
                bullet.unlink()
            except FileNotFoundError:
                continue
            return True
        return False


def lie_in_wait() -> None:
    """Listen to every engine of this process, if the environment names a moment."""
    ambush = Ambush.named_in(os.environ)
    if ambush is None:
        return
    event.listen(Engine, "before_cursor_execute", _before_statement(ambush))
    event.listen(Engine, "after_cursor_execute", _after_statement(ambush))
    event.listen(Engine, "commit", _before_commit(ambush))
    event.listen(Engine, "rollback", lambda connection: connection.info.pop(MARKED, None))
    event.listen(Pool, "checkin", _after_commit(ambush))


def _before_statement(ambush: Ambush) -> Any:
    def listen(_connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if ambush.words in statement:
            ambush.fire(Moment.BEFORE_STATEMENT)

    return listen


def _after_statement(ambush: Ambush) -> Any:
    def listen(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if ambush.words in statement:
            connection.info[MARKED] = True
            ambush.fire(Moment.AFTER_STATEMENT)

    return listen


def _before_commit(ambush: Ambush) -> Any:
    def listen(connection: Connection) -> None:
        if connection.info.pop(MARKED, False):
            connection.info[COMMITTED] = True
            ambush.fire(Moment.BEFORE_COMMIT)

    return listen


def _after_commit(ambush: Ambush) -> Any:
    """A connection goes back into its pool right after its transaction was committed."""

    def listen(_connection: Any, record: Any) -> None:
        if record.info.pop(COMMITTED, False):
            ambush.fire(Moment.AFTER_COMMIT)

    return listen
