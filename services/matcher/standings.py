"""How each mentee fares in a solved match, for the fairness report; which groups they belong to, nobody here knows."""

from uuid import UUID

import numpy as np

from services.matcher.assignment.envy import standing
from services.matcher.assignment.problem import Problem
from services.matcher.assignment.solution import Solution
from services.matcher.loading import Cycle
from shared.models.base import Json


def standings_of(cycle: Cycle, problem: Problem, solution: Solution) -> list[Json]:
    """A row of `matching.mentee_standing` for each mentee who wishes for somebody."""
    owner, mentees = problem.owner, len(cycle.mentees)
    found, matched = standing(problem, solution), solution.mentor >= 0
    wanted, given = (np.bincount(rows, minlength=mentees) for rows in (owner, owner[matched]))
    scores = solution.score[matched] / solution.rules.scale
    total = np.bincount(owner[matched], scores, minlength=mentees)
    lowest = np.full(mentees, np.inf)
    np.minimum.at(lowest, owner[matched], scores)
    first, envies = (np.bincount(owner, flags, minlength=mentees) > 0 for flags in (found.first_choice, found.envies))
    return [
        {
            "mentee_id": UUID(cycle.mentees[n].id),
            "wanted": int(wanted[n]),
            "given": int(given[n]),
            "mean_score": float(total[n] / given[n]) if given[n] else None,
            "lowest_score": float(lowest[n]) if given[n] else None,
            "first_choice": bool(first[n]),
            "envies": bool(envies[n]),
        }
        for n in np.flatnonzero(wanted)
    ]
