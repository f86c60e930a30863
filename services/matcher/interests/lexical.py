"""Words: TF-IDF for what sentence models miss, the field's jargon.

A word counts once per person however often it stands there, rare words count more, and only a person's most telling
terms are kept, so that neither length nor repetition gains anything. Source: Salton and Buckley, Information
Processing & Management 24 (1988), binary term weights with idf.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

from services.matcher.interests.records import Terms
from services.matcher.interests.stop_words import STOP_WORDS

MOST_TERMS = 40
COMMON = 0.25
FEW = 40
_TOKEN = re.compile(r"[a-z0-9]+")


def tokens(text: str) -> list[str]:
    """Lower-case words without accents, English plural endings or words that say nothing."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    stems = (stem(word) for word in _TOKEN.findall(plain) if word not in STOP_WORDS)
    return [word for word in stems if word not in STOP_WORDS and len(word) > 1]


def stem(word: str) -> str:
    """A word without the ending of its English plural."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def terms_of(texts: Iterable[str]) -> set[str]:
    """Words and pairs of neighboring words in a person's texts."""
    found: set[str] = set()
    for text in texts:
        words = tokens(text)
        found.update(words)
        found.update(f"{one} {other}" for one, other in pairwise(words))
    return found


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Terms that at least two people use (and not a quarter of all), with their inverse document frequency."""

    terms: tuple[str, ...]
    idf: NDArray[np.float64]

    @classmethod
    def of(cls, people: Sequence[set[str]]) -> Self:
        """The lexicon of a cycle, from everybody's terms."""
        used = Counter(term for terms in people for term in terms)
        most = max(COMMON * len(people), FEW)
        kept = sorted(term for term, count in used.items() if 2 <= count <= most)
        count = np.array([used[term] for term in kept], np.float64)
        return cls(tuple(kept), np.log((1 + len(people)) / (1 + count)) + 1)

    @cached_property
    def _number(self) -> dict[str, int]:
        return {term: n for n, term in enumerate(self.terms)}

    def weigh(self, people: Sequence[set[str]]) -> Terms:
        """Rows of unit length over each person's most telling terms."""
        number = self._number
        rows = [self._best([number[term] for term in terms if term in number]) for terms in people]
        start = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
        term = np.concatenate([*rows, np.zeros(0, np.int64)]).astype(np.int32)
        weight = np.concatenate([*(self._unit(row) for row in rows), np.zeros(0)])
        return Terms(start, term, weight, max(len(self.terms), 1))

    def _best(self, found: list[int]) -> NDArray[np.int64]:
        chosen = sorted(found, key=lambda n: (-self.idf[n], n))[:MOST_TERMS]
        return np.array(sorted(chosen), np.int64)

    def _unit(self, row: NDArray[np.int64]) -> NDArray[np.float64]:
        weight: NDArray[np.float64] = self.idf[row]
        return weight / max(float(np.sqrt((weight * weight).sum())), 1e-12)
