"""A measured figure, as `belay bench` prints it, and how a suite is run."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import TypeVar

T = TypeVar("T")
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Figure:
    """One number; `instance` says on what, as in "1,000 × 300"."""

    suite: str
    what: str
    instance: str
    value: float
    unit: str

    @property
    def cells(self) -> tuple[str, str, str, float, str]:
        return self.suite, self.what, self.instance, self.value, self.unit


@dataclass(frozen=True)
class Setting:
    """How large the largest instance is, who is told what is being measured, where published data lies."""

    size: int
    tell: Tell = lambda _text: None
    data: Path | None = None

    def sizes(self, steps: tuple[int, ...]) -> list[int]:
        """The steps below the size, and the size."""
        return [*(n for n in steps if n < self.size), self.size]


def timed(work: Callable[[], T]) -> tuple[T, float]:
    began = perf_counter()
    return work(), perf_counter() - began


def quickest(work: Callable[[], T], times: int = 5) -> tuple[T, float]:
    """What it gives, and the least seconds of some runs: for what takes a moment."""
    runs = [timed(work) for _ in range(times)]
    return runs[0][0], min(seconds for _, seconds in runs)


def spent(work: Callable[[], T]) -> tuple[T, float, float]:
    """What it gives, the seconds it took, and the processor seconds of all cores: these count on a busy machine."""
    busy = process_time()
    result, seconds = timed(work)
    return result, seconds, process_time() - busy


def size_name(rows: int, mentors: int) -> str:
    return f"{rows:,} × {mentors:,}"
