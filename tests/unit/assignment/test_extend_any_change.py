"""Whatever changes in an open run, in whatever order: it ends where a new run would."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from services.matcher.assignment.extend import LiveRun
from services.matcher.assignment.problem import Bool, Int32, Problem, Rules
from services.matcher.assignment.solve import solve
from services.matcher.assignment.sources import DenseScores, FactorScores
from tests.unit.assignment.instances import topic_vectors
from tests.unit.assignment.test_extend import check

ROWS, MENTORS, TIERS = 26, 12, 2
RULES = (Rules("none", "none", 0.3, 2), Rules("first", "none", 0.0, 1), Rules("first", "none", 0.4, 2))
CHANGES = ("rows", "mentors", "bandwidth", "load", "minimum", "tier", "owner", "forbid", "allow", "leave", "accept")


@dataclass
class Town:
    """A crowd that changes: everything that a problem holds, and who has left or accepted."""

    numbers: np.random.Generator
    scores: NDArray[np.float64]
    problem: Problem
    withdrawn: Bool
    accepted: Bool
    mentor: Int32

    def change(self, what: str) -> None:
        problem, draw = self.problem, self.numbers.integers
        rows, mentors = problem.rows, problem.mentors
        if what == "rows" and rows < ROWS:
            self.show(rows + int(draw(1, 3)), mentors)
        elif what == "mentors" and mentors < MENTORS:
            self.show(rows, mentors + 1)
        elif what in ("bandwidth", "load", "minimum"):
            name = "capacity" if what == "bandwidth" else what
            values = getattr(problem, name).copy()
            values[draw(mentors)] = draw(0, 4)
            held = np.bincount(self.mentor[self.accepted], minlength=mentors)
            self.problem = replace(problem, **{name: np.maximum(values, held) if name == "capacity" else values})
        elif what in ("tier", "owner"):
            values = getattr(problem, what).copy()
            free = np.flatnonzero(~self.accepted)
            values[self.numbers.choice(free)] = draw(0, TIERS if what == "tier" else rows)
            self.problem = replace(problem, **{what: values})
        elif what == "forbid":
            pair = (int(draw(rows)), int(draw(mentors)))
            self.problem = replace(problem, forbidden=(*problem.forbidden, pair))
        elif what == "allow":
            self.problem = replace(problem, forbidden=problem.forbidden[1:])
        elif what == "leave":
            self.withdrawn[draw(rows)] = True
            self.accepted &= ~self.withdrawn
        elif what == "accept" and (self.mentor >= 0).any():
            self.accepted[self.numbers.choice(np.flatnonzero(self.mentor >= 0))] = True

    def show(self, rows: int, mentors: int) -> None:
        """More of the same fixed crowd."""
        rows, old = min(rows, ROWS), self.problem
        more = mentors - old.mentors, rows - old.rows
        self.problem = Problem(
            DenseScores(self.scores[:rows, :mentors]),
            capacity=np.append(old.capacity, self.numbers.integers(0, 3, more[0])),
            owner=np.append(old.owner, self.numbers.integers(0, rows, more[1])),
            minimum=np.append(old.minimum, np.zeros(more[0])), load=np.append(old.load, np.zeros(more[0])),
            tier=np.append(old.tier, self.numbers.integers(0, TIERS, more[1])), forbidden=old.forbidden,
        )  # fmt: skip
        self.withdrawn = np.append(self.withdrawn, np.zeros(more[1], np.bool_))
        self.accepted = np.append(self.accepted, np.zeros(more[1], np.bool_))


def make_town(seed: int) -> Town:
    numbers = np.random.default_rng(seed)
    scores = numbers.integers(0, 12, (ROWS, MENTORS)) / 10.0
    scores[numbers.random(scores.shape) < 0.15] = -np.inf
    problem = Problem(
        DenseScores(scores[:16, :8]), numbers.integers(0, 3, 8).astype(np.int32),
        owner=numbers.integers(0, 12, 16).astype(np.int32), tier=np.arange(16, dtype=np.int16) % 2,
    )  # fmt: skip
    return Town(numbers, scores, problem, np.zeros(16, np.bool_), np.zeros(16, np.bool_), np.empty(0, np.int32))


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(RULES), st.lists(st.sampled_from(CHANGES), min_size=1, max_size=8))
def test_any_changes_end_at_the_optimum(seed: int, rules: Rules, changes: list[str]) -> None:
    town = make_town(seed)
    live = LiveRun(town.problem, solve(town.problem, rules))
    for what in changes:
        town.mentor = live.mentor
        town.change(what)
        check(live, live.extend(town.problem, town.accepted, town.withdrawn))
        matched = np.flatnonzero(live.mentor >= 0)
        pairs = {(int(town.problem.owner[row]), int(live.mentor[row])) for row in matched}
        assert len(pairs) == len(matched)
        assert not town.withdrawn[matched].any()


@pytest.mark.parametrize("seed", range(3))
def test_changes_in_a_crowd_of_several_tiles_end_at_the_optimum(seed: int) -> None:
    left, right, capacity = topic_vectors(820, 560, seed, width=16)
    numbers, rows, mentors = np.random.default_rng(seed), 780, 510
    gone = np.zeros(820, np.bool_)

    def town() -> Problem:
        return Problem(FactorScores(left[:rows], right[:mentors], clip0=True), capacity[:mentors] // 2)

    live = LiveRun(town(), solve(town(), RULES[0]))
    for step in range(12):
        rows, mentors = rows + int(numbers.integers(0, 4)), mentors + int(numbers.integers(0, 3))
        gone[numbers.integers(0, rows, step % 3)] = True
        capacity[numbers.integers(0, mentors, 2)] = numbers.integers(0, 6, 2)
        check(live, live.extend(town(), withdrawn=gone[:rows]))
