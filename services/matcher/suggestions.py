"""Suggested mentors: by score less congestion price, varied, only with slots left, the same from visit to visit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from services.matcher import queries
from services.matcher.assignment.congestion import Shelf, number_institutions, suggest_in_turn
from services.matcher.assignment.ties import hash_names
from services.matcher.explaining.explain import explain_pairs
from services.matcher.fair_prices import fair_prices
from services.matcher.interests.lexical import Lexicon, terms_of
from services.matcher.interests.model import EmbeddingModel
from services.matcher.interests.reading import InterestReader, passages_of
from services.matcher.interests.records import Interests
from services.matcher.interests.texts import content_hash, person_passages
from services.matcher.loading import load_cycle, load_mentee
from services.matcher.policy import Policy
from services.matcher.scoring.national import NationalScores
from services.matcher.scoring.people import Mentee, Mentor, Person
from services.matcher.vectors import StoredVectors
from shared.db.engine import Database, ReadSession, WriteSession
from shared.models.base import Json

SCALE_SAMPLE = 500
TIE_KEY = b"suggestions"
Texts = list[tuple[str, ...]]


@dataclass(frozen=True)
class Panorama:
    """The mentors of a cycle as suggestions see them, kept until `version` changes.

    `scores` holds the mentors, ready to face one mentee after another; its scale and `lexicon` come from the whole
    cycle, so that one mentee is measured like all the others.
    """

    version: tuple[Any, ...]
    scores: NationalScores
    shelf: Shelf
    lexicon: Lexicon


@dataclass
class SuggestionDesk:
    """Makes suggestion lists; remembers each cycle's mentors."""

    database: Database
    model: EmbeddingModel
    _panoramas: dict[UUID, Panorama] = field(default_factory=dict)
    _vectors: StoredVectors = field(init=False)

    def __post_init__(self) -> None:
        self._vectors = StoredVectors(self.database, self.model.name)

    def warm_up(self) -> None:
        """Load the model, so that the first person does not wait for it."""
        self.model.encode(["warm-up"])

    def suggest(self, session: WriteSession, participant_id: UUID) -> None:
        """Embed what a participant wrote; a mentee gets a new list."""
        row = queries.read_participant(session, participant_id)
        if row is None:
            return
        self._embed([tuple(row["statements"].values())])
        mentee = load_mentee(session, participant_id)
        if mentee is not None:
            self._replace_list(session, self._panorama(session, row["cycle_id"]), mentee)

    def suggest_all(self, session: WriteSession, mentees: Sequence[Mentee], cycle_id: UUID) -> None:
        """New lists for these mentees of a cycle."""
        panorama = self._panorama(session, cycle_id)
        for mentee in mentees:
            self._replace_list(session, panorama, mentee)

    def _replace_list(self, session: WriteSession, panorama: Panorama, mentee: Mentee) -> None:
        rows, eligible = list_for(panorama, mentee, self._read(mentee, panorama)) if mentee.slots else ([], 0)
        queries.replace_suggestions(session, UUID(mentee.id), eligible, rows)

    def _read(self, mentee: Mentee, panorama: Panorama) -> Interests:
        """One mentee's interests beside the mentors' known ones."""
        reader = InterestReader(self.model, self._vectors, lexicon=panorama.lexicon)
        own, mentors = reader.read([mentee.statements], []), panorama.scores.interests
        return Interests(own.mentee_statements, mentors.mentor_statements, own.mentee_terms, mentors.mentor_terms)

    def _embed(self, texts: Texts) -> None:
        self._vectors.fetch(passages_of(texts))
        InterestReader(self.model, self._vectors).read(texts, [])
        self._vectors.flush()

    def _panorama(self, session: ReadSession, cycle_id: UUID) -> Panorama:
        version = queries.mentors_version(session, cycle_id)
        known = self._panoramas.get(cycle_id)
        if known is None or known.version != version:
            known = self._panoramas[cycle_id] = self._look_at(session, cycle_id, version)
        return known

    def _look_at(self, session: ReadSession, cycle_id: UUID, version: tuple[Any, ...]) -> Panorama:
        row = queries.read_cycle(session, cycle_id)
        policy = Policy.model_validate((row and row["policy"]) or {})
        cycle = load_cycle(session, cycle_id, policy)
        self._vectors.fetch(passages_of([p.statements for p in (*cycle.mentees, *cycle.mentors)]))
        mentees, mentors = self._readable(cycle.mentees), self._readable(cycle.mentors)
        lexicon = Lexicon.of([terms_of(person_passages(text)) for text in (*mentees, *mentors)])
        sample = slice(None, None, max(1, len(mentees) // SCALE_SAMPLE))
        interests = InterestReader(self.model, self._vectors, lexicon=lexicon).read(mentees[sample], mentors)
        scores = NationalScores(cycle.mentees[sample], cycle.mentors, policy, interests)
        shelf = shelf_of(cycle.mentors, queries.read_prices(session, cycle_id))
        return Panorama(version, scores, shelf, lexicon)

    def _readable(self, people: Sequence[Person]) -> Texts:
        """What people wrote, as far as it is embedded: a full cycle is embedded elsewhere, with progress."""
        return [p.statements if self._is_embedded(p) else () for p in people]

    def _is_embedded(self, person: Person) -> bool:
        return all(content_hash(passage) in self._vectors for passage in person_passages(person.statements))


def shelf_of(mentors: Sequence[Mentor], prices: dict[UUID, float]) -> Shelf:
    """The mentors with their prices (0 before the first run), open slots and institutions."""
    return Shelf(
        price=fair_prices(mentors, prices),
        open_slots=np.array([m.max_mentees for m in mentors], np.int32),
        institution=number_institutions([m.institution for m in mentors]),
        mentor_hash=hash_names(tuple(m.id for m in mentors), TIE_KEY, b"mentor"),
    )


def list_for(panorama: Panorama, mentee: Mentee, interests: Interests) -> tuple[list[Json], int]:
    """The rows of a mentee's list, which serves each kind of wish in turn, and from how many mentors it was chosen."""
    scores = panorama.scores.facing([mentee], interests)
    wishes = np.array([scores.kinds.index(kind) for kind in dict.fromkeys(scores.kinds)], np.int64)
    everyone = np.arange(scores.mentors)
    given = np.stack([scores.exact(np.full(scores.mentors, wish), everyone) for wish in wishes])
    rules, shelf = scores.policy.suggestions, panorama.shelf
    mentee_hash = hash_names((mentee.id,), TIE_KEY, b"mentee")[0]
    turns, chosen = suggest_in_turn(given, shelf, mentee_hash, rules.length, rules.per_institution)
    eligible = np.isfinite(given).any(axis=0) & (shelf.open_slots > 0)
    return _rows(scores, wishes[turns], chosen), int(eligible.sum())


def _rows(scores: NationalScores, rows: NDArray[np.int64], chosen: NDArray[np.int64]) -> list[Json]:
    mentors = scores.mentor_people
    explanations = explain_pairs(scores, rows, chosen)
    kinds = scores.given_kinds(rows, chosen)
    return [
        {
            "rank": rank,
            "mentor_id": UUID(mentors[n].id),
            "kind": kind,
            "score": explanation.score,
            "explanation": explanation.model_dump(mode="json"),
        }
        for rank, (n, kind, explanation) in enumerate(zip(chosen.tolist(), kinds, explanations, strict=True), start=1)
    ]
