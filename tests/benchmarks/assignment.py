"""The assignment beside what it is compared with, always in the same run: only ratios count."""

import resource
from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

import numpy as np
from scipy import sparse
from scipy.optimize import linear_sum_assignment

from services.matcher.assignment.certificate import certify
from services.matcher.assignment.extend import LiveRun
from services.matcher.assignment.problem import Float32, Int64, Problem, Rules
from services.matcher.assignment.solution import Solution
from services.matcher.assignment.solve import solve
from services.matcher.assignment.sources import DenseScores, FactorScores, SparseScores
from services.matcher.assignment.verify import verify
from tests.benchmarks.crowds import name_of, problem_of, vectors_of
from tests.benchmarks.figures import Figure

T = TypeVar("T")

COSINE = Rules("none", "none", 0.0)
SIZES = (1_000, 5_000, 20_000, 50_000, 100_000)
CANDIDATES = 50
BLOCK = 1024
ARRIVALS = 40


def timed(work: Callable[[], T]) -> tuple[T, float]:
    began = perf_counter()
    return work(), perf_counter() - began


def compile_everything() -> None:
    """Compiled code is cached on disk; a first run must not be measured."""
    problem = problem_of(3_200, 8)
    solution = solve(problem, Rules("first", "none", 0.05))
    verify(problem, solution.mentor, certify(problem, solution))
    LiveRun(problem, solution).extend(problem)


def bare_pass(left: Float32, right: Float32) -> None:
    """One bare pass of matrix products over all pairs."""
    for start in range(0, len(left), BLOCK):
        left[start : start + BLOCK] @ right.T


def peak_megabytes() -> float:
    """The most memory this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def bench_assignment(size: int) -> list[Figure]:
    """The certified optimum over all pairs at growing sizes up to `size`, beside one bare pass."""
    compile_everything()
    sizes = [mentees for mentees in SIZES if mentees < size] + [size]
    return [figure for mentees in sizes for figure in _measure_national(mentees)]


def _measure_national(mentees: int) -> list[Figure]:
    problem = problem_of(mentees)
    source = problem.source
    assert isinstance(source, FactorScores)
    _, before = timed(lambda: bare_pass(source.left, source.right))
    solution, seconds = timed(lambda: solve(problem, COSINE))
    _, after = timed(lambda: bare_pass(source.left, source.right))
    bare = (before + after) / 2
    verification, checking = timed(lambda: verify(problem, solution.mentor, certify(problem, solution)))
    verification.require()
    values = [
        ("bare pass over all pairs", bare, "s"), ("certified optimum", seconds, "s"),
        ("optimum / bare pass", seconds / bare, "times"), ("verify", checking, "s"),
        ("gap", solution.gap, "score"), ("rounds", solution.rounds, ""),
        ("candidate pairs", solution.candidate_edges, ""), ("filled slots", solution.slots_filled, ""),
        ("peak memory so far", peak_megabytes(), "MB"),
        *((f"… {phase}", spent, "s") for phase, spent in solution.seconds.items()),
    ]  # fmt: skip
    return [Figure("assignment", what, name_of(problem), float(value), unit) for what, value, unit in values]


def candidate_graph(mentees: int) -> tuple[sparse.csr_matrix, Problem]:
    """The 50 best mentors of each mentee, as a sparse matrix and as a problem."""
    left, right, capacity = vectors_of(mentees)
    keep = min(CANDIDATES, len(right))
    rows, mentors = np.repeat(np.arange(mentees), keep), np.empty((mentees, keep), np.int64)
    for start in range(0, mentees, BLOCK):
        block = left[start : start + BLOCK] @ right.T
        mentors[start : start + BLOCK] = np.argpartition(-block, keep - 1, axis=1)[:, :keep]
    scores = np.maximum(FactorScores(left, right).exact(rows, mentors.ravel()), 0)
    matrix = sparse.csr_matrix((scores, (rows, mentors.ravel())), shape=(mentees, len(right)))
    return matrix, Problem(SparseScores(matrix), capacity)


def bench_sparse(size: int) -> list[Figure]:
    """The same sparse graph solved by Belay (with prices, ties, report) and by OR-Tools called directly."""
    compile_everything()
    matrix, problem = candidate_graph(size)
    solution, ours = timed(lambda: solve(problem, COSINE))
    total, direct = timed(lambda: solve_directly(matrix, problem.capacity.astype(np.int64)))
    name = f"{name_of(problem)}, {CANDIDATES} each"
    return [
        Figure("sparse", "Belay", name, ours, "s"), Figure("sparse", "OR-Tools directly", name, direct, "s"),
        Figure("sparse", "Belay / OR-Tools", name, ours / direct, "times"),
        Figure("sparse", "difference of the optima", name, round(solution.total * 10**6) - total, "points"),
    ]  # fmt: skip


def solve_directly(matrix: sparse.csr_matrix, capacity: Int64) -> int:
    """OR-Tools' min-cost flow on a sparse matrix of scores; the optimal total in points of 10^-6."""
    from ortools.graph.python import min_cost_flow

    rows, mentors = matrix.shape
    entries = matrix.tocoo()
    points = np.rint(entries.data * 10**6).astype(np.int64)
    ground = rows + mentors
    tails = np.concatenate([entries.row, np.arange(ground)]).astype(np.int32)
    heads = np.concatenate([entries.col + rows, np.full(ground, ground)]).astype(np.int32)
    room = np.concatenate([np.ones(len(points) + rows, np.int64), capacity])
    costs = np.concatenate([-points, np.zeros(ground, np.int64)])
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(tails, heads, room, costs)
    nodes = np.append(np.arange(rows), ground).astype(np.int32)
    solver.set_nodes_supplies(nodes, np.append(np.ones(rows, np.int64), -rows))
    solver.solve()
    return -int(solver.optimal_cost())


def bench_dense(size: int) -> list[Figure]:
    """Small dense matrices, beside SciPy's assignment on mentors expanded into slots."""
    compile_everything()
    figures = []
    for mentees in [n for n in (100, 300, 1_000, 3_000) if n <= size]:
        left, right, capacity = vectors_of(mentees)
        scores = np.maximum(left.astype(np.float64) @ right.astype(np.float64).T, 0)
        problem = Problem(DenseScores(scores), capacity)
        solution, ours = timed(lambda problem=problem: solve(problem, COSINE))  # type: ignore[misc]
        points = np.rint(scores * 10**6)
        total, scipy = timed(lambda points=points, capacity=capacity: _expanded(points, capacity))  # type: ignore[misc]
        figures += [
            Figure("dense", "Belay", name_of(problem), ours, "s"),
            Figure("dense", "SciPy on expanded slots", name_of(problem), scipy, "s"),
            Figure("dense", "Belay / SciPy", name_of(problem), ours / scipy, "times"),
            Figure("dense", "difference of the optima", name_of(problem), _points(solution) - total, "points"),
        ]
    return figures


def _points(solution: Solution) -> int:
    return int(solution.score.sum())


def _expanded(points: np.ndarray, capacity: np.ndarray) -> int:
    expanded = points[:, np.repeat(np.arange(len(capacity)), capacity)]
    rows, slots = linear_sum_assignment(expanded, maximize=True)
    return int(expanded[rows, slots].sum())


def bench_arrivals(size: int) -> list[Figure]:
    """One mentee after another arrives in a solved run: the time of each, prices loaded."""
    compile_everything()
    left, right, capacity = vectors_of(size)
    first = size - min(ARRIVALS, size // 2)

    def with_rows(rows: int) -> Problem:
        return Problem(FactorScores(left[:rows], right, clip0=True), capacity)

    live = LiveRun(with_rows(first), solve(with_rows(first), COSINE))
    problems = [with_rows(rows) for rows in range(first + 1, size + 1)]
    seconds = np.array([timed(lambda problem=problem: live.extend(problem))[1] for problem in problems])  # type: ignore[misc]
    name = name_of(problems[-1])
    return [
        Figure("arrivals", "one arrival, median", name, 1000 * float(np.median(seconds)), "ms"),
        Figure("arrivals", "one arrival, worst", name, 1000 * float(seconds.max()), "ms"),
    ]
