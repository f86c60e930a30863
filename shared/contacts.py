"""Contact details and names in free text: noticed so that the writer can be told, hidden until two people are matched.

Rules, not a model: what they miss stays visible, and what looks like a number of ten digits is taken for a telephone.
The first four rules stand in the database too (`matching.without_contacts`), which keeps them from the matcher.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

HIDDEN = "•••"


class ContactKind(StrEnum):
    EMAIL = "email"
    WEB = "web"
    PHONE = "phone"
    HANDLE = "handle"
    NAME = "name"


# Patterns that Python and PostgreSQL read alike, in the order in which they are tried.
RULES: dict[ContactKind, tuple[str, ...]] = {
    ContactKind.EMAIL: (
        r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+",
        r"[\w.+%-]+\s*[\[(]\s*at\s*[\])]\s*[\w-]+(?:\s*(?:\.|[\[(]\s*dot\s*[\])])\s*[\w-]+)+",
    ),
    ContactKind.WEB: (r"(?:https?://|www\.)[^\s<>]+",),
    ContactKind.PHONE: (r"(?<![\w.])(?!\d{4}-\d\d-\d\d|\d+\.\d{5})[+]?[(]?\d(?:[\s().-]{0,2}\d){9,14}(?!\w)",),
    ContactKind.HANDLE: (r"(?<![\w@.])@[A-Za-z]\w{2,30}",),
}
_COMPILED = {kind: re.compile("|".join(rules), re.IGNORECASE) for kind, rules in RULES.items()}
_TITLED = re.compile(
    r"\b(?:Dr|Dra|Prof|Professor|Profesora?|Professeure?|Mr|Mrs|Ms|Mx|Mme|Sr|Sra)\b\.?\s+"
    r"(?:[A-ZÀ-Þ][\w'\u2019-]+)(?:\s+[A-ZÀ-Þ][\w'\u2019-]+)?"
)
SHORTEST_NAME = 3


@dataclass(frozen=True)
class Contact:
    """Something that tells who somebody is or how to reach them, as it is written."""

    kind: ContactKind
    text: str


def find_contacts(text: str, own_name: str = "") -> list[Contact]:
    """Each e-mail address, link, telephone number, handle and name once, by kind.

    Names are those with a title ("Dr. Adams") and the parts of the writer's own, capitalized.
    """
    found, rest = [], text
    for kind, pattern in _COMPILED.items():
        found += [Contact(kind, match.group().strip()) for match in pattern.finditer(rest)]
        rest = pattern.sub(" ", rest)
    return list(dict.fromkeys([*found, *(Contact(ContactKind.NAME, name) for name in _names(rest, own_name))]))


def _names(text: str, own_name: str) -> Iterator[str]:
    yield from (match.group() for match in _TITLED.finditer(text))
    for part in re.findall(r"[\w'\u2019-]+", own_name):
        if len(part) >= SHORTEST_NAME and part[0].isupper() and re.search(rf"\b{re.escape(part)}\b", text):
            yield part


def without_contacts(text: str) -> str:
    """The text with addresses, links, numbers and handles hidden; names stay, since cards show the writer's anyway."""
    for pattern in _COMPILED.values():
        text = pattern.sub(HIDDEN, text)
    return text


def without_people(text: str, names: Iterable[str]) -> str:
    """The same with names hidden too: those with a title, and every part of the given ones, however it is written.

    Parts of two letters ("An", "Li") are hidden only where they are capitalized: they are words as well.
    """
    text = _TITLED.sub(HIDDEN, without_contacts(text))
    for part in sorted({part for name in names for part in _parts(name)}, key=len, reverse=True):
        how = re.IGNORECASE if len(part) >= SHORTEST_NAME else re.NOFLAG
        text = re.sub(rf"\b{re.escape(part)}\b", HIDDEN, text, flags=how)
    return text


def _parts(name: str) -> Iterator[str]:
    """The words of a name of two letters or more, with and without their accents."""
    for part in re.findall(r"[\w'\u2019-]{2,}", name):
        yield part
        yield "".join(letter for letter in unicodedata.normalize("NFKD", part) if not unicodedata.combining(letter))
