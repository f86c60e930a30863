"""What would change a made match: by how much which pair would have to score better, and how it could."""

from dataclasses import dataclass

import numpy as np

from services.matcher.assignment.certificate import Certificate, CertificateError, hash_inputs
from services.matcher.assignment.instance import NEVER, Instance, pair_weights
from services.matcher.assignment.pricing import reduced_values
from services.matcher.tables.case import Case
from shared.explanations.features import FEATURES, Feature

MOST = 5


@dataclass(frozen=True)
class Alternative:
    """A mentor that a slot could have: what the pair scores, and how many points more it would need at least.

    `by` are the features that could bring them, each with what it could add at most; empty where none alone could.
    `needed` is 0 where the pair lacks nothing at the proven prices: any gain could bring it, or another order of ties.
    """

    mentor: str
    score: float
    needed: float
    by: tuple[tuple[Feature, float], ...]


@dataclass(frozen=True)
class Slot:
    """A slot of a mentee, the mentor it got, and the alternatives, the nearest first."""

    number: int
    mentor: str | None
    score: float | None
    alternatives: tuple[Alternative, ...]


def what_would_change(case: Case, certificate: Certificate, mentee: int) -> list[Slot]:
    """The slots of a mentee with the alternatives to what they got.

    A made match stays the best in total (at its floor) as long as no pair gains more than it falls short of its
    prices; so each shortfall is the least by which that pair alone would have to score better. With leximin the
    total does not decide, and nothing is told. Raises
    CertificateError where the certificate belongs to other inputs.
    """
    if certificate.inputs != hash_inputs(case.problem):
        raise CertificateError("the certificate was made for other people, policy or scores")
    instance = Instance(case.problem, certificate.rules)
    return [_slot(case, instance, certificate, int(row)) for row in np.flatnonzero(case.owner == mentee)]


def _slot(case: Case, instance: Instance, certificate: Certificate, row: int) -> Slot:
    made = int(certificate.mentor[row])
    names = [m.id for m in case.mentors.persons]
    score = int(certificate.score[row]) / certificate.rules.scale if made >= 0 else None
    told = instance.active[row] and not certificate.rules.is_leximin
    others = tuple(_alternatives(case, instance, certificate, row)) if told else ()
    return Slot(int(case.slot[row]), names[made] if made >= 0 else None, score, others)


def _alternatives(case: Case, instance: Instance, certificate: Certificate, row: int) -> list[Alternative]:
    """The mentors that lack least, but for the one that was given and those the mentee has in other slots."""
    mentors = np.arange(instance.mentors)
    rows = np.full(len(mentors), row)
    points, objective = instance.points(rows, mentors), certificate.total.objective
    weights = pair_weights(points, rows, objective, instance.row_bonus(objective))
    lacking = -reduced_values(instance, weights, rows, mentors, certificate.total.prices)
    given = certificate.mentor[case.owner == case.owner[row]]
    possible = np.flatnonzero((weights != NEVER) & ~np.isin(mentors, given))
    nearest = possible[np.lexsort((possible, lacking[possible]))][:MOST]
    return [
        Alternative(case.mentors.persons[mentor].id, float(points[mentor]) / instance.unit,
                    float(lacking[mentor]) / instance.unit, _room(case, row, mentor, lacking[mentor] / instance.unit))
        for mentor in nearest.tolist()
    ]


def _room(case: Case, row: int, mentor: int, needed: float) -> tuple[tuple[Feature, float], ...]:
    """The features that could add what is needed, the roomiest first."""
    scores = case.explained
    if scores is None or needed <= 0:
        return ()
    at = np.array([row]), np.array([mentor])
    left = scores.weights[row] * (1 - scores.features(*at)[0])
    order = [n for n in np.argsort(-left, kind="stable").tolist() if left[n] >= needed]
    return tuple((FEATURES[n], float(left[n])) for n in order)
