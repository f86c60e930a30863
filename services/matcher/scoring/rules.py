"""Hard rules: who can be matched with whom at all, and why not.

A rule is broken only by what is known: a person who did not say where they train is at no one's institution.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

from services.matcher.policy import HardRules
from services.matcher.scoring.people import Mentee, Mentor, Person


class WhyNot(IntFlag):
    """The rules that a pair breaks, as bits."""

    KIND = 1
    EVALUATOR = 2
    BLOCKED = 4
    SAME_PERSON = 8
    SITE = 16
    LANGUAGE = 32
    HOURS = 64
    MENTEE_NOT_READY = 128
    MENTOR_NOT_READY = 256
    SPECIALTY = 512


class Exclusions:
    """Pairs that must never meet in a match, as compressed rows: mentee → mentors, with the reason."""

    def __init__(self, mentees: Sequence[Mentee], mentors: Sequence[Mentor]) -> None:
        self._mentors = len(mentors)
        self._mentor_at = {m.id: n for n, m in enumerate(mentors)}
        self._of_mentee: dict[str, list[tuple[int, WhyNot]]] = defaultdict(list)
        self._of_account: dict[str, list[int]] = defaultdict(list)
        for j, mentor in enumerate(mentors):
            for other in mentor.blocked:
                self._of_mentee[other].append((j, WhyNot.BLOCKED))
            for other in mentor.evaluates:
                self._of_mentee[other].append((j, WhyNot.EVALUATOR))
            if mentor.account:
                self._of_account[mentor.account].append(j)
        self.face(mentees)

    def face(self, mentees: Sequence[Mentee]) -> None:
        """Take these mentees instead."""
        found: dict[tuple[int, int], WhyNot] = {}
        for i, mentee in enumerate(mentees):
            for j, why in self._excluded(mentee):
                found[i, j] = found.get((i, j), WhyNot(0)) | why
        ordered = sorted(found)
        self.mentor = np.array([pair[1] for pair in ordered], np.int64)
        self.reason = np.array([found[pair] for pair in ordered], np.int64)
        self.start = np.searchsorted(np.array([pair[0] for pair in ordered]), np.arange(len(mentees) + 1))
        self._key = np.array([pair[0] * (self._mentors + 1) + pair[1] for pair in ordered], np.int64)

    def _excluded(self, mentee: Mentee) -> Iterator[tuple[int, WhyNot]]:
        yield from self._of_mentee.get(mentee.id, ())
        yield from ((self._mentor_at[other], WhyNot.BLOCKED) for other in mentee.blocked if other in self._mentor_at)
        yield from ((j, WhyNot.SAME_PERSON) for j in self._of_account.get(mentee.account, ()))

    def reasons(self, mentees: NDArray[np.int64], mentors: NDArray[np.int64]) -> NDArray[np.int64]:
        """int64[k]: WhyNot bits of each pair (0: may meet)."""
        if not len(self._key):
            return np.zeros(len(mentees), np.int64)
        key = mentees * (self._mentors + 1) + mentors
        at = np.minimum(np.searchsorted(self._key, key), len(self._key) - 1)
        return np.where(self._key[at] == key, self.reason[at], 0)


def ready(people: Sequence[Person], rules: HardRules) -> NDArray[np.bool_]:
    """bool[people]: training done and pledge signed, as far as the program asks for it."""
    return np.array([(p.trained or not rules.training) and (p.pledged or not rules.pledge) for p in people], np.bool_)
