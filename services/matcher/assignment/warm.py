"""Compiling ahead: on a new machine the first match waits for the compiler (some seconds), later ones do not."""

import numpy as np

from services.matcher.assignment.congestion import congestion_prices
from services.matcher.assignment.problem import Problem, Rules
from services.matcher.assignment.solve import solve
from services.matcher.assignment.sources import DenseScores

ROWS, MENTORS = 12, 5


def compile_solver() -> None:
    """Compile the loops of a whole solve, or load them from the cache on disk; call it when a worker starts."""
    scores = np.random.default_rng(0).random((ROWS, MENTORS))
    problem = Problem(DenseScores(scores), capacity=np.full(MENTORS, 2, np.int32))
    solve(problem, Rules())
    congestion_prices(problem)
