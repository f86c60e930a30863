"""Stage: how well the distance of two career stages fits the kind of mentoring that a slot asks for.

Source: program practice (near-peers one to three years ahead, faculty further); the numbers are the policy's.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from services.matcher.policy import KindPolicy, Kinds, Policy
from services.matcher.scoring.people import Mentee, Mentor
from shared.vocabulary.mentoring import Kind
from shared.vocabulary.stages import FACULTY_STAGES, Stage

GIVEN_KINDS: tuple[Kind, ...] = (Kind.NEAR_PEER, Kind.FACULTY, Kind.SPECIALTY, Kind.REVERSE)
KINDS: tuple[Kind, ...] = tuple(Kind)
STAGES: tuple[Stage | None, ...] = (None, *Stage)
OFFERS = 1 << len(GIVEN_KINDS)
UNFIT = -np.inf


def fit(kind: Kind, mentee: Stage | None, mentor: Stage | None, rule: KindPolicy) -> float:
    """How well two stages suit a given kind, in [0, 1]; −inf where the kind forbids them, 0 if one is unknown."""
    if mentee is None or mentor is None:
        return 0.0
    if not _right_people(kind, mentee, mentor):
        return UNFIT
    gap = mentor.years - mentee.years
    if not rule.allowed[0] <= gap <= rule.allowed[1]:
        return UNFIT
    outside = max(rule.best[0] - gap, gap - rule.best[1], 0)
    return max(0.0, 1.0 - outside / rule.fade)


def _right_people(kind: Kind, mentee: Stage, mentor: Stage) -> bool:
    if kind is Kind.REVERSE:
        return mentee in FACULTY_STAGES and mentor not in FACULTY_STAGES
    if kind is Kind.FACULTY:
        return mentor in FACULTY_STAGES
    return kind is Kind.SPECIALTY or mentor not in FACULTY_STAGES


def best_kind(kind: Kind, mentee: Stage | None, mentor: Stage | None, offer: frozenset[Kind],
              rules: Kinds) -> tuple[float, Kind]:
    """The fit of a wanted kind with what a mentor offers, and the given kind that it would be.

    A wish for any kind becomes a specialty mentorship only where no other kind is possible: it promises a specialty.
    """
    wanted = [k for k in GIVEN_KINDS if k in offer and kind in {k, Kind.ANY}]
    fits = [(fit(k, mentee, mentor, rules[k]), k) for k in wanted]
    return max(fits, key=lambda f: (f[0] != UNFIT, f[1] is not Kind.SPECIALTY, f[0]), default=(UNFIT, kind))


class StageFit:
    """The stage feature for all pairs: a small table of (kind, mentee stage) × (mentor stage, kinds offered)."""

    def __init__(self, mentees: Sequence[Mentee], mentors: Sequence[Mentor], kinds: Sequence[Kind],
                 owner: NDArray[np.int32], policy: Policy) -> None:
        self.mentor_code = np.array([STAGES.index(m.stage) * OFFERS + _bits(m.offer) for m in mentors], np.int32)
        self.table, self.kind_table = _tables(policy.kinds)
        self.face(mentees, kinds, owner)

    def face(self, mentees: Sequence[Mentee], kinds: Sequence[Kind], owner: NDArray[np.int32]) -> None:
        """Take these mentees instead."""
        stage_of = {stage: n for n, stage in enumerate(STAGES)}
        mentee_stage = np.array([stage_of[m.stage] for m in mentees], np.int32)
        kind_of = np.array([KINDS.index(k) for k in kinds], np.int32)
        self.known = mentee_stage[owner] > 0
        self.row_code = kind_of * len(STAGES) + mentee_stage[owner]

    def values(self, rows: NDArray[np.int64], mentors: NDArray[np.int64]) -> NDArray[np.float64]:
        """float64[k]: the fit of each pair, −inf where kind or stage forbid it."""
        fits: NDArray[np.float64] = self.table[self.row_code[rows], self.mentor_code[mentors]]
        return fits

    def kinds(self, rows: NDArray[np.int64], mentors: NDArray[np.int64]) -> list[Kind]:
        """The kind that each pair's mentorship would be."""
        return [KINDS[k] for k in self.kind_table[self.row_code[rows], self.mentor_code[mentors]]]


def _bits(offer: frozenset[Kind]) -> int:
    return sum(1 << n for n, kind in enumerate(GIVEN_KINDS) if kind in offer)


def _offer(bits: int) -> frozenset[Kind]:
    return frozenset(kind for n, kind in enumerate(GIVEN_KINDS) if bits >> n & 1)


@lru_cache(maxsize=16)
def _tables(rules: Kinds) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """float64 and int64 [kinds × stages, stages × offers]: the fit, and the kind it would be."""
    offers = [_offer(bits) for bits in range(OFFERS)]
    best = [
        [best_kind(kind, mentee, mentor, offer, rules) for mentor in STAGES for offer in offers]
        for kind in KINDS for mentee in STAGES
    ]
    fits = np.array([[found[0] for found in line] for line in best])
    kinds = np.array([[KINDS.index(found[1]) for found in line] for line in best])
    return fits, kinds
