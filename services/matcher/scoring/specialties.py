"""Specialty: the best agreement of two ranked lists of specialties, with nearness in the taxonomy.

A mentee's first specialty counts full and each further one a little less; so does a mentor's. Naming more of them
never lowers an agreement and never raises it above that of the best pair.
"""

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from services.matcher.scoring.people import Mentee, Mentor, Person
from shared.vocabulary.specialties import SPECIALTIES, nearness

NEIGHBOR = 0.5
RANK_LOSS, LEAST_RANK_WEIGHT = 0.15, 0.4


def rank_weight(rank: int) -> float:
    """1, 0.85, 0.7, … and never less than 0.4."""
    return max(LEAST_RANK_WEIGHT, 1.0 - RANK_LOSS * rank)


def near(one: str, other: str) -> float:
    """Nearness in the taxonomy; a specialty that the taxonomy lacks is near itself only."""
    if one in SPECIALTIES and other in SPECIALTIES:
        return nearness(one, other)
    return float(one == other)


class SpecialtyOverlap:
    """The specialty feature for all pairs.

    `wish` float64[mentee lists, specialties + 1]: what a mentor's specialty is worth to each distinct list (last
    column 0), `near_wish` which of them are the same or neighbors; `mentor_specialty` and `mentor_weight`
    [mentors, w]: the mentor's list, padded with that column.
    """

    def __init__(self, mentees: Sequence[Mentee], mentors: Sequence[Mentor]) -> None:
        names = sorted(SPECIALTIES.keys() | {s for p in [*mentees, *mentors] for s in p.specialties})
        self._code = {name: n for n, name in enumerate(names)}
        self._near = _nearness(tuple(names))
        self.mentor_named = np.array([bool(m.specialties) for m in mentors], np.bool_)
        self.mentor_specialty, self.mentor_weight = _padded(mentors, self._code)
        self.face(mentees)

    def face(self, mentees: Sequence[Mentee]) -> None:
        """Take these mentees instead; a specialty that is new here is near nobody's."""
        lists = {wanted: n for n, wanted in enumerate(sorted({m.specialties for m in mentees}))}
        self.named = np.array([bool(m.specialties) for m in mentees], np.bool_)
        self.mentee_list = np.array([lists[m.specialties] for m in mentees], np.int32)
        self.wish = self._wishes(list(lists), rank_weight)
        self.near_wish = self._wishes(list(lists), lambda _: 1.0) >= NEIGHBOR

    def _wishes(self, lists: list[tuple[str, ...]], weight: Callable[[int], float]) -> NDArray[np.float64]:
        wishes = np.zeros((max(len(lists), 1), len(self._code) + 1))
        for n, wanted in enumerate(lists):
            for rank, name in enumerate(wanted):
                if name in self._code:
                    wishes[n, :-1] = np.maximum(wishes[n, :-1], weight(rank) * self._near[self._code[name]])
        return wishes

    def values(self, mentees: NDArray[np.int64], mentors: NDArray[np.int64]) -> NDArray[np.float64]:
        """float64[k] in [0, 1]: the best of rank weight × nearness × rank weight over both lists."""
        wish = self.wish[self.mentee_list[mentees][:, None], self.mentor_specialty[mentors]]
        best: NDArray[np.float64] = (wish * self.mentor_weight[mentors]).max(axis=1)
        return best

    def foreign(self, mentees: NDArray[np.int64], mentors: NDArray[np.int64]) -> NDArray[np.bool_]:
        """bool[k]: both named specialties, and none of the mentor's is the same as or a neighbor of a wished one."""
        near = self.near_wish[self.mentee_list[mentees][:, None], self.mentor_specialty[mentors]].any(axis=1)
        foreign: NDArray[np.bool_] = self.named[mentees] & self.mentor_named[mentors] & ~near
        return foreign


@cache
def _nearness(names: tuple[str, ...]) -> NDArray[np.float64]:
    return np.array([[near(one, other) for other in names] for one in names]).reshape(len(names), -1)


def _padded(people: Sequence[Person], code: dict[str, int]) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    width = max([len(p.specialties) for p in people], default=0) or 1
    specialty = np.full((len(people), width), len(code), np.int32)
    weight = np.zeros((len(people), width))
    for n, person in enumerate(people):
        for rank, name in enumerate(person.specialties):
            specialty[n, rank] = code[name]
            weight[n, rank] = rank_weight(rank)
    return specialty, weight
