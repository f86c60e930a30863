"""Where one more place would help most: the shadow prices of a run, by what mentors have in common."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from services.matcher.assignment.instance import NEVER
from services.matcher.assignment.problem import Problem
from services.matcher.assignment.solution import Solution
from services.matcher.assignment.what_if import Shadow, shadow_prices
from services.matcher.scoring.people import Mentor
from shared.contracts.run_report import SlotWorth

MOST_GROUPS = 60
GROUPINGS: dict[str, Callable[[Mentor], str]] = {
    "specialty": lambda mentor: mentor.specialties[0] if mentor.specialties else "",
    "state": lambda mentor: mentor.state,
    "stage": lambda mentor: str(mentor.stage or ""),
    "institution": lambda mentor: mentor.institution,
}


def shadow_without_floor(problem: Problem, solution: Solution) -> Shadow:
    """Shadow prices per mentor within the run's candidates, whatever their score: at least this much is certain.

    With the floor, a further place would seem to serve nobody whose best score is below the weakest match.
    """
    proof = solution.total_proof
    lifted = replace(proof, objective=replace(proof.objective, threshold=int(NEVER) + 1))
    return shadow_prices(problem, replace(solution, total_proof=lifted))


def worth_of_slots(mentors: Sequence[Mentor], shadow: Shadow) -> list[SlotWorth]:
    """Groups of mentors by what one more place there adds, the most valuable first in each grouping."""
    return [worth for name, group_of in GROUPINGS.items() for worth in _by_group(mentors, name, group_of, shadow)]


def _by_group(
    mentors: Sequence[Mentor], grouping: str, group_of: Callable[[Mentor], str], shadow: Shadow
) -> list[SlotWorth]:
    names, number = np.unique([group_of(mentor) for mentor in mentors], return_inverse=True)
    size = np.bincount(number, minlength=len(names))
    coverage, total = (np.bincount(number, worth, len(names)) / size for worth in (shadow.coverage, shadow.total))
    found = [
        SlotWorth(grouping=grouping, group=str(name), mentors=int(size[n]), coverage=coverage[n], total=total[n])
        for n, name in enumerate(names) if name
    ]  # fmt: skip
    return sorted(found, key=lambda w: (-w.coverage, -w.total, w.group))[:MOST_GROUPS]
