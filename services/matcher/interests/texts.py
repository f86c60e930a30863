"""What people write, made ready for reading: cleaned, without repetitions, in passages of a model's length."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain

from services.matcher.interests.abbreviations import expand
from services.matcher.interests.languages import gloss, language_of
from services.matcher.interests.lexical import plain, tokens
from services.matcher.interests.stop_words import SWEARING

PASSAGE_WORDS = 120
MOST_PASSAGES = 6
REMEMBERED_TEXTS = 50_000  # a run and the suggestions read the same texts again and again
LONGEST_REPEAT = 8
NEW_IN_SENTENCE = 0.5
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")
_WORD = re.compile(r"\w")
_MARKS = ".,;:!?"


class Aside(str):
    """A statement of what else somebody cares about (the facet interests): compared with others' asides only."""

    __slots__ = ()


def clean(text: str) -> str:
    """Unicode composed, invisible characters and emoji gone, spaces single, nothing said twice.

    A phrase repeated on the spot, a sentence of words that were there before, and swearing are dropped: stuffing gains
    nothing.
    """
    composed = unicodedata.normalize("NFKC", text)
    seen = composed.translate(_VISIBLE)
    return " ".join(news(once(sentences(seen)), NEW_IN_SENTENCE))


class _Visible(dict[int, int | str]):
    """For each character itself, a space if it stands for no letter, nothing if it is invisible; found out once."""

    def __missing__(self, code: int) -> int | str:
        category = unicodedata.category(chr(code))
        shown: int | str = code
        if category == "Cf":
            shown = ""
        elif category in {"Cc", "So", "Sk", "Cs", "Co"} and chr(code) != "\n":
            shown = " "
        self[code] = shown
        return shown


_VISIBLE = _Visible()


def sentences(text: str) -> Iterator[str]:
    """Sentences with some letter or digit in them, phrases not repeated on the spot."""
    for part in _SENTENCE_END.split(text):
        words = [word for word in part.split() if plain(word.strip(_MARKS)) not in SWEARING]
        if any(map(_WORD.search, words)):
            yield " ".join(unrepeated(words))


def once(parts: Iterable[str]) -> list[str]:
    """Each part at its first place, however it is capitalized."""
    first: dict[str, str] = {}
    for part in parts:
        first.setdefault(part.casefold(), part)
    return list(first.values())


def news(parts: Iterable[str], share: float) -> list[str]:
    """The parts of whose telling words more than this share stood in none before; all if no part has such words."""
    known: set[str] = set()
    kept = []
    for part in (everything := list(parts)):
        words = {word for word, _ in tokens(part)}
        if len(words - known) > share * len(words):
            kept.append(part)
            known |= words
    return kept or everything


def unrepeated(words: list[str]) -> list[str]:
    """Words without phrases (of up to eight words) that follow themselves: "EM, EM, EM" → "EM,"."""
    if len(set(map(str.casefold, words))) == len(words):
        return words
    kept: list[str] = []
    keys: list[str] = []
    for word in words:
        kept.append(word)
        keys.append(word.casefold().strip(_MARKS))
        for size in range(1, min(LONGEST_REPEAT, len(keys) // 2) + 1):
            if keys[-size:] == keys[-2 * size : -size]:
                del keys[-size:], kept[-size:]
                break
    return kept


def passages(text: str) -> list[str]:
    """A statement ready to be embedded: cleaned, abbreviations spelled out, Spanish and French glossed in English,
    long ones cut between sentences.

    A text without a letter or digit has no passage; at most six are kept.
    """
    return list(_passages(text))


@lru_cache(maxsize=REMEMBERED_TEXTS)
def _passages(text: str) -> tuple[str, ...]:
    cut: list[list[str]] = [[]]
    cleaned = clean(text)
    language = language_of(cleaned)
    for sentence in sentences(cleaned):
        for piece in _pieces(gloss(expand(sentence), language).split()):
            if cut[-1] and len(cut[-1]) + len(piece) > PASSAGE_WORDS:
                cut.append([])
            cut[-1].extend(piece)
    return tuple(" ".join(words) for words in cut if words)[:MOST_PASSAGES]


def _pieces(words: list[str]) -> list[list[str]]:
    return [words[at : at + PASSAGE_WORDS] for at in range(0, len(words), PASSAGE_WORDS)]


def person_passages(statements: Iterable[str]) -> list[str]:
    """All passages of a person, each once: first those of wishes, goals, offers and expertise, then the asides."""
    return once(chain(*parted(statements)))


def parted(statements: Iterable[str]) -> tuple[list[str], list[str]]:
    """The passages of a person that are no asides, and those that are, each once."""
    sides: tuple[list[str], list[str]] = ([], [])
    for statement in statements:
        sides[isinstance(statement, Aside)].extend(passages(statement))
    first = news(once(sides[0]), 0.0)
    return first, news(once([*first, *sides[1]]), 0.0)[len(first) :]


def content_hash(passage: str) -> bytes:
    """32 bytes that stand for a passage; the key under which its vector is kept."""
    return hashlib.sha256(passage.encode()).digest()
