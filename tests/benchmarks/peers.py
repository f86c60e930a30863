"""What others do with the same instance: shortlists, greed, solvers called directly."""

import numpy as np
from scipy import sparse
from scipy.optimize import linear_sum_assignment

from services.matcher.assignment.problem import Int64, Problem, Rules
from services.matcher.assignment.solution import Solution
from services.matcher.assignment.solve import solve
from services.matcher.assignment.sources import DenseScores, FactorScores, SparseScores
from tests.benchmarks.crowds import vectors_of
from tests.benchmarks.figures import Figure, Setting, quickest, size_name, timed

COSINE = Rules("none", "none", 0.0)
CANDIDATES = 50
BLOCK = 1024
SMALL = (30, 50, 100, 300, 1_000, 3_000)
MOMENTS = 40
DENSE_ARCS = 3_000_000


def measure_peers(problem: Problem, optimum: float) -> list[Figure]:
    """Beside the optimum over all pairs: the best of a shortlist of 50 each, and greed on it, with what they lose."""
    name = size_name(problem.rows, problem.mentors)
    (matrix, short), drawing = timed(lambda: candidate_graph(problem))
    best, solving = timed(lambda: solve_directly(matrix, problem.capacity.astype(np.int64)))
    greedy, grabbing = timed(lambda: take_greedily(matrix, problem.capacity.astype(np.int64)))
    ours, seconds = timed(lambda: solve(short, COSINE))
    figures = [
        ("shortlist of 50: drawing it", drawing, "s"), ("shortlist: OR-Tools directly", solving, "s"),
        ("shortlist: Belay, certified", seconds, "s"),
        ("shortlist: difference of the two", round(ours.total * 10**6) - best, "points"),
        ("shortlist: lost of the optimum", 100 * (1 - best / 10**6 / optimum), "%"),
        ("greedy on the shortlist", grabbing, "s"),
        ("greedy: lost of the optimum", 100 * (1 - greedy / 10**6 / optimum), "%"),
    ]  # fmt: skip
    return [Figure("assignment", what, name, float(value), unit) for what, value, unit in figures]


def candidate_graph(problem: Problem) -> tuple[sparse.csr_matrix, Problem]:
    """The 50 best mentors of each mentee, as a sparse matrix and as a problem."""
    source = problem.source
    assert isinstance(source, FactorScores)
    keep = min(CANDIDATES, source.mentors)
    rows, mentors = np.repeat(np.arange(source.rows), keep), np.empty((source.rows, keep), np.int64)
    for start in range(0, source.rows, BLOCK):
        block = source.left[start : start + BLOCK] @ source.right.T
        mentors[start : start + BLOCK] = np.argpartition(-block, keep - 1, axis=1)[:, :keep]
    scores = source.exact(rows, mentors.ravel())
    matrix = sparse.csr_matrix((scores, (rows, mentors.ravel())), shape=(source.rows, source.mentors))
    return matrix, Problem(SparseScores(matrix), problem.capacity)


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


def take_greedily(matrix: sparse.csr_matrix, capacity: Int64) -> int:
    """The best pair that is left, again and again; the total in points of 10^-6."""
    entries = matrix.tocoo()
    points = np.rint(entries.data * 10**6).astype(np.int64)
    room, free, total = capacity.copy(), np.ones(matrix.shape[0], np.bool_), 0
    for at in np.argsort(-points, kind="stable").tolist():
        row, mentor = entries.row[at], entries.col[at]
        if free[row] and room[mentor] > 0:
            free[row], room[mentor], total = False, room[mentor] - 1, total + int(points[at])
    return total


def bench_sparse(setting: Setting) -> list[Figure]:
    """The same sparse graph solved by Belay (with prices, ties, report) and by OR-Tools called directly."""
    figures = []
    for mentees in setting.sizes((5_000, 20_000)):
        setting.tell(f"sparse: {mentees:,} mentees")
        left, right, capacity = vectors_of(mentees)
        matrix, problem = candidate_graph(Problem(FactorScores(left, right, clip0=True), capacity))
        solve(problem, COSINE)  # compiles
        solution, ours = timed(lambda: solve(problem, COSINE))  # noqa: B023 (called at once)
        total, direct = timed(lambda: solve_directly(matrix, capacity.astype(np.int64)))  # noqa: B023
        figures += _beside("sparse", size_name(problem.rows, problem.mentors) + f", {CANDIDATES} each", (
            ("Belay", ours), ("OR-Tools directly", direct)), round(solution.total * 10**6) - total)
    return figures


def bench_dense(setting: Setting) -> list[Figure]:
    """Small dense matrices, beside SciPy's assignment on mentors expanded into slots, and OR-Tools on all pairs.

    Counted: from scores and slots to a mentor per row and the total in points. For SciPy rounding, marking what may
    not be made and expanding; for Belay all of `solve`, which also gives prices, their bound and one of equal optima.
    """
    figures = []
    for mentees in [n for n in SMALL if n <= setting.size]:
        setting.tell(f"dense: {mentees:,} mentees")
        left, right, capacity = vectors_of(mentees)
        scores = np.maximum(left.astype(np.float64) @ right.astype(np.float64).T, 0)
        problem, name = Problem(DenseScores(scores), capacity), size_name(mentees, len(right))
        times = MOMENTS if mentees <= MOMENTS * 10 else 5
        solution, ours = quickest(lambda: solve(problem, COSINE), times)  # noqa: B023 (called at once)
        total, scipy = quickest(lambda: _expanded(scores, capacity), times)  # noqa: B023
        figures += _beside("dense", name, (("Belay", ours), ("SciPy on expanded slots", scipy)),
                           _points(solution) - total)
        if scores.size <= DENSE_ARCS:
            whole = sparse.csr_matrix(np.round(scores, 6))
            again, direct = quickest(lambda: solve_directly(whole, capacity.astype(np.int64)))  # noqa: B023
            figures += _beside("dense", name, (("Belay", ours), ("OR-Tools on all pairs", direct)),
                               _points(solution) - again)[1:]
    return figures


def _beside(suite: str, name: str, times: tuple[tuple[str, float], tuple[str, float]], difference: int
            ) -> list[Figure]:
    (us, ours), (them, theirs) = times
    return [
        Figure(suite, us, name, ours, "s"), Figure(suite, them, name, theirs, "s"),
        Figure(suite, f"{us} / {them}", name, ours / theirs, "times"),
        Figure(suite, f"difference to {them}", name, difference, "points"),
    ]  # fmt: skip


def _points(solution: Solution) -> int:
    return int(solution.score.sum())


def _expanded(scores: np.ndarray, capacity: np.ndarray) -> int:
    """What a caller of SciPy does: points, no pair where there is no score, one column per slot, slots to mentors."""
    points = np.rint(scores * 10**6)
    points[~np.isfinite(points)] = -np.inf
    mentor_of = np.repeat(np.arange(len(capacity)), capacity)
    rows, slots = linear_sum_assignment(points[:, mentor_of], maximize=True)
    mentor = np.full(len(points), -1, np.int32)
    mentor[rows] = mentor_of[slots]
    return int(points[rows, mentor[rows]].sum())
