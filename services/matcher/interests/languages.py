"""Spanish and French texts, told in English words as far as a glossary goes."""

import re

from services.matcher.interests.glossaries import GLOSSARIES
from services.matcher.interests.lexical import plain
from services.matcher.interests.stop_words import FUNCTION_WORDS, STOP_WORDS

_WORD = re.compile(r"[^\W\d_]+")
_LETTERS = {"en": frozenset(), "es": frozenset("áíóúñ"), "fr": frozenset("àâçèêëîïôùûœ")}
LONGEST_BEGINNING = 16


def language_of(text: str) -> str:
    """`es`, `fr`, or `en` for everything else: that whose function words and letters are most frequent."""
    words = _WORD.findall(text.lower())
    counts = {code: sum(plain(word) in known or bool(_LETTERS[code].intersection(word)) for word in words)
              for code, known in FUNCTION_WORDS.items()}
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] > counts["en"] else "en"


def gloss(sentence: str, language: str) -> str:
    """A sentence followed by what it is about in English words: known ones translated, other telling ones kept.

    As it is if the language has no glossary, or the glossary none of its words.
    """
    glossary = GLOSSARIES.get(language, {})
    told = [(word, _look_up(word, glossary)) for word in map(plain, _WORD.findall(sentence))] if glossary else []
    if not any(english for _, english in told):
        return sentence
    kept = [english or word for word, english in told if english or (word not in STOP_WORDS and len(word) > 3)]
    return f"{sentence} ({' '.join(dict.fromkeys(kept))})"


def _look_up(word: str, glossary: dict[str, str]) -> str:
    """The English of the longest known beginning of a word; of the word itself, if the glossary knows it whole."""
    beginnings = (word[:length] for length in range(min(len(word), LONGEST_BEGINNING), 1, -1))
    return next((glossary[b] for b in (f"{word}.", *beginnings) if b in glossary), "")
