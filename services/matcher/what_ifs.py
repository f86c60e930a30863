"""The platform's what-if: the match of today beside the match with more mentors, more bandwidth or other rules."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from services.matcher.assignment.problem import Float32, Float64, Problem, Rules, ScoreSource
from services.matcher.assignment.solution import Solution
from services.matcher.assignment.ties import hash_names
from services.matcher.loading import Cycle
from services.matcher.scoring.people import Mentor
from shared.contracts.run_report import Coverage
from shared.contracts.what_if import MatchFigures, WhatIfAnswer, WhatIfQuestion

COPY_KEY = b"copies"


class NobodyToCopyError(ValueError):
    """There is no mentor to model the further ones on."""

    def __str__(self) -> str:
        return (
            "No mentor of this kind takes part yet, so there is nobody to model the further ones on."
            " Ask again with another specialty or state."
        )


class WithCopies:
    """A score source with further mentors, each scored as the mentor that it copies."""

    def __init__(self, source: ScoreSource, copied: Sequence[int]) -> None:
        self.source = source
        self.likeness = np.concatenate([np.arange(source.mentors), np.array(copied, np.int64)])
        self.rows, self.mentors = source.rows, len(self.likeness)
        self.tolerance = float(getattr(source, "tolerance", 2e-6))

    def block(self, start: int, stop: int) -> Float32:
        return self.source.block(start, stop)[:, self.likeness]

    def exact(self, rows: NDArray[np.integer], mentors: NDArray[np.integer]) -> Float64:
        return self.source.exact(rows, self.likeness[mentors])


def changed_problem(problem: Problem, mentors: Sequence[Mentor], question: WhatIfQuestion) -> Problem:
    """The problem with the bandwidth that the question adds. Raises NobodyToCopyError."""
    raised = replace(problem, capacity=problem.capacity + question.more_places)
    if not question.mentors:
        return raised
    copied = mentors_to_copy(mentors, question)
    return replace(
        raised,
        source=WithCopies(problem.source, copied),
        capacity=np.append(raised.capacity, np.full(len(copied), question.places)).astype(np.int32),
        minimum=np.append(problem.minimum, np.zeros(len(copied), np.int32)),
        load=np.append(problem.load, np.zeros(len(copied), np.int32)),
        mentor_ids=(*problem.mentor_ids, *(f"further {n}" for n in range(len(copied)))),
    )


def mentors_to_copy(mentors: Sequence[Mentor], question: WhatIfQuestion) -> list[int]:
    """Places of the mentors that further ones are modeled on, in turn, in the order of their hashed ids."""
    fitting = [
        n for n, mentor in enumerate(mentors)
        if (not question.specialty or mentor.specialties[:1] == (question.specialty,))
        and (not question.state or mentor.state == question.state)
    ]  # fmt: skip
    if not fitting:
        raise NobodyToCopyError
    drawn = hash_names(tuple(mentors[n].id for n in fitting), COPY_KEY, b"mentor")
    order = [fitting[int(n)] for n in np.argsort(drawn)]
    return [order[n % len(order)] for n in range(question.mentors)]


def changed_rules(rules: Rules, question: WhatIfQuestion) -> Rules:
    return replace(
        rules,
        load_weight=rules.load_weight if question.load_weight is None else question.load_weight,
        floor=rules.floor if question.floor is None else question.floor,
    )


def answer(cycle: Cycle, problem: Problem, before: Solution, after: Solution, seconds: float) -> WhatIfAnswer:
    """Both matches in figures; `problem` is that of the first, whose rows the second has, too."""
    newly = problem.owner[(before.mentor < 0) & (after.mentor >= 0)]
    served = Counter((cycle.mentees[n].specialties or ("",))[0] for n in newly)
    both = (before.mentor >= 0) & (after.mentor >= 0)
    return WhatIfAnswer(
        before=_figures(before),
        after=_figures(after),
        moved=int((before.mentor != after.mentor)[both].sum()),
        newly_served=dict(served.most_common()),
        seconds=round(seconds, 2),
    )


def _figures(solved: Solution) -> MatchFigures:
    filled = Coverage(slots_wanted=solved.slots_wanted, slots_filled=solved.slots_filled, rate=solved.coverage)
    return MatchFigures(
        coverage=filled, floor=solved.floor, total_score=solved.total, load_cost=solved.load_cost, gap=solved.gap,
        proven_to=solved.proven_to,
    )
