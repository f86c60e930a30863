"""What is wrong with a table: every bad cell with file, line, column and reason."""

from dataclasses import dataclass, field

MOST_SHOWN = 200


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
    """Collects the problems of one file while the rest of it is still being read."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def add(self, line: int, column: str, reason: str) -> None:
        self.problems.append(Problem(self.file, line, column, reason))

    def stop(self, line: int, column: str, reason: str) -> TableError:
        """For a problem after which nothing more can be read: to be raised by the caller."""
        self.add(line, column, reason)
        return TableError(self.problems)
