"""A sample of both sides, small enough to solve at once, from which prices of the whole are estimated."""

from dataclasses import dataclass

import numpy as np

from services.matcher.assignment.instance import Instance
from services.matcher.assignment.problem import Float32, Float64, Int64, Problem

SHARE = 6
LEAST_ROWS = 12_000
CHUNK = 256


class SampledScores:
    """Approximate scores of a sample, kept as a float32 matrix."""

    def __init__(self, matrix: Float32) -> None:
        self.matrix = matrix
        self.rows, self.mentors = matrix.shape

    def block(self, start: int, stop: int) -> Float32:
        return self.matrix[start:stop]

    def exact(self, rows: Int64, mentors: Int64) -> Float64:
        return self.matrix[rows, mentors].astype(np.float64)


@dataclass(frozen=True, slots=True)
class Sample:
    """The sampled problem, and the sampled rows' scores with every mentor, block by block, on demand."""

    problem: Problem
    whole: Instance
    rows: Int64

    def carry_over(self, worth: Float64, unit: int) -> Int64:
        """The price at which some sampled row would still want each mentor, in half points."""
        best = np.zeros(self.whole.mentors)
        for start in range(0, len(self.rows), CHUNK):
            scores = _scores(self.whole, self.rows[start : start + CHUNK])
            best = np.maximum(best, (scores - worth[start : start + CHUNK, None].astype(np.float32)).max(axis=0))
        return (best * unit).astype(np.int64)


def draw_sample(instance: Instance) -> Sample | None:
    """One row and one mentor in six, by keyed hash; None where solving the whole is as quick.

    Needs a source that can give any tile; rows keep tiers, mentors their open slots and load.
    """
    problem = instance.problem
    if instance.rows < LEAST_ROWS or not hasattr(problem.source, "tile"):
        return None
    rows = np.sort(np.argsort(instance.row_hash, kind="stable")[: instance.rows // SHARE])
    mentors = np.sort(np.argsort(instance.mentor_hash, kind="stable")[: instance.mentors // SHARE])
    parts = [_scores(instance, rows[i : i + CHUNK])[:, mentors] for i in range(0, len(rows), CHUNK)]
    inner = Problem(
        SampledScores(np.concatenate(parts)), instance.capacity[mentors], load=problem.load[mentors],
        tier=problem.tier[rows], tie_key=problem.tie_key,
    )  # fmt: skip
    return Sample(inner, instance, rows)


def _scores(instance: Instance, rows: Int64) -> Float32:
    scores = np.asarray(instance.problem.source.tile(rows, slice(None)), np.float32)  # type: ignore[attr-defined]
    scores[~instance.active[rows]] = -np.inf
    return scores
