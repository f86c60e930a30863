"""Writers and the decks of lines they share."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from infra.demo.banks import Deck, load_bank
from infra.demo.institutions import Institution
from shared.vocabulary.stages import Stage

# Lines that only one person would say come from few people.
ROUNDS_OF = {"scenes": 5, "ward_scenes": 6}


@dataclass(frozen=True)
class Writer:
    """Whom a text must fit."""

    mentor: bool
    stage: Stage
    specialties: tuple[str, ...]
    site: Institution
    region: str
    shown: frozenset[str]
    languages: tuple[str, ...]


@dataclass
class Shelf:
    """All decks; between them they see to it that no line is worn out."""

    rng: Random
    _decks: dict[tuple[str, ...], Deck[str]] = field(default_factory=dict)

    def deal(self, path: tuple[str, ...], used: set[str]) -> str:
        """A line of the bank at `path` (file, keys …): not one of `used`, and empty once the bank is worn out."""
        if path not in self._decks:
            self._decks[path] = Deck(_bank_at(path), self.rng)
        deck = self._decks[path]
        if not deck.left and deck.rounds >= ROUNDS_OF.get(path[-1], deck.rounds + 1):
            return ""
        return deck.deal_new(used) or ""


def _bank_at(path: tuple[str, ...]) -> tuple[str, ...]:
    node: Any = load_bank(path[0])
    for key in path[1:]:
        node = node[key]
    lines: tuple[str, ...] = node
    return lines


def capital(sentence: str) -> str:
    """The sentence with its first letter raised; list marks and quotes are stepped over."""
    at = next((at for at, letter in enumerate(sentence) if letter.isalpha()), 0)
    return sentence[:at] + sentence[at : at + 1].upper() + sentence[at + 1 :]
