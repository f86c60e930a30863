"""Several log files as one stream, each line with the program's name in front."""

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.text import Text

COLORS = ("cyan", "green", "yellow", "magenta", "blue", "bright_cyan", "bright_green", "bright_magenta")
INTERVAL_SECONDS = 0.25


@dataclass
class LogFile:
    """A log that may be rotated under our eyes."""

    path: Path
    position: int = 0
    rest: str = field(default="", repr=False)

    def last_lines(self, count: int) -> list[str]:
        content = self.path.read_bytes()
        self.position = len(content)
        return content.decode(errors="replace").splitlines()[-count:] if count else []

    def new_lines(self) -> Iterator[str]:
        if not self.path.exists():
            return
        if self.path.stat().st_size < self.position:
            self.position = 0
        with self.path.open("rb") as handle:
            handle.seek(self.position)
            content = handle.read()
        self.position += len(content)
        *whole, self.rest = (self.rest + content.decode(errors="replace")).split("\n")
        yield from whole


def follow(console: Console, paths: list[Path], lines: int, *, forever: bool) -> None:
    logs = [LogFile(path) for path in paths]
    width = max(len(path.stem) for path in paths)
    for number, log in enumerate(logs):
        for line in log.last_lines(lines):
            _show(console, log, line, width, COLORS[number % len(COLORS)])
    with suppress(KeyboardInterrupt):
        while forever:
            time.sleep(INTERVAL_SECONDS)
            for number, log in enumerate(logs):
                for line in log.new_lines():
                    _show(console, log, line, width, COLORS[number % len(COLORS)])


def _show(console: Console, log: LogFile, line: str, width: int, color: str) -> None:
    console.print(Text(f"{log.path.stem:<{width}} │ ", style=color) + Text(line), soft_wrap=True)
