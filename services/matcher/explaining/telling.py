"""Which common words of two texts may be told, and are worth telling."""

from collections.abc import Iterable

from services.matcher.interests.abbreviations import ABBREVIATIONS
from services.matcher.interests.field_words import of_the_field
from services.matcher.interests.lexical import plain, stem, tokens
from shared.vocabulary.dimensions import DEFAULT_DIMENSIONS

MOST_WORDS = 3
_IDENTITY = """
black hispanic latina latino latinx latine lgbt lgbtq lgbtqia trans transgender immigrant undocumented daca visa
minority autism urm urim uim underrepresented disabled disability adhd dyslexia depression anxiety cancer hiv
pregnant pregnancy ivf divorce church mosque temple synagogue faith religion religious indigenous native tribal
asian african caribbean hijab bipolar recovery sober abuse survivor poverty homeless img
"""
# Words of identity stay untold even where both wrote them: that somebody wrote one does not mean it may be shown.
PRIVATE = frozenset(_IDENTITY.split()) | {
    word for dimension in DEFAULT_DIMENSIONS for name in (dimension.name, *dimension.answers)
    for word, _ in tokens(name)
}


def telling_words(common: Iterable[str]) -> list[str]:
    """At most three of the common terms: of the field, none private, none repeating a word that is already told."""
    told: list[str] = []
    used: set[str] = set()
    for term in filter(of_the_field, common):
        words = {stem(plain(word)) for word in term.split()}
        spelled = {word for short in term.split() for word, _ in tokens(ABBREVIATIONS.get(short, ""))}
        if (words | spelled) & used or words & (PRIVATE | spelled) or any(word.isdigit() for word in words):
            continue
        told.append(term)
        used |= words | spelled
        if len(told) == MOST_WORDS:
            break
    return told
