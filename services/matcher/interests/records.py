"""What is known of what people wrote, in the form the scores need."""

from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Vectors = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Statements:
    """The vectors of everybody's statements, one after the other.

    `vectors` float32[n, d] of unit length; person p has the rows start[p] to start[p + 1], of which those from
    border[p] on are asides (none unless given): they are compared with others' asides only.
    """

    vectors: Vectors
    start: Ints
    border: Ints = field(default_factory=lambda: np.zeros(0, np.int64))

    def __post_init__(self) -> None:
        if self.start[0] != 0 or self.start[-1] != len(self.vectors):
            raise ValueError("the statements' starts do not fit the number of vectors")
        if not len(self.border):
            object.__setattr__(self, "border", self.start[1:].copy())
        if not ((self.start[:-1] <= self.border) & (self.border <= self.start[1:])).all():
            raise ValueError("the borders between a person's statements do not lie between them")

    @property
    def people(self) -> int:
        return len(self.start) - 1

    @property
    def given(self) -> NDArray[np.bool_]:
        """bool[people]: who wrote anything."""
        return np.diff(self.start) > 0

    @classmethod
    def one_each(cls, vectors: Vectors) -> Self:
        """One given vector per person; all-zero rows count as nothing written."""
        given = np.any(vectors != 0, axis=1)
        start = np.concatenate([[0], np.cumsum(given)]).astype(np.int64)
        return cls(np.ascontiguousarray(vectors[given], dtype=np.float32), start)

    @classmethod
    def none(cls, people: int, width: int = 1) -> Self:
        return cls(np.zeros((0, width), np.float32), np.zeros(people + 1, np.int64))


@dataclass(frozen=True, eq=False)
class Terms:
    """The weighted words of everybody (rows of unit length), as compressed rows with ascending term numbers.

    `names` says how each term is written.
    """

    start: Ints
    term: NDArray[np.int32]
    weight: Floats
    vocabulary: int
    names: tuple[str, ...] = ()

    def common(self, other: Self, one: int, two: int, most: int) -> list[str]:
        """The names of the terms that person `one` here and person `two` there share, most telling first."""
        mine, theirs = slice(*self.start[one : one + 2]), slice(*other.start[two : two + 2])
        shared, left, right = np.intersect1d(self.term[mine], other.term[theirs], return_indices=True)
        telling = self.weight[mine][left] * other.weight[theirs][right]
        return [self.names[shared[n]] for n in np.lexsort((shared, -telling))[:most]]

    @classmethod
    def none(cls, people: int) -> Self:
        return cls(np.zeros(people + 1, np.int64), np.zeros(0, np.int32), np.zeros(0), 1)


@dataclass(frozen=True, eq=False)
class Interests:
    """Both sides' statements and words; `terms` are empty where only vectors are given."""

    mentee_statements: Statements
    mentor_statements: Statements
    mentee_terms: Terms
    mentor_terms: Terms

    @classmethod
    def none(cls, mentees: int, mentors: int) -> Self:
        """Nobody wrote anything."""
        return cls(Statements.none(mentees), Statements.none(mentors), Terms.none(mentees), Terms.none(mentors))

    @classmethod
    def given(cls, mentees: Vectors, mentors: Vectors) -> Self:
        """One given vector per person (float32, unit length), no words."""
        return cls(
            Statements.one_each(mentees), Statements.one_each(mentors),
            Terms.none(len(mentees)), Terms.none(len(mentors)),
        )
