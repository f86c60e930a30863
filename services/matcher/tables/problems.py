"""What is wrong with a table: every bad cell with file, line, column and reason."""

from collections.abc import Callable
from dataclasses import dataclass, field

MOST_SHOWN, MOST_KEPT = 200, 10_000
Watch = Callable[[str, float], None]


def unwatched(_what: str, _share: float) -> None:
    """Nobody watches the reading."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that cannot be read. Lines count from 1, the header being the first; 0 is the file as a whole."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        line = f", line {self.line}" if self.line else ""
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}{line}{column}: {self.reason}"


class TableError(ValueError):
    """Tables that cannot be matched, with all their problems."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems)
        shown = [str(problem) for problem in self.problems[:MOST_SHOWN]]
        rest = len(self.problems) - len(shown)
        super().__init__("\n".join([*shown, *([f"… and {rest} more"] if rest else [])]))


@dataclass
class Findings:
    """Collects the problems of one file while the rest of it is still being read; `watch` is told how far that is."""

    file: str
    watch: Watch = unwatched
    problems: list[Problem] = field(default_factory=list)

    def add(self, line: int, column: str, reason: str) -> None:
        """Note a problem; of a file that is wrong throughout, the first ones."""
        if len(self.problems) < MOST_KEPT:
            self.problems.append(Problem(self.file, line, column, reason))

    def tell(self, share: float) -> None:
        """How much of the file is read, from 0 to 1."""
        self.watch(f"reading {self.file}", share)

    def stop(self, line: int, column: str, reason: str) -> TableError:
        """For a problem after which nothing more can be read: to be raised by the caller."""
        self.add(line, column, reason)
        return TableError(self.problems)
