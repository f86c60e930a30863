"""Score sources for plain numbers: a dense matrix, a sparse matrix, or two factor matrices."""

import hashlib
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from services.matcher.assignment.jit import compiled
from services.matcher.assignment.likeness import order_by_likeness
from services.matcher.assignment.parallel import in_parallel
from services.matcher.assignment.problem import Float32, Float64, Int64, ProblemError
from services.matcher.assignment.scanning import TILE

if TYPE_CHECKING:
    from scipy import sparse

CHUNK = 20_000
NEVER32 = np.float32(-np.inf)


def _refuse(bad: NDArray[np.bool_], what: str) -> None:
    if bad.any():
        place = ", ".join(str(int(axis[0])) for axis in np.nonzero(bad))
        raise ProblemError(f"{what} at ({place}) is not a finite number")


def _digest(*arrays: NDArray[Any]) -> bytes:
    digest = hashlib.blake2b(digest_size=32)
    for array in arrays:
        digest.update(f"{array.dtype}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.digest()


class DenseScores:
    """A matrix of scores [rows, mentors]; -inf marks a pair that is not eligible."""

    def __init__(self, matrix: NDArray[np.floating]) -> None:
        self.matrix = np.ascontiguousarray(matrix, dtype=np.float64)
        if self.matrix.ndim != 2:
            raise ProblemError("scores must be a matrix of rows by mentors")
        _refuse(np.isnan(self.matrix) | np.isposinf(self.matrix), "the score")
        self.rows, self.mentors = self.matrix.shape
        finite = self.matrix[np.isfinite(self.matrix)]
        self.tolerance = 2e-6 + 2e-7 * float(np.abs(finite).max(initial=0))

    def block(self, start: int, stop: int) -> Float32:
        return self.matrix[start:stop].astype(np.float32)

    def exact(self, rows: NDArray[np.integer], mentors: NDArray[np.integer]) -> Float64:
        return np.asarray(self.matrix[rows, mentors], np.float64)

    def fingerprint(self) -> bytes:
        return _digest(self.matrix)


class SparseScores:
    """A SciPy sparse matrix [rows, mentors]: stored entries (zeros too) are eligible, all others are not."""

    def __init__(self, matrix: "sparse.csr_matrix | sparse.csr_array") -> None:
        self.matrix = matrix.tocsr().copy()
        self.matrix.sum_duplicates()
        self.matrix.sort_indices()
        self.rows, self.mentors = self.matrix.shape
        self.indptr: Int64 = self.matrix.indptr.astype(np.int64)
        self.indices: Int64 = self.matrix.indices.astype(np.int64)
        self.values: Float64 = self.matrix.data.astype(np.float64)
        _refuse(~np.isfinite(self.values), "the stored score")
        self.keys = np.repeat(np.arange(self.rows), np.diff(self.indptr)) * self.mentors + self.indices
        self.tolerance = 2e-6 + 2e-7 * float(np.abs(self.values).max(initial=0))

    def block(self, start: int, stop: int) -> Float32:
        block = np.full((stop - start, self.mentors), NEVER32)
        span = slice(self.indptr[start], self.indptr[stop])
        rows = np.repeat(np.arange(stop - start), np.diff(self.indptr[start : stop + 1]))
        block[rows, self.indices[span]] = self.values[span]
        return block

    def exact(self, rows: NDArray[np.integer], mentors: NDArray[np.integer]) -> Float64:
        wanted = np.asarray(rows, np.int64) * self.mentors + mentors
        scores = np.full(len(wanted), -np.inf)
        if len(self.keys):
            at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
            found = self.keys[at] == wanted
            scores[found] = self.values[at[found]]
        return scores

    def pairs(self) -> tuple[Int64, Float64]:
        """Every eligible pair as row · mentors + mentor (ascending) and its score."""
        return self.keys, self.values

    def fingerprint(self) -> bytes:
        return _digest(np.array([self.rows, self.mentors]), self.keys, self.values)


class FactorScores:
    """Scores U · Vᵀ for U float32[rows, d] and V float32[mentors, d]; with `clip0` never below zero."""

    def __init__(self, left: Float32, right: Float32, *, clip0: bool = False) -> None:
        self.left = np.ascontiguousarray(left, dtype=np.float32)
        self.right = np.ascontiguousarray(right, dtype=np.float32)
        if self.left.ndim != 2 or self.right.ndim != 2 or self.left.shape[1] != self.right.shape[1]:
            raise ProblemError(f"the vectors' shapes {self.left.shape}, {self.right.shape} do not fit together")
        _refuse(~np.isfinite(self.left), "the mentee vector")
        _refuse(~np.isfinite(self.right), "the mentor vector")
        self.rows, self.mentors = len(self.left), len(self.right)
        self.clip0 = clip0
        lengths = np.sqrt(np.float64(max(_longest(self.left), 0)) * max(_longest(self.right), 0))
        # A float32 dot product of n terms errs by at most n·2⁻²⁴·|u||v| (Higham, Accuracy and Stability, § 3.1).
        self.tolerance = (2e-6 + self.left.shape[1] * 2.0**-24) * max(1.0, float(lengths))

    @property
    def factors(self) -> tuple[Float32, Float32]:
        return self.left, self.right

    def block(self, start: int, stop: int) -> Float32:
        return self.tile(slice(start, stop), slice(None))

    def tile(self, rows: slice | NDArray[np.integer], mentors: slice | NDArray[np.integer]) -> Float32:
        scores = self.left[rows] @ self.right[mentors].T
        return np.maximum(scores, 0, out=scores) if self.clip0 else scores

    def narrowed(self, rows: NDArray[np.integer], mentors: NDArray[np.integer]) -> "FactorScores":
        """The same scores for some rows and mentors only."""
        return FactorScores(self.left[rows], self.right[mentors], clip0=self.clip0)

    @cached_property
    def arranged(self) -> "tuple[Int64, FactorScores]":
        """An order of the mentors in which neighbors are alike, and the same scores in that order."""
        order = order_by_likeness(self.right, TILE)
        source = copy(self)
        source.right = self.right[order]
        return order, source

    def exact(self, rows: NDArray[np.integer], mentors: NDArray[np.integer]) -> Float64:
        scores = np.empty(len(rows))
        named, met = np.asarray(rows, np.int64), np.asarray(mentors, np.int64)
        spans = [slice(start, start + CHUNK) for start in range(0, len(rows), CHUNK)]
        in_parallel(lambda at: _dot_pairs(self.left, self.right, named[at], met[at], scores[at]), spans)
        return np.maximum(scores, 0, out=scores) if self.clip0 else scores

    def fingerprint(self) -> bytes:
        return _digest(self.left, self.right, np.array([self.clip0]))


def _longest(vectors: Float32) -> float:
    return float(np.einsum("ij,ij->i", vectors, vectors).max(initial=0))


@compiled
def _dot_pairs(left: Float32, right: Float32, rows: Int64, mentors: Int64, out: Float64) -> None:
    """Float64 dot products in one fixed order of summation, so that every machine gets the same integer."""
    width = left.shape[1]
    whole = width - width % 8
    for k in range(len(rows)):
        a, b = left[rows[k]], right[mentors[k]]
        sums = np.zeros(8)
        for start in range(0, whole, 8):
            for lane in range(8):
                sums[lane] += np.float64(a[start + lane]) * np.float64(b[start + lane])
        for rest in range(whole, width):
            sums[rest - whole] += np.float64(a[rest]) * np.float64(b[rest])
        out[k] = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]))


__all__ = ["DenseScores", "FactorScores", "SparseScores"]
