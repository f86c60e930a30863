"""Suggested mentors: by score less congestion price, varied, only with slots left, the same from visit to visit."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from services.matcher import queries
from services.matcher.explaining.explain import explain_pairs
from services.matcher.interests.lexical import Lexicon, terms_of
from services.matcher.interests.model import EmbeddingModel
from services.matcher.interests.reading import InterestReader, passages_of
from services.matcher.interests.records import Interests
from services.matcher.interests.scale import Scale
from services.matcher.interests.texts import content_hash, person_passages
from services.matcher.loading import load_cycle, load_mentee
from services.matcher.policy import Policy, SuggestionPolicy
from services.matcher.scoring.national import NationalScores
from services.matcher.scoring.people import Mentee, Mentor, Person
from services.matcher.vectors import StoredVectors
from shared.db.engine import Database, ReadSession, WriteSession
from shared.models.base import Json

SCALE_SAMPLE = 500
Texts = list[tuple[str, ...]]


@dataclass(frozen=True)
class Panorama:
    """The mentors of a cycle as suggestions see them, kept until `version` changes.

    `lexicon` and `scale` come from the whole cycle, so that one mentee is measured like all the others.
    """

    version: tuple[Any, ...]
    policy: Policy
    mentors: tuple[Mentor, ...]
    prices: NDArray[np.float64]
    interests: Interests
    lexicon: Lexicon
    scale: Scale


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
        own, mentors = reader.read([mentee.statements], []), panorama.interests
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
        scale = NationalScores(cycle.mentees[sample], cycle.mentors, policy, interests).interest.scale
        prices = queries.read_prices(session, cycle_id)
        price = np.array([prices.get(UUID(m.id), 0.0) for m in cycle.mentors])
        return Panorama(version, policy, cycle.mentors, price, interests, lexicon, scale)

    def _readable(self, people: Sequence[Person]) -> Texts:
        """What people wrote, as far as it is embedded: a full cycle is embedded elsewhere, with progress."""
        return [p.statements if self._is_embedded(p) else () for p in people]

    def _is_embedded(self, person: Person) -> bool:
        return all(content_hash(passage) in self._vectors for passage in person_passages(person.statements))


def list_for(panorama: Panorama, mentee: Mentee, interests: Interests) -> tuple[list[Json], int]:
    """The rows of a mentee's list, and from how many mentors it was chosen."""
    scores = NationalScores([mentee], panorama.mentors, panorama.policy, interests, panorama.scale)
    given = scores.exact(np.zeros(scores.mentors, np.int64), np.arange(scores.mentors))
    has_room = np.array([m.max_mentees > 0 for m in panorama.mentors], np.bool_)
    eligible = np.isfinite(given) & has_room
    chosen = varied(panorama.mentors, np.where(eligible, given - panorama.prices, -np.inf), panorama.policy.suggestions)
    return _rows(scores, panorama.mentors, chosen), int(eligible.sum())


def varied(mentors: Sequence[Mentor], worth: NDArray[np.float64], rules: SuggestionPolicy) -> list[int]:
    """The best mentors by worth, only so many from one institution; ties by id, so that a list stays as it is."""
    from_site: Counter[str] = Counter()
    chosen: list[int] = []
    for n in sorted(np.flatnonzero(np.isfinite(worth)).tolist(), key=lambda n: (-worth[n], mentors[n].id)):
        if from_site[mentors[n].institution] < rules.per_institution:
            from_site[mentors[n].institution] += 1
            chosen.append(n)
        if len(chosen) == rules.length:
            break
    return chosen


def _rows(scores: NationalScores, mentors: Sequence[Mentor], chosen: list[int]) -> list[Json]:
    rows = np.zeros(len(chosen), np.int64)
    explanations = explain_pairs(scores, rows, chosen)
    kinds = scores.given_kinds(rows, np.array(chosen, np.int64))
    return [
        {
            "rank": rank,
            "mentor_id": UUID(mentors[n].id),
            "kind": kind,
            "score": explanation.score,
            "explanation": explanation.model_dump(mode="json"),
        }
        for rank, (n, kind, explanation) in enumerate(zip(chosen, kinds, explanations, strict=True), start=1)
    ]
