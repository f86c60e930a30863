"""Synthetic instances for measuring: topic mixtures with skewed demand, mentors with one to five slots."""

import numpy as np
from numpy.typing import NDArray

from services.matcher.assignment.problem import Float32, Int32, Problem
from services.matcher.assignment.sources import FactorScores

TOPICS, TOPICS_EACH, NOISE, WIDTH = 60, 3, 0.6, 384
MENTORS_PER_MENTEE = 0.3


def vectors_of(mentees: int, width: int = WIDTH, seed: int = 0) -> tuple[Float32, Float32, Int32]:
    """Unit vectors float32[mentees, width] and [mentors, width], and the mentors' slots."""
    numbers = np.random.default_rng(seed)
    topics = numbers.standard_normal((TOPICS, width))
    demand = 1 / np.arange(1, TOPICS + 1)
    supply = numbers.permutation(np.sqrt(demand))
    mentors = max(1, round(mentees * MENTORS_PER_MENTEE))
    left, right = _side(numbers, mentees, topics, demand), _side(numbers, mentors, topics, supply)
    return left, right, numbers.integers(1, 6, mentors).astype(np.int32)


def problem_of(mentees: int, width: int = WIDTH, seed: int = 0) -> Problem:
    left, right, capacity = vectors_of(mentees, width, seed)
    return Problem(FactorScores(left, right, clip0=True), capacity)


def _side(
    numbers: np.random.Generator, count: int, topics: NDArray[np.float64], share: NDArray[np.float64]
) -> Float32:
    weights = np.zeros((count, TOPICS))
    for _ in range(TOPICS_EACH):
        chosen = numbers.choice(TOPICS, count, p=share / share.sum())
        weights[np.arange(count), chosen] += numbers.random(count)
    vectors = (weights @ topics).astype(np.float32)
    vectors += NOISE * numbers.standard_normal(vectors.shape, dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def name_of(problem: Problem) -> str:
    return f"{problem.rows:,} × {problem.mentors:,}"
