"""Shared experience and different perspective: equality of keyed tokens, and nothing else about identity.

Only an exactly equal token counts, never an umbrella above it (Toronto Diversity Mentorship Program: pairs that
were matched by a broad category did not feel that they shared anything).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.matcher.scoring.kernel import shared_tokens
from services.matcher.scoring.people import Mentee, Mentor

MOST_IMPORTANT = 3


class SharedExperience:
    """Tokens of both sides as compressed rows with ascending numbers.

    `care` float64[mentees] is the greatest importance a mentee gave, as a share of the highest possible: it scales
    the weight of the feature, so that somebody who cares a little is moved a little.
    """

    def __init__(self, mentees: Sequence[Mentee], mentors: Sequence[Mentor]) -> None:
        offered = {token for mentor in mentors for token in mentor.tokens}
        self.number = {token: n for n, token in enumerate(sorted(offered))}
        self.mentor_count = np.array([len(m.tokens) for m in mentors], np.float64)
        self.mentor_start, self.mentor_token = self._mentor_rows(mentors)
        self.face(mentees)

    def face(self, mentees: Sequence[Mentee]) -> None:
        """Take these mentees instead."""
        total = [sum(m.tokens.values()) for m in mentees]
        self.total = np.array(total, np.float64)
        self.care = np.array([max(m.tokens.values(), default=0) for m in mentees]) / MOST_IMPORTANT
        self.total_count = np.array([len(m.tokens) for m in mentees], np.int64)
        self.wishes_difference = np.array([m.different_perspective for m in mentees], np.bool_)
        self.mentee_start, self.mentee_token, self.importance = self._mentee_rows(mentees)

    def shared(self, mentees: NDArray[np.int64], mentors: NDArray[np.int64]) -> NDArray[np.float64]:
        """float64[k] in [0, 1]: the share of the mentee's importance that the mentor shares exactly."""
        importance, _ = self._sums(mentees, mentors)
        return importance / np.maximum(self.total[mentees], 1.0)

    def count(self, mentees: NDArray[np.int64], mentors: NDArray[np.int64]) -> NDArray[np.int64]:
        """int64[k]: how many experiences are shared."""
        return self._sums(mentees, mentors)[1].astype(np.int64)

    def different(self, mentees: NDArray[np.int64], mentors: NDArray[np.int64]) -> NDArray[np.float64]:
        """float64[k] in [0, 1]: the share of the mentor's experiences that the mentee does not have.

        A mentor who opted in to none has said nothing that could differ: 0.
        """
        _, count = self._sums(mentees, mentors)
        said = self.mentor_count[mentors]
        return np.where(said > 0, 1.0 - count / np.maximum(said, 1.0), 0.0)

    def _sums(self, mentees: NDArray[np.int64], mentors: NDArray[np.int64]
              ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return shared_tokens(mentees, mentors, self.mentee_start, self.mentee_token, self.importance,
                             self.mentor_start, self.mentor_token)

    def _mentee_rows(self, mentees: Sequence[Mentee]
                     ) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]:
        rows = [sorted((self.number[t], i) for t, i in m.tokens.items() if t in self.number) for m in mentees]
        start = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
        flat = [pair for row in rows for pair in row]
        return start, np.array([p[0] for p in flat], np.int32), np.array([p[1] for p in flat], np.float64)

    def _mentor_rows(self, mentors: Sequence[Mentor]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        rows = [sorted(self.number[t] for t in m.tokens) for m in mentors]
        start = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
        return start, np.array([token for row in rows for token in row], np.int32)
