"""The suites of `belay bench`: name → function of the largest number of mentees that gives figures."""

from collections.abc import Callable

from tests.benchmarks.figures import Figure
from tests.benchmarks.scoring import bench_scoring

SUITES: dict[str, Callable[[int], list[Figure]]] = {
    "scoring": bench_scoring,
}
