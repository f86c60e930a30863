"""One mentee after another arrives in a solved run: how long each takes once prices are loaded."""

import numpy as np

from services.matcher.assignment.extend import LiveRun
from services.matcher.assignment.problem import Problem
from services.matcher.assignment.solve import solve
from services.matcher.assignment.sources import FactorScores
from tests.benchmarks.crowds import vectors_of
from tests.benchmarks.figures import Figure, Setting, size_name, timed
from tests.benchmarks.peers import COSINE

ARRIVALS = 100
SHARES = (5, 25, 50, 75, 90, 95, 100)


def bench_arrivals(setting: Setting) -> list[Figure]:
    """Arrivals at the largest size, after a few that are not counted."""
    setting.tell(f"arrivals: solving {setting.size:,} mentees")
    left, right, capacity = vectors_of(setting.size)
    first = setting.size - min(ARRIVALS, setting.size // 2)

    def with_rows(rows: int) -> Problem:
        return Problem(FactorScores(left[:rows], right, clip0=True), capacity)

    live = LiveRun(with_rows(first), solve(with_rows(first), COSINE))
    problems = [with_rows(rows) for rows in range(first + 1, setting.size + 1)]
    setting.tell(f"arrivals: {len(problems)} mentees, one by one")
    seconds = [timed(lambda problem=problem: live.extend(problem))[1] for problem in problems]  # type: ignore[misc]
    counted = np.array(seconds[len(seconds) // 10 :])
    name = size_name(setting.size, len(right))
    return [
        Figure("arrivals", f"one arrival, {share} % are as quick", name, 1000 * float(np.percentile(counted, share)),
               "ms")
        for share in SHARES
    ]  # fmt: skip
