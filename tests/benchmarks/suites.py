"""The suites of `belay bench`: name → function of the setting that gives figures."""

from collections.abc import Callable

from tests.benchmarks.arrivals import bench_arrivals
from tests.benchmarks.embedding import bench_embedding
from tests.benchmarks.figures import Figure, Setting
from tests.benchmarks.interests import bench_interests
from tests.benchmarks.learning import bench_learning
from tests.benchmarks.national import bench_assignment, bench_nation, bench_policy
from tests.benchmarks.pages import bench_pages
from tests.benchmarks.peers import bench_dense, bench_sparse
from tests.benchmarks.scoring import bench_scoring
from tests.benchmarks.suggestions import bench_suggestions

SUITES: dict[str, Callable[[Setting], list[Figure]]] = {
    "scoring": bench_scoring,
    "assignment": bench_assignment,
    "nation": bench_nation,
    "policy": bench_policy,
    "sparse": bench_sparse,
    "dense": bench_dense,
    "arrivals": bench_arrivals,
    "suggestions": bench_suggestions,
    "pages": bench_pages,
    "interests": lambda setting: bench_interests(setting.data),
    "learning": bench_learning,
    "embedding": lambda setting: bench_embedding(setting.size),
}
