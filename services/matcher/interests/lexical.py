"""Words: TF-IDF for what sentence models miss, the field's jargon.

A word counts once per person however often it stands there, rare words count more, and only a person's most telling
terms are kept, so that neither length nor repetition gains anything. Source: Salton and Buckley, Information
Processing & Management 24 (1988), binary term weights with idf.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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
_WORD = re.compile(r"[^\W_]+")
Said = Mapping[str, str]


def plain(word: str) -> str:
    """A word in lower case, without accents."""
    if word.isascii():
        return word.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))


def tokens(text: str) -> list[tuple[str, str]]:
    """Words that say something, each as (stem without accents, as written): ("therapy", "therapies")."""
    found = ((plain(word), word if word.isupper() else word.lower()) for word in _WORD.findall(text))
    stems = ((stem(word), written) for word, written in found if word not in STOP_WORDS)
    return [(word, written) for word, written in stems if word not in STOP_WORDS and len(word) > 1]


def stem(word: str) -> str:
    """A word without the ending of its English plural."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def terms_of(texts: Iterable[str]) -> dict[str, str]:
    """Words and pairs of neighboring words in a person's texts: stem → as first written."""
    found: dict[str, str] = {}
    for text in texts:
        words = tokens(text)
        for term, written in words:
            found.setdefault(term, written)
        for (one, first), (other, second) in pairwise(words):
            found.setdefault(f"{one} {other}", f"{first} {second}")
    return found


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Terms that at least two people use (and not a quarter of all), with their inverse document frequency and the
    form in which most people write them.
    """

    terms: tuple[str, ...]
    written: tuple[str, ...]
    idf: NDArray[np.float64]

    @classmethod
    def of(cls, people: Sequence[Said]) -> Self:
        """The lexicon of a cycle, from everybody's terms."""
        used = Counter(term for said in people for term in said)
        most = max(COMMON * len(people), FEW)
        kept = sorted(term for term, count in used.items() if 2 <= count <= most)
        count = np.array([used[term] for term in kept], np.float64)
        return cls(tuple(kept), _usual_forms(people, kept), np.log((1 + len(people)) / (1 + count)) + 1)

    @cached_property
    def _number(self) -> dict[str, int]:
        return {term: n for n, term in enumerate(self.terms)}

    def weigh(self, people: Sequence[Said]) -> Terms:
        """Rows of unit length over each person's most telling terms."""
        number = self._number
        rows = [self._best([number[term] for term in terms if term in number]) for terms in people]
        start = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
        term = np.concatenate([*rows, np.zeros(0, np.int64)]).astype(np.int32)
        weight = np.concatenate([*(self._unit(row) for row in rows), np.zeros(0)])
        return Terms(start, term, weight, max(len(self.terms), 1), self.written)

    def _best(self, found: list[int]) -> NDArray[np.int64]:
        chosen = sorted(found, key=lambda n: (-self.idf[n], n))[:MOST_TERMS]
        return np.array(sorted(chosen), np.int64)

    def _unit(self, row: NDArray[np.int64]) -> NDArray[np.float64]:
        weight: NDArray[np.float64] = self.idf[row]
        return weight / max(float(np.sqrt((weight * weight).sum())), 1e-12)


def _usual_forms(people: Sequence[Said], kept: list[str]) -> tuple[str, ...]:
    """For each term the form written most often; among equals the first in the alphabet."""
    forms: dict[str, Counter[str]] = {term: Counter() for term in kept}
    for said in people:
        for term in said.keys() & forms.keys():
            forms[term][said[term]] += 1
    return tuple(min(forms[term], key=lambda form: (-forms[term][form], form)) for term in kept)
