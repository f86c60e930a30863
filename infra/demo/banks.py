"""Banks of words in `words/*.toml`, and decks that deal from them."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Generic, TypeVar

FOLDER = Path(__file__).parent / "words"
TRIES = 8

T = TypeVar("T")


@cache
def load_bank(name: str) -> dict[str, Any]:
    """A file of words; each text becomes the tuple of its lines."""
    return _split(tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8")))


def _split(bank: dict[str, Any]) -> dict[str, Any]:
    return {key: _split(value) if isinstance(value, dict) else _lines(value) for key, value in bank.items()}


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.splitlines() if line)


@dataclass
class Deck(Generic[T]):
    """Deals every card once, in random order, before any card comes again."""

    cards: Sequence[T]
    rng: Random
    rounds: int = 0
    _left: list[T] = field(default_factory=list)

    @property
    def left(self) -> int:
        """Cards left in this round."""
        return len(self._left)

    def deal(self) -> T:
        if not self._left:
            self.rounds += 1
            self._left = list(self.cards)
            self.rng.shuffle(self._left)
        return self._left.pop()

    def deal_new(self, used: set[T]) -> T | None:
        """A card that is not in `used` (and then is); None if none is found in a few tries."""
        for _ in range(TRIES):
            card = self.deal()
            if card not in used:
                used.add(card)
                return card
        return None


def pick(rng: Random, weights: Mapping[T, float]) -> T:
    """One key, drawn in proportion to its weight."""
    return rng.choices(list(weights), list(weights.values()))[0]
