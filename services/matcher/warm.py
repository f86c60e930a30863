"""Compiling ahead: `python -m services.matcher.warm`.

On a new machine the first run would wait for the compiler; afterwards everything is read from the cache on disk.
It is a process of its own, so that a worker never compiles in a thread.
"""

import sys
from dataclasses import replace
from time import perf_counter

import numpy as np

from services.matcher import compiled_code
from services.matcher.assignment import columns
from services.matcher.assignment.certificate import certify
from services.matcher.assignment.congestion import congestion_prices, make_shelf, suggest
from services.matcher.assignment.envy import standing
from services.matcher.assignment.extend import LiveRun
from services.matcher.assignment.problem import Int32, Problem, Rules
from services.matcher.assignment.solve import solve
from services.matcher.assignment.sources import DenseScores, FactorScores
from services.matcher.assignment.verify import verify
from services.matcher.assignment.what_if import shadow_prices
from services.matcher.scoring.warm import compile_kernels as compile_scoring

MENTORS = 200
ROWS = columns.WHOLE // MENTORS + 1


def compile_kernels() -> None:
    """Compile every inner loop of scoring and matching, or load it from the cache on disk."""
    compile_scoring()
    compile_assignment()


def compile_assignment() -> None:
    """Small runs that pass through every loop: whole, screened, with several slots, extended, suggested."""
    alone, shared = np.arange(ROWS, dtype=np.int32), np.arange(ROWS, dtype=np.int32) // 2
    for rules in (Rules(), Rules(coverage="none", floor="none")):
        run(_matrix(6), rules)
        run(_crowd(alone), rules)
    run(_crowd(shared), Rules(floor="none"))
    shadow_prices(_matrix(6), solve(_matrix(6), Rules()))
    standing(_matrix(6), solve(_matrix(6), Rules()))
    prices = congestion_prices(_crowd(alone))
    suggest(np.ones(MENTORS), make_shelf(_crowd(alone), prices, np.full(MENTORS, -1, np.int32)), np.uint64(1))


def run(problem: Problem, rules: Rules) -> None:
    """Solve and verify; then change the open run in every way."""
    solution = solve(problem, rules)
    verify(problem, solution.mentor, certify(problem, solution)).require()
    live = LiveRun(problem, solution)
    live.extend(replace(problem, capacity=np.roll(problem.capacity, 1) + 1))
    live.extend(replace(problem, capacity=np.append(np.zeros(1, np.int32), problem.capacity[1:])))
    live.extend(problem, withdrawn=np.arange(problem.rows) == 0)
    live.extend(replace(problem, forbidden=((1, int(live.mentor[1])),)))


def _matrix(size: int) -> Problem:
    return Problem(DenseScores(np.ones((size, size))), np.full(size, 2, np.int32))


def _crowd(owner: Int32) -> Problem:
    numbers = np.random.default_rng(0)
    left, right = (numbers.random((count, 8), np.float32) for count in (len(owner), MENTORS))
    return Problem(FactorScores(left, right, clip0=True), np.full(MENTORS, 2, np.int32), owner)


def main() -> None:
    began = perf_counter()
    compiled_code.forget_others()
    compile_kernels()
    sys.stdout.write(f"The matching engine is compiled ({perf_counter() - began:.0f} s).\n")


if __name__ == "__main__":
    main()
