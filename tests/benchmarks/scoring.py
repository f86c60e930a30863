"""How long scores take, beside one bare matrix product over the same pairs and width in the same run."""

from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

import numpy as np

from services.matcher.interests.records import Interests, Statements
from services.matcher.policy import parse_policy
from services.matcher.scoring.national import NationalScores
from tests.benchmarks.figures import Figure
from tests.unit.matcher.crowd import crowd, terms

T = TypeVar("T")

WIDTH, ROWS, PAIRS = 384, 512, 200_000
EVERYTHING = parse_policy(
    "features: {interest: {}, specialty: {}, stage: {}, shared_experience: {weight: 2}, different_perspective: {}, "
    "time: {}, place: {}, style: {}}\nrules: {minimum_common_hours: 1}"
)


def bench_scoring(size: int) -> list[Figure]:
    """All features for `size` mentees and a third as many mentors."""
    mentors = max(size // 3, 1)
    people, texts = crowd(0, size, mentors), _texts(size, mentors)
    name = f"{size:,} × {mentors:,}"
    NationalScores(*crowd(1, 20, 10), EVERYTHING, _texts(20, 10)).block(0, 5)  # compiles
    scores, preparing = timed(lambda: NationalScores(*people, EVERYTHING, texts))
    scores.block(0, 1)
    _, blocks = timed(lambda: [scores.block(at, min(at + ROWS, scores.rows)) for at in range(0, scores.rows, ROWS)])
    _, bare = timed(lambda: _bare(texts, scores.rows))
    rng = np.random.default_rng(0)
    rows, others = rng.integers(0, scores.rows, PAIRS), rng.integers(0, mentors, PAIRS)
    _, exact = timed(lambda: scores.exact(rows, others))
    return [
        Figure("scoring", "preparing", name, preparing, "s"),
        Figure("scoring", "all pairs, all features", name, blocks, "s"),
        Figure("scoring", "bare matrix product", name, bare, "s"),
        Figure("scoring", "all features / bare product", name, blocks / bare, "times"),
        Figure("scoring", f"exact scores of {PAIRS:,} pairs", name, exact, "s"),
    ]


def timed(work: Callable[[], T]) -> tuple[T, float]:
    began = perf_counter()
    return work(), perf_counter() - began


def _bare(texts: Interests, rows: int) -> None:
    """As many dot products as there are pairs of rows and mentors."""
    left, right = texts.mentee_statements.vectors, texts.mentor_statements.vectors
    for at in range(0, rows, ROWS):
        left[np.arange(at, min(at + ROWS, rows)) % len(left)] @ right.T


def _texts(mentees: int, mentors: int) -> Interests:
    rng = np.random.default_rng(0)
    left, right = (Statements.one_each(_unit(rng, people)) for people in (mentees, mentors))
    return Interests(left, right, terms(rng, mentees, 3000), terms(rng, mentors, 3000))


def _unit(rng: np.random.Generator, people: int) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    vectors = rng.normal(size=(people, WIDTH)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors
