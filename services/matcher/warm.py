"""Compiling ahead: `python -m services.matcher.warm`.

On a new machine the first run would wait for the compiler; afterwards everything is read from the cache on disk.
It is a process of its own, so that a worker never compiles in a thread.
"""

import sys
from dataclasses import replace
from time import perf_counter

import numpy as np

from services.matcher.assignment import columns
from services.matcher.assignment.certificate import certify
from services.matcher.assignment.congestion import congestion_prices, make_shelf, suggest
from services.matcher.assignment.extend import LiveRun
from services.matcher.assignment.problem import Problem, Rules
from services.matcher.assignment.solve import solve
from services.matcher.assignment.sources import DenseScores, FactorScores
from services.matcher.assignment.verify import verify
from services.matcher.assignment.what_if import shadow_prices
from services.matcher.scoring.warm import compile_kernels as compile_scoring

SCREENED = (-(-columns.WHOLE // 200) + 1, 200)


def compile_kernels() -> None:
    """Compile every inner loop of scoring and matching, or load it from the cache on disk."""
    compile_scoring()
    compile_assignment()


def compile_assignment() -> None:
    """Small runs that pass through every loop: whole, screened, cold, with several slots, extended, suggested."""
    whole = Problem(DenseScores(np.eye(6)), np.full(6, 2, np.int32), owner=np.arange(6, dtype=np.int32) // 2)
    for rules in (Rules(), Rules(coverage="none", floor="none")):
        run(whole, rules)
    shadow_prices(whole, solve(whole, Rules()))
    run(_crowd(*SCREENED), Rules())
    prices = congestion_prices(whole)
    shelf = make_shelf(whole, prices, np.full(6, -1, np.int32))
    suggest(np.ones(6), shelf, np.uint64(1))


def run(problem: Problem, rules: Rules) -> None:
    """Solve, verify, and take a mentor's slot away from the open run."""
    solution = solve(problem, rules)
    verify(problem, solution.mentor, certify(problem, solution)).require()
    live = LiveRun(problem, solution)
    live.extend(replace(problem, capacity=np.roll(problem.capacity, 1) + 1))
    live.extend(problem)


def _crowd(rows: int, mentors: int) -> Problem:
    numbers = np.random.default_rng(0)
    left, right = (numbers.random((count, 8), np.float32) for count in (rows, mentors))
    return Problem(FactorScores(left, right, clip0=True), np.full(mentors, 2, np.int32))


def main() -> None:
    began = perf_counter()
    compile_kernels()
    sys.stdout.write(f"The matching engine is compiled ({perf_counter() - began:.0f} s).\n")


if __name__ == "__main__":
    main()
