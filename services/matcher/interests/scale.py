"""Putting similarities on a scale that means something.

Percentile: 0.9 is closer than 90 % of the eligible pairs. The table is made once from a fixed sample of pairs and
kept with a run, so that a late arrival does not move everybody else.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

LEAST, MOST, CELLS = -1.0, 1.0, 2048


@dataclass(frozen=True, eq=False)
class Scale:
    """A monotone table: similarity −1 … 1 in equal cells → [0, 1], linear inside a cell.

    `table` float64[CELLS + 1].
    """

    table: NDArray[np.float64]

    @classmethod
    def cosine(cls) -> Self:
        """max(0, similarity)."""
        return cls(np.maximum(0.0, np.linspace(LEAST, MOST, CELLS + 1)))

    @classmethod
    def percentile(cls, sample: NDArray[np.float64]) -> Self:
        """The distribution of a sample of similarities; equal values share their middle rank."""
        if not len(sample):
            return cls.cosine()
        values, counts = np.unique(sample, return_counts=True)
        middle = (np.cumsum(counts) - counts / 2) / len(sample)
        grid = np.linspace(LEAST, MOST, CELLS + 1)
        return cls(np.interp(grid, values, middle, left=middle[0] / 2, right=(1 + middle[-1]) / 2))

    @property
    def steepest(self) -> float:
        """The greatest slope: how much an error of a similarity can grow."""
        return float(np.diff(self.table).max()) * CELLS / (MOST - LEAST)

    def __call__(self, similarity: NDArray[np.float64]) -> NDArray[np.float64]:
        at = np.clip((similarity - LEAST) * (CELLS / (MOST - LEAST)), 0.0, CELLS - 1e-9)
        cell = at.astype(np.int64)
        return self.table[cell] + (at - cell) * (self.table[cell + 1] - self.table[cell])
