"""Some rows and mentors of a score source, in an order of their own: samples, and mentors next to their like."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from services.matcher.scoring.block import BlockScores
from services.matcher.scoring.block_sides import Index

if TYPE_CHECKING:
    from services.matcher.scoring.national import NationalScores

Rows = slice | NDArray[np.integer]


class PartScores:
    """Chosen rows and mentors of `whole` (int64 places there); a score source like the whole."""

    def __init__(self, whole: "NationalScores", rows: Index, mentors: Index) -> None:
        self.whole, self.row, self.mentor = whole, rows, mentors
        self.rows, self.mentors, self.tolerance = len(rows), len(mentors), whole.tolerance
        self._blocks = BlockScores(whole, mentors)

    def block(self, start: int, stop: int) -> NDArray[np.float32]:
        return self._blocks(self.row[start:stop], 0, self.mentors)

    def tile(self, rows: Rows, mentors: slice) -> NDArray[np.float32]:
        first, last, _ = mentors.indices(self.mentors)
        return self._blocks(self.row[rows], first, last)

    def narrowed(self, rows: NDArray[np.integer], mentors: NDArray[np.integer]) -> "PartScores":
        return PartScores(self.whole, self.row[rows], self.mentor[mentors])

    def exact(self, rows: NDArray[np.integer], mentors: NDArray[np.integer]) -> NDArray[np.float64]:
        return self.whole.exact(self.row[rows], self.mentor[mentors])
