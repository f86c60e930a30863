"""The suites of `belay bench`: name → function of the largest number of mentees that gives figures."""

from collections.abc import Callable

from tests.benchmarks.assignment import bench_arrivals, bench_assignment, bench_dense, bench_sparse
from tests.benchmarks.figures import Figure
from tests.benchmarks.scoring import bench_scoring
from tests.benchmarks.suggestions import bench_suggestions

SUITES: dict[str, Callable[[int], list[Figure]]] = {
    "scoring": bench_scoring,
    "assignment": bench_assignment,
    "sparse": bench_sparse,
    "dense": bench_dense,
    "arrivals": bench_arrivals,
    "suggestions": bench_suggestions,
}
