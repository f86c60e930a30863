"""Mentees ask down their lists, mentors accept while they have room: priced lists beside plain ones."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from services.matcher.assignment.congestion import Shelf, congestion_prices, make_shelf, suggest
from services.matcher.assignment.problem import Float64, Problem
from services.matcher.assignment.ties import hash_names
from tests.benchmarks.crowds import name_of, problem_of
from tests.benchmarks.figures import Figure

LENGTH = 5
LEVELS = 50


@dataclass(frozen=True)
class Season:
    """What a season of asking came to."""

    served: float
    most_asked: float
    mean_score: float
    seconds_each: float


def bench_suggestions(size: int) -> list[Figure]:
    """Priced lists, plain top-k, and top-k with scores in 50 levels and ties in random order."""
    problem = problem_of(size)
    institution = np.random.default_rng(1).integers(0, 60, problem.mentors).astype(np.int32)
    price = congestion_prices(problem)
    free = np.zeros(problem.mentors)

    def levels(scores: Float64) -> Float64:
        return np.floor(scores * LEVELS) / LEVELS

    seasons = {
        "priced": play(problem, make_shelf(problem, price, institution), lambda scores: scores),
        "top": play(problem, make_shelf(problem, free, institution), lambda scores: scores),
        "random-tie top": play(problem, make_shelf(problem, free, institution), levels),
    }
    return [figure for name, season in seasons.items() for figure in _figures(name, name_of(problem), season)]


def _figures(kind: str, instance: str, season: Season) -> list[Figure]:
    rows = [
        ("served", 100 * season.served, "%"), ("most asked / bandwidth", season.most_asked, "times"),
        ("mean score of the served", season.mean_score, ""), ("one list", 1000 * season.seconds_each, "ms"),
    ]  # fmt: skip
    return [Figure("suggestions", f"{kind}: {what}", instance, value, unit) for what, value, unit in rows]


def play(problem: Problem, shelf: Shelf, seen: Callable[[Float64], Float64]) -> Season:
    """Mentees come in a fixed random order, see a list, and ask down it until someone has room.

    Lists are drawn up before the season, so that nobody sees who has filled up meanwhile.
    """
    keys = hash_names(problem.row_ids, problem.tie_key, b"row")
    lists, seconds = _lists(problem, shelf, seen, keys)
    asked, room = np.zeros(problem.mentors, np.int64), problem.capacity.astype(np.int64)
    mentor = np.full(problem.rows, -1)
    for place in range(LENGTH):
        for row in np.random.default_rng(place).permutation(np.flatnonzero(mentor < 0)):
            if place < len(lists[row]):
                wanted = lists[row][place]
                asked[wanted] += 1
                if room[wanted] > 0:
                    room[wanted] -= 1
                    mentor[row] = wanted
    served = np.flatnonzero(mentor >= 0)
    score = problem.source.exact(served, mentor[served])
    possible = min(problem.rows, int(problem.capacity.sum()))
    return Season(len(served) / possible, float((asked / problem.capacity).max()), float(score.mean()), seconds)


def _lists(
    problem: Problem, shelf: Shelf, seen: Callable[[Float64], Float64], keys: NDArray[np.uint64]
) -> tuple[list[NDArray[np.int64]], float]:
    lists, spent = [], 0.0
    for row in range(problem.rows):
        began = perf_counter()
        scores = problem.source.block(row, row + 1)[0].astype(np.float64)
        lists.append(suggest(seen(scores), shelf, keys[row], LENGTH))
        spent += perf_counter() - began
    return lists, spent / max(problem.rows, 1)
