"""A what-if's further mentors are copies of those who take part; its rules replace the policy's."""

import numpy as np
import pytest

from services.matcher.assignment.problem import Problem, Rules
from services.matcher.assignment.solve import solve
from services.matcher.assignment.sources import DenseScores
from services.matcher.scoring.people import Mentor
from services.matcher.what_ifs import NobodyToCopyError, changed_problem, changed_rules, mentors_to_copy
from shared.contracts.what_if import WhatIfQuestion

MENTORS = [
    Mentor(id=f"m{n}", specialties=("surgery", "pediatrics")[n % 2 :], state="MN" if n < 2 else "NY")
    for n in range(4)
]


def problem() -> Problem:
    rng = np.random.default_rng(7)
    return Problem(DenseScores(rng.random((9, 4))), capacity=np.array([1, 2, 0, 1]))


def test_copies_are_made_in_turn_of_those_who_are_named() -> None:
    question = WhatIfQuestion(mentors=5, specialty="pediatrics")
    copied = mentors_to_copy(MENTORS, question)
    assert sorted(set(copied)) == [1, 3]
    assert [copied.count(n) for n in sorted(set(copied))] in ([3, 2], [2, 3])
    assert mentors_to_copy(MENTORS, WhatIfQuestion(mentors=2, state="NY", specialty="surgery")) == [2, 2]


def test_nobody_is_made_up() -> None:
    with pytest.raises(NobodyToCopyError):
        mentors_to_copy(MENTORS, WhatIfQuestion(mentors=1, specialty="dermatology"))


@pytest.mark.parametrize("question", [WhatIfQuestion(mentors=3, places=2), WhatIfQuestion(mentors=1, more_places=1)])
def test_a_copy_is_scored_as_the_mentor_it_copies(question: WhatIfQuestion) -> None:
    """The same as a matrix in which the columns are written twice."""
    base, changed = problem(), changed_problem(problem(), MENTORS, question)
    copied = mentors_to_copy(MENTORS, question)
    row, mentor = np.divmod(np.arange(36), 4)
    matrix = base.source.exact(row, mentor).reshape(9, 4)
    written = Problem(
        DenseScores(np.hstack([matrix, matrix[:, copied]])), capacity=changed.capacity, mentor_ids=changed.mentor_ids
    )
    one, other = solve(changed, Rules()), solve(written, Rules())
    assert (one.mentor == other.mentor).all()
    assert (one.total, one.floor, one.slots_filled) == (other.total, other.floor, other.slots_filled)
    assert changed.capacity[:4].tolist() == (base.capacity + question.more_places).tolist()
    assert changed.capacity[4:].tolist() == [question.places] * question.mentors


def test_only_the_rules_that_are_asked_about_change() -> None:
    rules = Rules(load_weight=0.05, floor="max")
    assert changed_rules(rules, WhatIfQuestion(load_weight=0)) == Rules(load_weight=0.0, floor="max")
    assert changed_rules(rules, WhatIfQuestion(floor=0.4)) == Rules(load_weight=0.05, floor=0.4)
