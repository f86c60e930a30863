"""Exploring within ε of the optimum, so that something becomes known of pairs that the weights would never try.

1. The match is solved and certified as always. 2. Every pair's score is raised by keyed noise in [0, ε], pairs below
the proven floor are left out, and the match is solved again. Let M* be the optimum, M the explored match, n its
pairs. M* is feasible for the raised problem, so M covers as much and keeps the floor; and by the optimality of M,
score(M) + n ε − cost(M) ≥ raised(M) − cost(M) ≥ raised(M*) − cost(M*) ≥ score(M*) − cost(M*): no more than ε per pair
is lost, and the certificate of M* says how much was. 3. With further keys the same is done again and again; the share
of draws that make a pair is its propensity. Only small runs explore: each draw solves the whole match.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from services.matcher.assignment.instance import Instance
from services.matcher.assignment.problem import Float64, Int32, Problem, ProblemError
from services.matcher.assignment.solution import Solution
from services.matcher.assignment.solve import measure, solve
from services.matcher.assignment.sources import DenseScores
from services.matcher.assignment.ties import hash_names, pair_hashes
from shared.contracts.exploration import MOST_EXPLORED_PAIRS

HASH_VALUES = 1 << 16
Watch = Callable[[float], None]


@dataclass(frozen=True)
class Explored:
    """A match near the optimum. `solution` has its figures, and the optimum's proofs and bound: `gap` is what was lost.

    `propensity` float64[rows]: the share of draws in which the row's mentee got this mentor, this draw included.
    `moved` counts pairs that the optimum has not made.
    """

    solution: Solution
    propensity: Float64
    moved: int
    draws: int


def check_size(problem: Problem) -> None:
    """Raises ProblemError for a run too large to explore."""
    if problem.rows * problem.mentors > MOST_EXPLORED_PAIRS:
        raise ProblemError(
            f"exploring solves the match many times; it is limited to {MOST_EXPLORED_PAIRS:,} pairs of wishes and"
            f" mentors, and this run has {problem.rows * problem.mentors:,}. Choose a version of the policy that does"
            " not explore (exploration.epsilon is 0)."
        )


def explore(
    problem: Problem, optimum: Solution, epsilon: float, draws: int, watch: Watch = lambda _done: None
) -> Explored:
    """A keyed match within ε per pair of the optimum, with the propensities of its pairs."""
    check_size(problem)
    instance = Instance(problem, optimum.rules)
    matrix = _tried(instance, optimum)
    made: list[Int32] = []
    for draw in range(draws):
        made.append(_draw(problem, optimum, matrix, epsilon, draw))
        watch((draw + 1) / draws)
    given = _told(instance, optimum, made[0])
    same = np.sum([_gives(problem, other, made[0]) for other in made], axis=0)
    kept = _gives(problem, optimum.mentor, given.mentor)
    return Explored(given, same / draws, int((given.mentor >= 0).sum() - kept.sum()), draws)


def _tried(instance: Instance, optimum: Solution) -> Float64:
    """float64[rows, mentors]: rounded scores; −inf where not eligible or below the floor that the optimum keeps."""
    problem, rules = instance.problem, optimum.rules
    rows, mentors = np.divmod(np.arange(problem.rows * problem.mentors), max(problem.mentors, 1))
    scores = problem.source.exact(rows, mentors)
    scores[np.isfinite(scores)] = np.rint(scores[np.isfinite(scores)] * rules.scale) / rules.scale
    scores = scores.reshape(problem.rows, problem.mentors)
    pinned = scores[instance.pin_rows, instance.pin_mentors]
    floor = optimum.floor if rules.maximizes_floor else rules.floor
    if isinstance(floor, int | float):
        scores[scores < floor - 0.5 / rules.scale] = -np.inf
    scores[instance.pin_rows, instance.pin_mentors] = pinned
    return scores


def _draw(problem: Problem, optimum: Solution, scores: Float64, epsilon: float, draw: int) -> Int32:
    """The match of one draw: mentor of each row."""
    key = problem.tie_key + draw.to_bytes(4, "big")
    rows, mentors = (hash_names(names, key, side) for names, side in
                     ((problem.row_ids, b"explore row"), (problem.mentor_ids, b"explore mentor")))  # fmt: skip
    hashes = pair_hashes(np.repeat(rows, len(mentors)), np.tile(mentors, len(rows))).reshape(scores.shape)
    scale = optimum.rules.scale
    noise = np.floor(hashes / HASH_VALUES * (np.floor(epsilon * scale) + 1)) / scale
    rules = replace(optimum.rules, floor="none")
    found = solve(replace(problem, source=DenseScores(scores + noise), tie_key=key), rules)
    return found.mentor


def _told(instance: Instance, optimum: Solution, mentor: Int32) -> Solution:
    """The figures of a match in true scores, beside the proven bound of the optimum."""
    free = np.where(instance.active, mentor, np.int32(-1)).astype(np.int32)
    figures, unit = measure(instance, free), instance.unit
    objective = (figures.points - figures.load_cost) / unit
    return replace(
        optimum,
        mentor=figures.mentor,
        score=figures.score,
        floor=figures.floor / unit if figures.floor is not None else None,
        slots_filled=int((figures.mentor >= 0).sum()),
        total=figures.points / unit,
        load_cost=figures.load_cost / unit,
        objective=objective,
        gap=max(0.0, round(optimum.dual_bound - objective, 9)),
    )


def _gives(problem: Problem, other: Int32, given: Int32) -> Float64:
    """float64[rows]: 1 where the mentee of a row has the row's mentor in the other match, in whatever slot."""
    matched = other >= 0
    theirs = set(zip(problem.owner[matched].tolist(), other[matched].tolist(), strict=True))
    pairs = zip(problem.owner.tolist(), given.tolist(), strict=True)
    return np.array([pair in theirs for pair in pairs], np.float64)
