"""The benchmarks' own tools: sizes, nations, seasons of asking, plots."""

from pathlib import Path

import numpy as np
import pytest

from services.matcher.assignment.certificate import certify
from services.matcher.assignment.problem import Problem, Rules
from services.matcher.assignment.solve import solve
from services.matcher.assignment.verify import verify
from services.matcher.scoring.national import NationalScores
from tests.benchmarks.crowds import problem_of
from tests.benchmarks.figures import Figure, Setting
from tests.benchmarks.nation import everything, nation_of
from tests.benchmarks.peers import candidate_graph, solve_directly, take_greedily
from tests.benchmarks.plots import draw_plots, pairs_of


def test_sizes_grow_up_to_the_one_asked_for() -> None:
    assert Setting(5_000).sizes((1_000, 5_000, 20_000)) == [1_000, 5_000]
    assert Setting(300).sizes((1_000,)) == [300]


def test_a_nation_is_the_same_for_the_same_seed_and_uses_every_feature() -> None:
    (one, mentors, texts), (again, _, _) = nation_of(300, seed=1), nation_of(300, seed=1)
    assert one == again
    scores = NationalScores(one, mentors, everything(), texts)
    rows, others = np.divmod(np.arange(scores.rows * scores.mentors), scores.mentors)
    fits = scores.why_not(rows, others) == 0
    assert 0.1 < fits.mean() < 0.9
    assert (scores.contributions(rows[fits], others[fits]).max(axis=0) > 0).all()


@pytest.mark.parametrize("seed", range(3))
def test_the_default_policy_is_proven_where_scores_are_uncertain_near_the_floor(seed: int) -> None:
    people, mentors, texts = nation_of(600, seed=seed)
    scores = NationalScores(people, mentors, everything("{}"), texts)
    capacity = np.array([m.max_mentees for m in mentors], np.int32)
    problem = Problem(scores, capacity, owner=scores.owner)
    solution = solve(problem, Rules())
    verify(problem, solution.mentor, certify(problem, solution)).require()
    assert scores.tolerance > 5e-5  # many scores lie this near to the floor


def test_peers_reach_the_same_optimum_of_a_shortlist_and_greed_does_not() -> None:
    whole = problem_of(400, 16)
    matrix, short = candidate_graph(whole)
    capacity = whole.capacity.astype(np.int64)
    best = round(solve(short, Rules("none", "none", 0.0)).total * 10**6)
    assert solve_directly(matrix, capacity) == best > take_greedily(matrix, capacity)
    assert isinstance(short, Problem)


def test_plots_are_drawn_of_what_was_measured(tmp_path: Path) -> None:
    figures = [
        Figure("assignment", what, f"{n:,} × {n // 4:,}", n / 100, "s")
        for n in (1_000, 4_000, 16_000) for what in ("bare pass over all pairs", "certified optimum")
    ]  # fmt: skip
    assert pairs_of(figures[0].instance) == 250_000
    (drawn,) = draw_plots(figures, tmp_path / "plots")
    assert drawn.name == "bench-time.svg"
    assert "slope 0.50" in drawn.read_text()
    assert draw_plots([], tmp_path) == []
