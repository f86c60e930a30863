"""The certified optimum over all pairs as the work grows, beside one bare pass of matrix products in the same run."""

import resource
from collections.abc import Iterator

import numpy as np

from services.matcher.assignment.certificate import certify
from services.matcher.assignment.problem import Float32, Problem, Rules
from services.matcher.assignment.solution import Solution
from services.matcher.assignment.solve import solve
from services.matcher.assignment.sources import FactorScores
from services.matcher.assignment.verify import verify
from services.matcher.scoring.national import NationalScores
from tests.benchmarks.crowds import problem_of
from tests.benchmarks.figures import Figure, Setting, size_name, spent, timed
from tests.benchmarks.nation import everything, nation_of
from tests.benchmarks.peers import measure_peers

SIZES = (1_000, 5_000, 20_000, 50_000, 100_000)
PLAIN = "{coverage: none, floor: none, load_weight: 0}"
DEFAULT = "{}"
BLOCK = 1024


def bench_assignment(setting: Setting) -> list[Figure]:
    """Cosines of 384-dimensional vectors: the total over all pairs; also what shortlists and greed lose of it."""
    compile_everything()
    figures = []
    for mentees in setting.sizes(SIZES):
        setting.tell(f"assignment: {mentees:,} mentees")
        problem = problem_of(mentees)
        source = problem.source
        assert isinstance(source, FactorScores)
        vectors = source.left, source.right
        found, solution = _measure("assignment", setting, problem, Rules("none", "none", 0.0), vectors)
        figures += [*found, *measure_peers(problem, solution.total)]
    return figures


def bench_nation(setting: Setting) -> list[Figure]:
    """All eight features on the percentile scale and hard rules: the total over all pairs."""
    return _nations("nation", setting, PLAIN)


def bench_policy(setting: Setting) -> list[Figure]:
    """All features under the default rules: coverage first, the highest floor, convex load."""
    return _nations("default policy", setting, DEFAULT)


def _nations(suite: str, setting: Setting, assignment: str) -> list[Figure]:
    compile_everything()
    policy, figures = everything(assignment), []
    for mentees in setting.sizes(SIZES):
        setting.tell(f"{suite}: {mentees:,} mentees")
        people, mentors, texts = nation_of(mentees)
        scores, reading = timed(lambda: NationalScores(people, mentors, policy, texts))  # noqa: B023 (called at once)
        capacity = np.array([m.max_mentees for m in mentors], np.int32)
        problem = Problem(scores, capacity, owner=scores.owner)
        vectors = texts.mentee_statements.vectors, texts.mentor_statements.vectors
        found, _ = _measure(suite, setting, problem, Rules(**policy.assignment.model_dump()), vectors)
        figures += [Figure(suite, "preparing scores", found[0].instance, reading, "s"), *found]
    return figures


def _measure(
    suite: str, setting: Setting, problem: Problem, rules: Rules, vectors: tuple[Float32, Float32]
) -> tuple[list[Figure], Solution]:
    _, before, work_before = spent(lambda: bare_pass(*vectors))
    solution, seconds, work = spent(lambda: solve(problem, rules))
    _, after, work_after = spent(lambda: bare_pass(*vectors))
    proof, certifying = timed(lambda: certify(problem, solution))
    verification, checking = timed(lambda: verify(problem, solution.mentor, proof))
    verification.require()
    bare = (before + after) / 2
    on_cores = work / ((work_before + work_after) / 2)
    setting.tell(f"  {seconds:.1f} s, {seconds / bare:.1f} × bare pass ({before:.1f} and {after:.1f} s; "
                 f"{on_cores:.1f} × in processor time), verified in {checking:.1f} s, "
                 f"{peak_megabytes():,.0f} MB so far")
    values = {
        "bare pass over all pairs": (bare, "s"), "certified optimum": (seconds, "s"),
        "optimum / bare pass": (seconds / bare, "times"),
        "optimum / bare pass, processor time": (on_cores, "times"), "certificate": (certifying, "s"),
        "verify": (checking, "s"), "gap": (solution.gap, "score"), "rounds": (solution.rounds, ""),
        "candidate pairs": (solution.candidate_edges, ""), "filled slots": (solution.slots_filled, ""),
        "total": (solution.total, "score"), "peak memory so far": (peak_megabytes(), "MB"),
    }  # fmt: skip
    name = size_name(problem.rows, problem.mentors)
    figures = [Figure(suite, what, name, float(value), unit) for what, (value, unit) in values.items()]
    return [*figures, *_course(suite, name, solution), *_phases(suite, name, solution)], solution


def _course(suite: str, name: str, solution: Solution) -> Iterator[Figure]:
    """How the total closed in on the optimum, round by round, in millionths of it."""
    for n, (below, above) in enumerate(solution.course, 1):
        for what, difference in (("best of the candidates", -below), ("bound over all pairs", above)):
            yield Figure(suite, f"round {n}: {what}", name, difference / solution.total * 10**6, "millionths")


def _phases(suite: str, name: str, solution: Solution) -> Iterator[Figure]:
    for phase, seconds in solution.seconds.items():
        yield Figure(suite, f"… {phase}", name, seconds, "s")


def bare_pass(left: Float32, right: Float32) -> None:
    """One bare pass of matrix products over all pairs."""
    for start in range(0, len(left), BLOCK):
        left[start : start + BLOCK] @ right.T


def peak_megabytes() -> float:
    """The most memory this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def compile_everything() -> None:
    """Compiled code is cached on disk; a first run must not be measured."""
    people, mentors, texts = nation_of(400, seed=9)
    scores = NationalScores(people, mentors, everything(), texts)
    problems = [problem_of(3_200, 8), Problem(scores, np.ones(len(mentors), np.int32), owner=scores.owner)]
    for problem in problems:
        solution = solve(problem, Rules("first", "none", 0.05))
        verify(problem, solution.mentor, certify(problem, solution)).require()
