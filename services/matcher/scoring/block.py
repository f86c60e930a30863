"""Scores of rows against a range of mentors: a matrix product, then compiled passes over its result.

Meaning is the matrix product; hours are counted in bits; stage, style and specialty are look-ups in small tables;
tokens and words, being sparse, are spread from lists of mentors per token. Work goes in tiles that stay in the
processor's cache. Everything is float32.
"""

import hashlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.matcher.scoring.block_kernel import score_rows
from services.matcher.scoring.block_sides import Index, RowSide, mentee_side, mentor_side, tables, taken
from shared.explanations.features import FEATURES, Feature

if TYPE_CHECKING:
    from services.matcher.scoring.national import NationalScores

STATEMENTS_PER_PRODUCT = 512
MENTORS_PER_PRODUCT = 8192
Floats = NDArray[np.float32]


class Asking(NamedTuple):
    """Rows, and where the statements of each begin among the vectors of these rows' mentees."""

    rows: Index
    begin: Index
    vectors: Floats


class BlockScores:
    """Prepares the arrays of some mentors once; calling it scores any rows against a range of them."""

    def __init__(self, scores: "NationalScores", chosen: Index | None = None) -> None:
        everybody = np.arange(scores.mentors)
        mentors = scores.interest.mentors
        self._rows = RowSide(scores.owner, scores.stage.row_code, scores.asks_specialty,
                             scores.weights.astype(np.float32))
        self._mentees = scores.interest.mentees
        self._meaning = bool(scores.weights[:, FEATURES.index(Feature.INTEREST)].any())
        self._left, self._tables = mentee_side(scores), tables(scores)
        self._right = mentor_side(scores, everybody if chosen is None else chosen)
        self._vectors = mentors.vectors
        self._fits: dict[tuple[int, int], NDArray[np.bool_]] = {}
        if chosen is not None:
            self._vectors = mentors.vectors[taken(mentors.start, chosen)[1]]
            start, excluded = _renumbered(self._left.excluded_start, self._left.excluded, chosen, scores.mentors)
            self._left = self._left._replace(excluded_start=start, excluded=excluded)

    @property
    def mentors(self) -> int:
        return len(self._right.wrote)

    def fingerprint(self) -> bytes:
        """A hash of everything that scores are made of."""
        digest = hashlib.blake2b(digest_size=32)
        sides = [part for side in (self._rows, self._left, self._tables, self._right) for part in side]
        for part in (self._mentees.vectors, self._vectors, *sides):
            digest.update(f"{np.asarray(part).dtype}{np.shape(part)}".encode())
            digest.update(np.ascontiguousarray(part).data)
        return digest.digest()

    def __call__(self, rows: Index, first: int, last: int) -> Floats:
        """float32[rows, last − first]."""
        scores = np.empty((len(rows), last - first), np.float32)
        step = self._rows_per_product()
        for at in range(0, len(rows), step):
            asking = self._asking(rows[at : at + step])
            for a in range(first, last, MENTORS_PER_PRODUCT):
                b = min(a + MENTORS_PER_PRODUCT, last)
                self._fill(asking, a, b, scores[at : at + step, a - first : b - first])
        return scores

    def _fill(self, asking: Asking, first: int, last: int, scores: Floats) -> None:
        """The scores of a range of mentors; rows whose kind and stage none of them fits are left out of the product."""
        fits = self._fitting(first, last)[self._rows.code[asking.rows]]
        if fits.all():
            self._score(asking, first, last, scores)
            return
        scores[:] = -np.inf
        if fits.any():
            some = np.empty((int(fits.sum()), last - first), np.float32)
            self._score(self._asking(asking.rows[fits]), first, last, some)
            scores[fits] = some

    def _score(self, asking: Asking, first: int, last: int, scores: Floats) -> None:
        score_rows(asking.rows, asking.begin, self._similar(asking.vectors, first, last), first, last, self._rows,
                   self._left, self._right, self._tables, scores)

    def _fitting(self, first: int, last: int) -> NDArray[np.bool_]:
        """bool[row codes]: which kinds and stages of rows any mentor of a range fits."""
        if (first, last) not in self._fits:
            offers = np.unique(self._right.offer[first:last])
            self._fits[first, last] = np.any(self._tables.stage[:, offers] > -np.inf, axis=1)
        return self._fits[first, last]

    def _rows_per_product(self) -> int:
        per_mentee = len(self._mentees.vectors) / max(self._mentees.people, 1)
        return max(1, int(STATEMENTS_PER_PRODUCT / max(per_mentee, 1.0)))

    def _asking(self, rows: Index) -> Asking:
        if not self._meaning:
            return Asking(rows, np.zeros(len(rows), np.int64), self._mentees.vectors[:0])
        owners, place = np.unique(self._rows.owner[rows], return_inverse=True)
        begin, entries = taken(self._mentees.start, owners.astype(np.int64))
        return Asking(rows, begin[place], self._mentees.vectors[entries])

    def _similar(self, vectors: Floats, first: int, last: int) -> Floats:
        """Dot products float32[statements of the rows, statements of the mentors]."""
        start = self._right.statement_start
        similar: Floats = vectors @ self._vectors[start[first] : start[last]].T
        return similar


def _renumbered(start: Index, excluded: Index, chosen: Index, mentors: int) -> tuple[Index, Index]:
    """Excluded mentors of each mentee by their place among the chosen ones."""
    place = np.full(mentors, -1)
    place[chosen] = np.arange(len(chosen))
    kept = place[excluded] >= 0
    counted = np.concatenate([[0], np.cumsum(kept)])
    return counted[start].astype(np.int64), place[excluded][kept].astype(np.int64)
