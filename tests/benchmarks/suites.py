"""The suites of `belay bench`: name → function of the largest number of mentees that gives figures.

Those of DATA_SUITES take a folder of published data instead, if there is one.
"""

from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.assignment import bench_arrivals, bench_assignment, bench_dense, bench_sparse
from tests.benchmarks.embedding import bench_embedding
from tests.benchmarks.figures import Figure
from tests.benchmarks.interests import bench_interests
from tests.benchmarks.scoring import bench_scoring
from tests.benchmarks.suggestions import bench_suggestions

SUITES: dict[str, Callable[[int], list[Figure]]] = {
    "scoring": bench_scoring,
    "assignment": bench_assignment,
    "sparse": bench_sparse,
    "dense": bench_dense,
    "arrivals": bench_arrivals,
    "suggestions": bench_suggestions,
    "embedding": bench_embedding,
}
DATA_SUITES: dict[str, Callable[[Path | None], list[Figure]]] = {"interests": bench_interests}
