"""What an assignment is asked for: scores, bandwidth, hard pairs and the rules of the policy."""

from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Int16 = NDArray[np.int16]
Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]
Bool = NDArray[np.bool_]
Index = NDArray[np.integer]
Pair = tuple[int, int]


class ProblemError(ValueError):
    """The input cannot be matched as it stands; the message says which entry and why."""


@runtime_checkable
class ScoreSource(Protocol):
    """Scores of asks (one row per wanted slot) against mentors, never needed all at once.

    `block` may be approximate: within `tolerance` (2e-6 unless the source says otherwise) of the
    exact score or above it; -inf means not eligible. `exact` decides.
    """

    @property
    def rows(self) -> int: ...
    @property
    def mentors(self) -> int: ...
    def block(self, start: int, stop: int) -> Float32: ...
    def exact(self, rows: NDArray[np.integer], mentors: NDArray[np.integer]) -> Float64: ...


@dataclass(frozen=True, slots=True)
class Rules:
    """The policy's `assignment` section. A fixed floor makes pairs below it ineligible (pins excepted).

    "leximin" goes on from the worst score to the next worst, and so on, before the total (small problems only).
    With `coverage="none"` only the total counts: tiers, least loads, "max" and "leximin" have no force.
    """

    coverage: Literal["first", "none"] = "first"
    floor: Literal["max", "none", "leximin"] | float = "max"
    load_weight: float = 0.05
    score_decimals: int = 6

    def __post_init__(self) -> None:
        if self.coverage not in ("first", "none"):
            raise ProblemError(f"coverage must be 'first' or 'none', not {self.coverage!r}")
        if isinstance(self.floor, str) and self.floor not in ("max", "none", "leximin"):
            raise ProblemError(f"floor must be 'max', 'none', 'leximin' or a number, not {self.floor!r}")
        if not isinstance(self.floor, str) and not np.isfinite(self.floor):
            raise ProblemError("floor must be a finite number")
        if not (np.isfinite(self.load_weight) and self.load_weight >= 0):
            raise ProblemError("load_weight must be a finite number of at least 0")
        if not 0 <= self.score_decimals <= 9:
            raise ProblemError("score_decimals must lie between 0 and 9")

    @property
    def scale(self) -> int:
        """Integer points in one unit of score."""
        return int(10**self.score_decimals)

    @property
    def maximizes_floor(self) -> bool:
        return self.floor in ("max", "leximin") and self.coverage == "first"

    @property
    def is_leximin(self) -> bool:
        return self.floor == "leximin" and self.coverage == "first"


@dataclass(frozen=True, slots=True)
class Problem:
    """One matching problem. Arrays not given take their neutral value; `__post_init__` checks all.

    owner int32[rows]: the mentee each row belongs to (never the same mentor twice per owner).
    capacity int32[mentors]: effective slots; minimum: least loads, kept when that costs no coverage;
    load: mentorships already running or held, for the convex load cost only.
    tier int16[rows]: 0 is served first. pins, forbidden: (row, mentor); forbidden_owners: (owner, mentor).
    row_ids and mentor_ids must be unique and stable: they break ties and enter the certificate.
    """

    source: ScoreSource
    capacity: Int32
    owner: Int32 = field(default_factory=lambda: np.empty(0, np.int32))
    minimum: Int32 = field(default_factory=lambda: np.empty(0, np.int32))
    load: Int32 = field(default_factory=lambda: np.empty(0, np.int32))
    tier: Int16 = field(default_factory=lambda: np.empty(0, np.int16))
    pins: tuple[Pair, ...] = ()
    forbidden: tuple[Pair, ...] = ()
    forbidden_owners: tuple[Pair, ...] = ()
    tie_key: bytes = b"belay"
    row_ids: tuple[str, ...] = ()
    mentor_ids: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        rows, mentors = self.source.rows, self.source.mentors
        self._fill("owner", np.arange(rows), rows, np.int32)
        self._fill("tier", np.zeros(rows), rows, np.int16)
        self._fill("capacity", np.zeros(mentors), mentors, np.int32)
        self._fill("minimum", np.zeros(mentors), mentors, np.int32)
        self._fill("load", np.zeros(mentors), mentors, np.int32)
        object.__setattr__(self, "row_ids", _names("row", self.row_ids, rows))
        object.__setattr__(self, "mentor_ids", _names("mentor", self.mentor_ids, mentors))
        for name in ("pins", "forbidden", "forbidden_owners"):
            object.__setattr__(self, name, tuple((int(a), int(b)) for a, b in getattr(self, name)))
        check(self)

    def _fill(self, name: str, default: NDArray[np.generic], size: int, kind: type[np.integer]) -> None:
        given = np.asarray(getattr(self, name))
        values = default if given.size == 0 and size > 0 and name != "capacity" else given
        object.__setattr__(self, name, _whole(name, values, size, kind))

    @property
    def rows(self) -> int:
        return self.source.rows

    @property
    def mentors(self) -> int:
        return self.source.mentors


def _whole(name: str, values: NDArray[np.generic], size: int, kind: type[np.integer]) -> NDArray[np.integer]:
    if values.shape != (size,):
        raise ProblemError(f"{name} has shape {values.shape}, expected ({size},)")
    numbers = values.astype(np.float64)
    if not np.isfinite(numbers).all() or (numbers != np.rint(numbers)).any():
        raise ProblemError(f"{name}: entry {_first(numbers != np.rint(numbers))} is not a whole number")
    limits = np.iinfo(kind)
    if ((numbers < 0) | (numbers > limits.max)).any():
        entry = _first((numbers < 0) | (numbers > limits.max))
        raise ProblemError(f"{name}: entry {entry} is {numbers[entry]:.0f}; expected 0 to {limits.max}")
    return numbers.astype(kind)


def _first(bad: Bool) -> int:
    return int(np.flatnonzero(bad)[0])


def _names(kind: str, names: tuple[str, ...], size: int) -> tuple[str, ...]:
    given = tuple(str(name) for name in names) or tuple(f"{kind}{i}" for i in range(size))
    if len(given) != size:
        raise ProblemError(f"{kind}_ids has {len(given)} entries, expected {size}")
    if len(set(given)) != size:
        repeated = next(name for i, name in enumerate(given) if name in given[:i])
        raise ProblemError(f"{kind} id {repeated!r} appears twice")
    return given


def check(problem: Problem) -> None:
    """Refuse pairs out of range, pins that are forbidden, repeated, ineligible or over capacity."""
    _check_range(problem)
    _check_pins(problem)


def _check_range(problem: Problem) -> None:
    owners = int(problem.owner.max(initial=-1)) + 1
    limits = {"pins": problem.rows, "forbidden": problem.rows, "forbidden_owners": owners}
    for name, limit in limits.items():
        for left, mentor in getattr(problem, name):
            if not 0 <= mentor < problem.mentors or left < 0 or (left >= limit and name != "forbidden_owners"):
                raise ProblemError(f"{name}: the pair ({left}, {mentor}) names a row or mentor that does not exist")


def _check_pins(problem: Problem) -> None:
    if not problem.pins:
        return
    rows = [row for row, _ in problem.pins]
    mentors = np.array([mentor for _, mentor in problem.pins])
    owned = [(int(problem.owner[row]), mentor) for row, mentor in problem.pins]
    if len(set(rows)) < len(rows):
        raise ProblemError("a row is pinned twice")
    if len(set(owned)) < len(owned):
        raise ProblemError("two pins give the same mentee the same mentor")
    banned = (set(problem.forbidden) & set(problem.pins)) or (set(problem.forbidden_owners) & set(owned))
    if banned:
        row, mentor = next(iter(banned))
        raise ProblemError(f"the pinned pair ({row}, {mentor}) is forbidden")
    over = np.bincount(mentors, minlength=problem.mentors) > problem.capacity
    if over.any():
        raise ProblemError(f"more pins than slots for mentor {problem.mentor_ids[_first(over)]!r}")
    scores = problem.source.exact(np.array(rows), mentors)
    if not np.isfinite(scores).all():
        row = rows[_first(~np.isfinite(scores))]
        raise ProblemError(f"the pin of row {problem.row_ids[row]!r} is not an eligible pair")
