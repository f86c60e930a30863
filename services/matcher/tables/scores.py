"""Scores or vectors that somebody already has: CSV pairs, NumPy matrices, SciPy sparse matrices."""

import math
import zipfile
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from services.matcher.interests.records import Vectors
from services.matcher.tables.columns import normalized
from services.matcher.tables.files import open_sheet
from services.matcher.tables.problems import Findings, TableError, Watch, unwatched

Missing = Literal["forbid", "zero"]
COLUMNS = {
    "mentee": ("mentee_id", "mentee", "trainee_id"),
    "mentor": ("mentor_id", "mentor"),
    "score": ("score", "affinity", "similarity", "weight"),
}
UNIT_TOLERANCE = 1e-3


def read_scores(
    path: Path, mentees: Sequence[str], mentors: Sequence[str], missing: Missing, watch: Watch = unwatched
) -> sparse.csr_array:
    """Scores [mentees, mentors]: stored entries are eligible.

    CSV `mentee_id,mentor_id,score`, a SciPy sparse matrix (.npz), or a dense one (.npy, .npz with one array; every
    entry eligible). `missing="zero"` makes pairs that are not given eligible with score 0. Raises TableError.
    """
    findings = Findings(path.name, watch)
    if path.suffix.lower() in {".npy", ".npz"}:
        matrix = _read_matrix(path, (len(mentees), len(mentors)), findings)
    else:
        matrix = PairReader(mentees, mentors, findings).read(path)
    if findings.problems:
        raise TableError(findings.problems)
    return _filled(matrix) if missing == "zero" else matrix


def read_vectors(path: Path, people: Sequence[str]) -> Vectors:
    """float32[people, d] of unit length (or zero: nothing known), rows in the order of the people's file.

    Raises TableError.
    """
    findings = Findings(path.name)
    vectors = _load(path, findings)
    if not isinstance(vectors, np.ndarray) or vectors.ndim != 2 or vectors.dtype.kind != "f":
        raise findings.stop(0, "", "should hold one matrix of floating-point numbers, a row per person")
    if len(vectors) != len(people):
        raise findings.stop(0, "", f"has {len(vectors)} rows for {len(people)} people")
    length = np.linalg.norm(vectors.astype(np.float64), axis=1)
    for row in np.flatnonzero(~(np.abs(length - 1) <= UNIT_TOLERANCE) & (length != 0)).tolist():
        findings.add(row + 1, "", f"the vector of {people[row]!r} has length {length[row]:.4g}, not 1")
    if findings.problems:
        raise TableError(findings.problems)
    return np.ascontiguousarray(vectors, dtype=np.float32)


def _load(path: Path, findings: Findings) -> Any:
    try:
        if path.suffix.lower() == ".npz":
            return _load_npz(path)
        return np.load(path, mmap_mode="r", allow_pickle=False)
    except FileNotFoundError:
        raise findings.stop(0, "", "there is no such file") from None
    except (ValueError, OSError, EOFError, zipfile.BadZipFile, KeyError) as error:
        said = "it holds something else" if "pickle" in str(error) else error  # NumPy would advise to load it anyway
        raise findings.stop(0, "", f"is not a readable NumPy file: {said}") from error


def _load_npz(path: Path) -> Any:
    with np.load(path, allow_pickle=False) as file:
        if "format" not in file.files:
            if len(file.files) != 1:
                raise ValueError(f"it holds {len(file.files)} arrays, expected one")
            return file[file.files[0]]
    return sparse.load_npz(path)


def _read_matrix(path: Path, shape: tuple[int, int], findings: Findings) -> sparse.csr_array:
    matrix = _load(path, findings)
    if tuple(matrix.shape) != shape:
        raise findings.stop(0, "", f"has shape {tuple(matrix.shape)}; expected {shape} (mentees, mentors)")
    if sparse.issparse(matrix):
        found = sparse.csr_array(matrix, dtype=np.float64)
        found.sum_duplicates()
    else:
        found = _dense(np.asarray(matrix, np.float64))
    coordinates = found.tocoo()
    for at in np.flatnonzero(~np.isfinite(coordinates.data)):
        row, column = int(coordinates.row[at]), int(coordinates.col[at])
        findings.add(row + 1, str(column + 1), f"{coordinates.data[at]} is not a finite number")
    return found


def _dense(matrix: NDArray[np.float64]) -> sparse.csr_array:
    """All entries stored, zeros too; −inf means not eligible."""
    rows, columns = np.nonzero(~np.isneginf(matrix))
    start = np.searchsorted(rows, np.arange(len(matrix) + 1))
    return sparse.csr_array((matrix[rows, columns], columns, start), shape=matrix.shape)


class PairReader:
    """Collects the pairs of a table of scores, and what is wrong with them."""

    def __init__(self, mentees: Sequence[str], mentors: Sequence[str], findings: Findings) -> None:
        self.shape = len(mentees), len(mentors)
        self._mentee = {name: n for n, name in enumerate(mentees)}
        self._mentor = {name: n for n, name in enumerate(mentors)}
        self._findings = findings
        self._keys, self._scores, self._lines = array("q"), array("d"), array("I")

    def read(self, path: Path) -> sparse.csr_array:
        """The matrix of a CSV or Excel file."""
        sheet = open_sheet(path, self._findings)
        places = _pair_columns(sheet.header, self._findings)
        names = tuple(sheet.header[at] for at in places)
        for row in sheet.rows:
            mentee, mentor, score = (row.cells[at] for at in places)
            self._take(row.line, names, (mentee, mentor, score))
        return self._matrix()

    def _take(self, line: int, names: tuple[str, ...], cells: tuple[str, str, str]) -> None:
        row, column, score = self._mentee.get(cells[0]), self._mentor.get(cells[1]), _number(cells[2])
        if row is not None and column is not None and math.isfinite(score):
            if self._findings.problems:
                return  # the file is refused: what is left is read for its problems only
            self._keys.append(row * self.shape[1] + column)
            self._scores.append(score)
            self._lines.append(line)
            return
        if row is None:
            self._findings.add(line, names[0], f"{cells[0]!r} is not an id of the mentees file")
        if column is None:
            self._findings.add(line, names[1], f"{cells[1]!r} is not an id of the mentors file")
        if not math.isfinite(score):
            self._findings.add(line, names[2], f"{cells[2]!r} is not a finite number")

    def _matrix(self) -> sparse.csr_array:
        """All pairs; one that stands twice is a problem."""
        if not self._keys:
            return sparse.csr_array(self.shape, dtype=np.float64)
        keys, lines = np.frombuffer(self._keys, np.int64), np.frombuffer(self._lines, np.uint32)
        order = np.argsort(keys, kind="stable")
        keys, lines = keys[order], lines[order]
        for n in np.flatnonzero(keys[1:] == keys[:-1]):
            self._findings.add(int(lines[n + 1]), "", f"gives the pair of line {int(lines[n])} once more")
        rows, columns = np.divmod(keys, self.shape[1])
        start = np.searchsorted(rows, np.arange(self.shape[0] + 1))
        return sparse.csr_array((np.frombuffer(self._scores)[order], columns, start), shape=self.shape)


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return math.nan


def _pair_columns(header: Sequence[str], findings: Findings) -> tuple[int, int, int]:
    keys = [normalized(name) for name in header]
    found = {field: [keys.index(n) for n in names if n in keys] for field, names in COLUMNS.items()}
    if not all(found.values()):
        raise findings.stop(1, "", f"needs the columns mentee_id, mentor_id and score (found: {', '.join(header)})")
    return found["mentee"][0], found["mentor"][0], found["score"][0]


def _filled(matrix: sparse.csr_array) -> sparse.csr_array:
    dense = np.zeros(matrix.shape)
    coordinates = matrix.tocoo()
    dense[coordinates.row, coordinates.col] = coordinates.data
    return _dense(dense)
