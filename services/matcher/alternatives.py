"""The mentors that each place of a solved match could have had instead, the cheapest first."""

import numpy as np

from services.matcher.assignment.instance import Instance, pair_weights
from services.matcher.assignment.pricing import reduced_values
from services.matcher.assignment.problem import Int64, Problem
from services.matcher.assignment.solution import Solution

MOST = 6


def alternatives(problem: Problem, solution: Solution, most: int = MOST) -> dict[int, list[tuple[int, float, float]]]:
    """Per row up to `most` (mentor, score, points that it costs at least), from the run's candidate pairs.

    A matching that holds pair (i, j), matches as many rows and keeps the floor is worth at most the bound less the
    pair's slack, u_i + p_j + v_ij − w_ij (weak duality: docs/matching.md, lemma 1); what the solution itself lacks
    of the bound (a run that explores) is no cost. Pinned rows have none.
    """
    instance, proof = Instance(problem, solution.rules), solution.total_proof
    rows, mentors = np.divmod(solution.candidates, max(instance.mentors, 1))
    points = solution.candidate_points
    weights = pair_weights(points, rows, proof.objective, instance.row_bonus(proof.objective))
    slack = -reduced_values(instance, weights, rows, mentors, proof.prices)
    other = (solution.mentor[rows] != mentors) & (points >= proof.objective.threshold) & instance.active[rows]
    other &= instance.capacity[mentors] > 0
    order = np.lexsort((mentors, slack, rows))
    chosen = _first_of_each(rows[order][other[order]], most)
    found: dict[int, list[tuple[int, float, float]]] = {}
    for n in order[other[order]][chosen]:
        costs = max(float(slack[n]) / instance.unit - solution.gap, 0.0)
        told = (int(mentors[n]), float(points[n]) / instance.unit, costs)
        found.setdefault(int(rows[n]), []).append(told)
    return found


def _first_of_each(rows: Int64, most: int) -> Int64:
    """Places of the first `most` entries of each row (rows ascending)."""
    place = np.arange(len(rows)) - np.searchsorted(rows, rows)
    return np.flatnonzero(place < most)
