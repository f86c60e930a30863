"""Interest: how close what a mentee writes is to what a mentor writes.

Meaning: sentence embeddings; a person's statements stay several vectors and the three best pairs are averaged
(on published expertise ratings better than one best pair or the mean of all). Words: TF-IDF, since sentence models
miss the field's jargon. Both on the scale of the policy.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from services.matcher.interests.records import Interests, Statements
from services.matcher.interests.scale import Scale
from services.matcher.policy import InterestPolicy
from services.matcher.scoring.kernel import pooled_dots, shared_terms

Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]


class InterestSimilarity:
    """The interest feature for all pairs; `draw_sample` gives eligible pairs for the percentile scale."""

    def __init__(self, interests: Interests, policy: InterestPolicy, scale: Scale | None,
                 draw_sample: Callable[[], Pairs]) -> None:
        self._policy = policy
        self.mentors = self._pooled(interests.mentor_statements)
        self.mentor_terms = interests.mentor_terms
        self.face(interests)
        self.counts = policy.weight > 0 or any(policy.by_kind.values())
        self.scale = scale or self._scale(policy, draw_sample)

    def face(self, interests: Interests) -> None:
        """Take what these mentees wrote instead."""
        self.mentees, self.mentee_terms = self._pooled(interests.mentee_statements), interests.mentee_terms
        words = len(self.mentee_terms.term) and len(self.mentor_terms.term)
        self.lexical = self._policy.lexical if words else 0.0
        self.given = self.mentees.given

    def _pooled(self, statements: Statements) -> Statements:
        return _mean(statements) if self._policy.pool == "mean" else statements

    def similarity(self, mentees: NDArray[np.int64], mentors: NDArray[np.int64]) -> NDArray[np.float64]:
        """float64[k]: cosine of meaning and of words, mixed by the policy's share."""
        meaning = pooled_dots(mentees, mentors, self.mentees.vectors, self.mentees.start, self.mentees.border,
                              self.mentors.vectors, self.mentors.start, self.mentors.border)
        if not self.lexical:
            return meaning
        words = shared_terms(mentees, mentors, self.mentee_terms.start, self.mentee_terms.term,
                             self.mentee_terms.weight, self.mentor_terms.start, self.mentor_terms.term,
                             self.mentor_terms.weight)
        return (1.0 - self.lexical) * meaning + self.lexical * words

    def values(self, mentees: NDArray[np.int64], mentors: NDArray[np.int64]) -> NDArray[np.float64]:
        """float64[k] in [0, 1] on the scale; a mentor who wrote nothing earns 0."""
        if not self.counts:
            return np.zeros(len(mentees))
        return np.where(self.mentors.given[mentors], self.scale(self.similarity(mentees, mentors)), 0.0)

    def _scale(self, policy: InterestPolicy, draw_sample: Callable[[], Pairs]) -> Scale:
        if policy.scale == "cosine" or not self.counts:
            return Scale.cosine()
        mentees, mentors = draw_sample()
        wrote = self.mentees.given[mentees] & self.mentors.given[mentors]
        return Scale.percentile(self.similarity(mentees[wrote], mentors[wrote]))


def _mean(statements: Statements) -> Statements:
    """One vector per person, the mean (not of unit length): its dot products are means over all statement pairs."""
    given = statements.given
    sums = np.add.reduceat(statements.vectors.astype(np.float64), statements.start[:-1][given], axis=0) \
        if given.any() else np.zeros((0, statements.vectors.shape[1]))
    vectors = (sums / np.diff(statements.start)[given][:, None]).astype(np.float32)
    return Statements(vectors, np.concatenate([[0], np.cumsum(given)]).astype(np.int64))
