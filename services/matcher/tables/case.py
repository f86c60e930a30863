"""A matching problem from files: people, policy, and scores that are worked out or given."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from services.matcher.assignment.problem import Problem, Rules, ScoreSource
from services.matcher.assignment.sources import FactorScores, SparseScores
from services.matcher.interests.embedding import Progress, VectorCache, ignore_progress
from services.matcher.interests.model import EmbeddingModel
from services.matcher.interests.reading import InterestReader
from services.matcher.interests.records import Interests, Vectors
from services.matcher.interests.texts import Aside
from services.matcher.policy import Policy, read_policy
from services.matcher.scoring.capacity import free_slots
from services.matcher.scoring.national import Index, NationalScores
from services.matcher.scoring.people import Mentee, Mentor, Person
from services.matcher.scoring.rules import Exclusions
from services.matcher.tables.people import Entry, People, read_people
from services.matcher.tables.problems import Findings, TableError, Watch, unwatched
from services.matcher.tables.problems import Problem as Trouble
from services.matcher.tables.scores import Missing, read_scores, read_vectors
from shared.explanations.features import FEATURES, Feature
from shared.vocabulary.mentoring import Kind


@dataclass(frozen=True)
class Files:
    """What a command was given. Either scores, or vectors of both sides, or neither (then texts are read)."""

    mentees: Path
    mentors: Path
    policy: Path | None = None
    scores: Path | None = None
    missing: Missing = "forbid"
    mentee_vectors: Path | None = None
    mentor_vectors: Path | None = None
    seed: str = "belay"


@dataclass(frozen=True)
class Reader:
    """With what texts are read, and who watches."""

    model: EmbeddingModel
    cache: VectorCache = field(default_factory=dict)
    progress: Progress = ignore_progress
    watch: Watch = unwatched


@dataclass(frozen=True)
class Case:
    """Everything read; `source` scores rows (one per wanted slot, in the order of the mentees' file).

    `explained` is the source where scores come from features, so that they can be explained.
    """

    mentees: People[Mentee]
    mentors: People[Mentor]
    policy: Policy
    source: ScoreSource
    explained: NationalScores | None
    seed: str

    @cached_property
    def owner(self) -> Index:
        """int64[rows]: the mentee of each row."""
        return np.array([n for n, m in enumerate(self.mentees.persons) for _ in m.slots], np.int64)

    @cached_property
    def slot(self) -> Index:
        """int64[rows]: the number of each row among its mentee's slots, from 1."""
        return np.array([n for m in self.mentees.persons for n in range(1, len(m.slots) + 1)], np.int64)

    @cached_property
    def kinds(self) -> list[Kind]:
        return [kind for m in self.mentees.persons for kind in m.slots]

    @cached_property
    def capacity(self) -> Index:
        """int64[mentors]: slots that are free."""
        return np.array([free_slots(m, self.policy) for m in self.mentors.persons], np.int64)

    @property
    def rules(self) -> Rules:
        return Rules(**self.policy.assignment.model_dump())

    @cached_property
    def problem(self) -> Problem:
        """The assignment problem; raises TableError for pins that cannot be kept."""
        people = self.mentees.persons
        ids = [m.id for m in people]
        return Problem(
            source=self.source, capacity=self.capacity.astype(np.int32), owner=self.owner.astype(np.int32),
            minimum=np.array([m.min_mentees for m in self.mentors.persons], np.int32),
            tier=np.array([people[n].tier for n in self.owner], np.int16),
            pins=tuple(Pins(self).rows()), forbidden_owners=self._forbidden(),
            tie_key=self.seed.encode(),
            row_ids=tuple(f"{ids[n]}#{slot}" for n, slot in zip(self.owner, self.slot, strict=True)),
            mentor_ids=tuple(m.id for m in self.mentors.persons),
        )

    def _forbidden(self) -> tuple[tuple[int, int], ...]:
        """Excluded pairs where the source does not know them."""
        if self.explained is not None:
            return ()
        found = Exclusions(self.mentees.persons, self.mentors.persons)
        mentees = np.repeat(np.arange(len(self.mentees.persons)), np.diff(found.start))
        return tuple(zip(mentees.tolist(), found.mentor.tolist(), strict=True))


class Pins:
    """Pinned mentors as (row, mentor) pairs, each in a slot of its mentee that it can fill."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._mentor = {m.id: n for n, m in enumerate(case.mentors.persons)}
        self._first = np.searchsorted(case.owner, np.arange(len(case.mentees.persons)))
        self._barred = set(case._forbidden())  # noqa: SLF001  (the case's own assistant)
        self._troubles: list[Trouble] = []

    def rows(self) -> list[tuple[int, int]]:
        """All pins; raises TableError for those that no rule or no room allows."""
        pins = [pin for n, entry in enumerate(self._case.mentees.entries) for pin in self._of(n, entry)]
        load = np.bincount([mentor for _, mentor in pins], minlength=len(self._mentor))
        for n in np.flatnonzero(load > self._case.capacity).tolist():
            entry = self._case.mentors.entries[n]
            reason = f"{load[n]} mentees are pinned to a mentor with room for {self._case.capacity[n]}"
            self._troubles.append(self._case.mentors.problem(entry, "max_mentees", reason))
        if self._troubles:
            raise TableError(self._troubles)
        return pins

    def _of(self, mentee: int, entry: Entry[Mentee]) -> list[tuple[int, int]]:
        free = [int(self._first[mentee]) + n for n in range(len(entry.person.slots))]
        pins = []
        for name in entry.pinned:
            mentor = self._mentor[name]
            row = next((r for r in free if self._allowed(r, mentee, mentor)), None)
            if row is None:
                reason = f"{name!r} cannot be given: the pair is not eligible under the policy's rules"
                self._troubles.append(self._case.mentees.problem(entry, "pinned", reason))
                continue
            free.remove(row)
            pins.append((row, mentor))
        return pins

    def _allowed(self, row: int, mentee: int, mentor: int) -> bool:
        eligible = np.isfinite(self._case.source.exact(np.array([row]), np.array([mentor]))[0])
        return bool(eligible) and (mentee, mentor) not in self._barred


def read_case(files: Files, reader: Reader) -> Case:
    """Read and check all files.

    Raises TableError or PolicyError with everything that is wrong, ModelMissingError if texts cannot be read.
    """
    policy = read_policy(files.policy) if files.policy else Policy()
    mentees, mentors = read_people(files.mentees, files.mentors, reader.watch)
    source, explained = _source(files, (mentees, mentors), policy, reader)
    return Case(mentees, mentors, policy, source, explained, files.seed)


def _source(files: Files, people: tuple[People[Mentee], People[Mentor]], policy: Policy, reader: Reader
            ) -> tuple[ScoreSource, NationalScores | None]:
    mentees, mentors = people[0].persons, people[1].persons
    if files.scores:
        matrix = read_scores(files.scores, [m.id for m in mentees], [m.id for m in mentors], files.missing,
                             reader.watch)
        return SparseScores(matrix[_owner(mentees)]), None
    vectors = _vectors(files, mentees, mentors)
    if vectors and only_cosine(policy, mentees, mentors):
        return FactorScores(vectors[0][_owner(mentees)], vectors[1], clip0=True), None
    interests = Interests.given(*vectors) if vectors else read_texts(mentees, mentors, policy, reader)
    scores = NationalScores(mentees, mentors, policy, interests)
    return scores, scores


def _owner(mentees: Sequence[Mentee]) -> Index:
    return np.array([n for n, m in enumerate(mentees) for _ in m.slots], np.int64)


def _vectors(files: Files, mentees: Sequence[Mentee], mentors: Sequence[Mentor]) -> tuple[Vectors, Vectors] | None:
    if not files.mentee_vectors or not files.mentor_vectors:
        return None
    left = read_vectors(files.mentee_vectors, [m.id for m in mentees])
    right = read_vectors(files.mentor_vectors, [m.id for m in mentors])
    if left.shape[1] != right.shape[1]:
        reason = f"vectors have {left.shape[1]} numbers for mentees, but {right.shape[1]} for mentors"
        raise Findings(files.mentor_vectors.name).stop(0, "", reason)
    return left, right


def read_texts(mentees: Sequence[Mentee], mentors: Sequence[Mentor], policy: Policy, reader: Reader) -> Interests:
    """No text is embedded (and no model needed) where interests do not count or nobody wrote anything."""
    interest = policy.features.interest
    counts = interest.weight > 0 or any(interest.by_kind.values())
    if not counts or not any(m.statements for m in mentees):
        return Interests.none(len(mentees), len(mentors))
    read = InterestReader(reader.model, reader.cache, reader.progress)
    facets = _says_more_than_asides(mentees) and _says_more_than_asides(mentors)
    left, right = ([[s if facets else str(s) for s in p.statements] for p in side] for side in (mentees, mentors))
    return read.read(left, right)


def _says_more_than_asides(people: Sequence[Person]) -> bool:
    """Whether anybody wrote something besides interests; else there is nothing to keep apart."""
    return any(not isinstance(statement, Aside) for p in people for statement in p.statements)


def only_cosine(policy: Policy, mentees: Sequence[Mentee], mentors: Sequence[Mentor]) -> bool:
    """Whether every score is just max(0, cosine): one feature counts, and no rule could bar anyone but by name."""
    others = [policy.features[f] for f in FEATURES if f is not Feature.INTEREST]
    alone = not any(f.weight or any(f.by_kind.values()) for f in others)
    plain = policy.features.interest.scale == "cosine" and alone and not policy.rules.training
    said = any(p.stage or p.hours is not None or p.institution or p.languages or not p.pledged or p.account
               for p in (*mentees, *mentors))
    kinds = any(set(m.slots) - {Kind.ANY} for m in mentees) or any(m.kinds for m in mentors)
    return plain and not said and not kinds
