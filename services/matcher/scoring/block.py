"""Scores of a block of rows against every mentor: a matrix product, then compiled passes over its result.

Meaning is the matrix product; hours are counted in bits; stage, style and specialty are look-ups in small tables;
tokens and words, being sparse, are spread from lists of mentors per token. Work goes in tiles of mentors that stay in
the processor's cache. Everything is float32.
"""

import hashlib
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from services.matcher.scoring.block_kernel import score_rows
from services.matcher.scoring.block_sides import RowSide, mentee_side, mentor_side, tables
from shared.explanations.features import FEATURES, Feature

if TYPE_CHECKING:
    from services.matcher.scoring.national import NationalScores

MENTORS_PER_TILE = 8192
STATEMENTS_PER_TILE = 512


class BlockScores:
    """Prepares the arrays once; calling it scores a range of rows."""

    def __init__(self, scores: "NationalScores") -> None:
        self._rows = RowSide(scores.owner, scores.stage.row_code, scores.asks_specialty,
                             scores.weights.astype(np.float32))
        self._mentees, self._mentors = scores.interest.mentees, scores.interest.mentors
        self._meaning = bool(scores.weights[:, FEATURES.index(Feature.INTEREST)].any())
        self._width = scores.mentors
        self._tiles = [slice(at, min(at + MENTORS_PER_TILE, self._width))
                       for at in range(0, self._width, MENTORS_PER_TILE)]
        self._left, self._tables = mentee_side(scores), tables(scores)
        self._right = [mentor_side(scores, tile) for tile in self._tiles]

    def fingerprint(self) -> bytes:
        """A hash of everything that scores are made of."""
        digest = hashlib.blake2b(digest_size=32)
        sides = [part for side in (self._rows, self._left, self._tables, *self._right) for part in side]
        for part in (self._mentees.vectors, self._mentors.vectors, *sides):
            digest.update(f"{np.asarray(part).dtype}{np.shape(part)}".encode())
            digest.update(np.ascontiguousarray(part).tobytes())
        return digest.digest()

    def __call__(self, start: int, stop: int) -> NDArray[np.float32]:
        """float32[stop − start, mentors]."""
        scores = np.empty((stop - start, self._width), np.float32)
        for first, last in self._row_tiles(start, stop):
            for tile, right in zip(self._tiles, self._right, strict=True):
                similar, offset = self._similar(first, last, tile)
                score_rows(first, similar, offset, self._rows, self._left, right, self._tables,
                           scores[first - start : last - start, tile])
        return scores

    def _row_tiles(self, start: int, stop: int) -> list[tuple[int, int]]:
        """Ranges of rows with about STATEMENTS_PER_TILE statements."""
        per_mentee = len(self._mentees.vectors) / max(self._mentees.people, 1)
        step = max(1, int(STATEMENTS_PER_TILE / max(per_mentee, 1.0)))
        return [(at, min(at + step, stop)) for at in range(start, stop, step)]

    def _similar(self, first: int, last: int, tile: slice) -> tuple[NDArray[np.float32], int]:
        """Dot products float32[statements of these rows, those of these mentors], and the first statement's number."""
        if not self._meaning:
            return np.zeros((0, 0), np.float32), 0
        begin = int(self._mentees.start[self._rows.owner[first]])
        end = int(self._mentees.start[self._rows.owner[last - 1] + 1])
        theirs = slice(int(self._mentors.start[tile.start]), int(self._mentors.start[tile.stop]))
        return self._mentees.vectors[begin:end] @ self._mentors.vectors[theirs].T, begin
