"""A sample of both sides, quick to solve, from which the prices of the whole are estimated.

Samples are sampled again until they are small: a coarse-to-fine start, as multiscale transport solvers
have it (Mérigot 2011; Gerber & Maggioni 2017), with random samples in place of clusters.
"""

from dataclasses import dataclass

import numpy as np

from services.matcher.assignment.instance import Instance
from services.matcher.assignment.parallel import in_parallel
from services.matcher.assignment.pricing import arrange
from services.matcher.assignment.problem import Float32, Float64, Index, Int64, Problem, ScoreSource

SHARE = 4
LEAST_ROWS = 3_000
CHUNK = 256
CARRIERS = 4


class SampledScores:
    """Some rows and mentors of a source that can give any tile."""

    def __init__(self, source: ScoreSource, rows: Int64, mentors: Int64) -> None:
        self.source, self.row, self.mentor = source, rows, mentors
        self.rows, self.mentors = len(rows), len(mentors)
        self.tolerance = float(getattr(source, "tolerance", 2e-6))

    def block(self, start: int, stop: int) -> Float32:
        return self.tile(slice(start, stop), slice(None))

    def tile(self, rows: slice | Index, mentors: slice | Index) -> Float32:
        scores: Float32 = self.source.tile(self.row[rows], self.mentor[mentors])  # type: ignore[attr-defined]
        return scores

    def exact(self, rows: Index, mentors: Index) -> Float64:
        return self.source.exact(self.row[rows], self.mentor[mentors])


@dataclass(frozen=True, slots=True)
class Sample:
    """The sampled problem and where its rows stand in the whole."""

    problem: Problem
    whole: Instance
    rows: Int64

    def carry_over(self, worth: Float64) -> Int64:
        """The price at which a sampled row (one in `CARRIERS` is asked) would still want each mentor, half points."""
        step = CARRIERS * CHUNK
        spans = [slice(start, start + step, CARRIERS) for start in range(0, len(self.rows), step)]
        order, source = arrange(self.whole.problem.source)

        def dearest(span: slice) -> Float32:
            scores: Float32 = source.tile(self.rows[span], slice(None))  # type: ignore[attr-defined]
            return np.asarray((scores - worth[span, None].astype(np.float32)).max(axis=0))

        found = np.zeros(self.whole.mentors, np.float32)
        for prices in in_parallel(dearest, spans):
            found = np.maximum(found, prices)
        best = np.empty_like(found)
        best[order] = found
        return (best.astype(np.float64) * self.whole.unit).astype(np.int64)


def draw_sample(instance: Instance) -> Sample | None:
    """One row and one mentor in four, by keyed hash; None where solving the whole is as quick.

    Needs a source that can give any tile. Rows keep their tiers, mentors their open slots and loads.
    """
    problem = instance.problem
    if instance.rows < LEAST_ROWS or not hasattr(problem.source, "tile"):
        return None
    order = np.argsort(instance.row_hash, kind="stable")
    order = order[instance.active[order]]
    rows = np.sort(order[: len(order) // SHARE])
    mentors = np.sort(np.argsort(instance.mentor_hash, kind="stable")[: instance.mentors // SHARE])
    narrowed = getattr(problem.source, "narrowed", None)
    source = narrowed(rows, mentors) if narrowed else SampledScores(problem.source, rows, mentors)
    inner = Problem(
        source, instance.capacity[mentors].astype(np.int32), load=problem.load[mentors],
        tier=problem.tier[rows], tie_key=problem.tie_key,
        row_ids=tuple(problem.row_ids[row] for row in rows),
        mentor_ids=tuple(problem.mentor_ids[mentor] for mentor in mentors),
    )  # fmt: skip
    return Sample(inner, instance, rows)
