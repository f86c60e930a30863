"""From what people wrote to what the scores need: vectors per statement and weighted words, for both sides."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

import numpy as np

from services.matcher.interests.embedding import Progress, VectorCache, embed_texts, ignore_progress
from services.matcher.interests.lexical import Lexicon, terms_of
from services.matcher.interests.model import EmbeddingModel
from services.matcher.interests.records import Interests, Statements, Vectors
from services.matcher.interests.texts import parted, person_passages


@dataclass(frozen=True)
class InterestReader:
    """Reads with a model and a cache of vectors; `lexicon` is given for late arrivals, so that they are measured as
    everybody before them, else it is that of the people read.
    """

    model: EmbeddingModel
    cache: VectorCache
    progress: Progress = ignore_progress
    lexicon: Lexicon | None = None

    def read(self, mentees: Sequence[Sequence[str]], mentors: Sequence[Sequence[str]]) -> Interests:
        """Everybody's interests from their statements (several texts a person), in the order given.

        What is not in the cache is embedded, with progress (see `embed_texts`, also for the errors).
        """
        sides = [[parted(p) for p in side] for side in (mentees, mentors)]
        left, right = ([[*first, *asides] for first, asides in side] for side in sides)
        vectors = embed_texts(list(chain(*left, *right)), self.model, self.cache, self.progress)
        border = sum(map(len, left))
        said = [terms_of(p) for p in (*left, *right)]
        lexicon = self.lexicon or Lexicon.of(said)
        return Interests(
            _statements(sides[0], vectors[:border]), _statements(sides[1], vectors[border:]),
            lexicon.weigh(said[: len(left)]), lexicon.weigh(said[len(left) :]),
        )


def passages_of(people: Sequence[Sequence[str]]) -> list[str]:
    """All passages of people, for embedding them ahead of a match."""
    return [passage for statements in people for passage in person_passages(statements)]


def _statements(people: list[tuple[list[str], list[str]]], vectors: Vectors) -> Statements:
    start = np.array([0, *accumulate(len(first) + len(asides) for first, asides in people)], np.int64)
    return Statements(vectors, start, start[:-1] + np.array([len(first) for first, _ in people], np.int64))
