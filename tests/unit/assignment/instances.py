"""Random instances with everything that can go wrong: ties, zero capacities, gaps, several slots, tiers."""

from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from services.matcher.assignment.problem import Float32, Int32, Problem, Rules
from services.matcher.assignment.sources import DenseScores

RULES = (
    Rules("first", "max", 0.5, 1),
    Rules("first", "none", 0.0, 0),
    Rules("first", 1.0, 0.7, 2),
    Rules("none", "none", 0.7, 2),
    Rules("none", "none", 0.0, 0),
)


@dataclass(frozen=True)
class Case:
    problem: Problem
    rules: Rules
    scores: NDArray[np.float64]


@st.composite
def cases(draw: st.DrawFn, most_rows: int = 6, most_mentors: int = 4) -> Case:
    """Small whole scores (so that ties abound), some pairs missing, anything else at random."""
    rows, mentors = draw(st.integers(0, most_rows)), draw(st.integers(0, most_mentors))
    numbers = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    scores = numbers.integers(-2, draw(st.integers(-1, 6)), (rows, mentors)).astype(np.float64)
    scores[numbers.random((rows, mentors)) < draw(st.sampled_from([0, 0.2, 0.6]))] = -np.inf
    problem = Problem(
        DenseScores(scores),
        capacity=numbers.integers(0, 4, mentors).astype(np.int32),
        owner=(np.arange(rows) if draw(st.booleans()) else numbers.integers(0, max(1, rows), rows)).astype(np.int32),
        minimum=numbers.integers(0, 3, mentors).astype(np.int32),
        load=numbers.integers(0, 2, mentors).astype(np.int32),
        tier=numbers.integers(0, draw(st.integers(1, 3)), rows).astype(np.int16),
        forbidden=_pairs(numbers, rows, mentors, draw(st.integers(0, 2))),
    )
    if draw(st.booleans()):
        problem = replace(problem, pins=_pins(problem, scores))
    return Case(problem, draw(st.sampled_from(RULES)), scores)


def _pins(problem: Problem, scores: NDArray[np.float64]) -> tuple[tuple[int, int], ...]:
    """The first pair that may be pinned, if there is one."""
    able = np.isfinite(scores) & (problem.capacity > 0)
    pairs = (pair for pair in zip(*np.nonzero(able), strict=True) if pair not in problem.forbidden)
    return tuple((int(row), int(mentor)) for row, mentor in islice(pairs, 1))


def _pairs(numbers: np.random.Generator, rows: int, mentors: int, count: int) -> tuple[tuple[int, int], ...]:
    if rows == 0 or mentors == 0:
        return ()
    return tuple((int(numbers.integers(rows)), int(numbers.integers(mentors))) for _ in range(count))


def topic_vectors(rows: int, mentors: int, seed: int = 0, width: int = 32) -> tuple[Float32, Float32, Int32]:
    """Topic mixtures with skewed demand: unit vectors of both sides, and capacities 1 to 5."""
    numbers = np.random.default_rng(seed)
    topics = numbers.standard_normal((12, width))
    demand = 1 / np.arange(1, 13)
    supply = numbers.permutation(np.sqrt(demand))

    def side(count: int, share: NDArray[np.float64]) -> Float32:
        weights = np.zeros((count, 12))
        for _ in range(3):
            chosen = numbers.choice(12, count, p=share / share.sum())
            weights[np.arange(count), chosen] += numbers.random(count)
        vectors = weights @ topics + 0.6 * numbers.standard_normal((count, width))
        unit: Float32 = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
        return unit

    return side(rows, demand), side(mentors, supply), numbers.integers(1, 6, mentors).astype(np.int32)
