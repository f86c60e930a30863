"""Names and reserved addresses for invented people."""

import unicodedata
from dataclasses import dataclass, field
from random import Random

from infra.demo.banks import Deck, load_bank

MAIL_DOMAIN = "example.org"  # reserved for examples (RFC 2606): nothing sent there reaches anybody
DOUBLE_NAME_SHARE = 0.06


@dataclass(frozen=True)
class Name:
    given: str
    family: str

    @property
    def full(self) -> str:
        return f"{self.given} {self.family}"


@dataclass
class Registrar:
    """Gives everybody a name, and an address nobody else has."""

    rng: Random
    _decks: dict[str, Deck[str]] = field(default_factory=dict)
    _addresses: set[str] = field(default_factory=set)
    _taken: set[str] = field(default_factory=set)

    def name(self, heritage: str, gender: str) -> Name:
        """A name of this heritage, its given name fitting `Woman`, `Man` or neither; full names are not repeated."""
        for _ in range(20):
            name = Name(self._given(heritage, gender), self._family(heritage))
            if name.full not in self._taken:
                break
        self._taken.add(name.full)
        return name

    def address(self, name: Name, site: str) -> str:
        """A lower-case address at a reserved domain."""
        local = f"{_plain(name.given)}.{_plain(name.family)}"
        address, count = f"{local}@{site}.{MAIL_DOMAIN}", 1
        while address in self._addresses:
            count += 1
            address = f"{local}{count}@{site}.{MAIL_DOMAIN}"
        self._addresses.add(address)
        return address

    def _given(self, heritage: str, gender: str) -> str:
        sexes = {"Woman": "women", "Man": "men"}
        return self._deal(heritage, sexes.get(gender) or self.rng.choice(["women", "men"]))

    def _family(self, heritage: str) -> str:
        family = self._deal(heritage, "family")
        if self.rng.random() > DOUBLE_NAME_SHARE:
            return family
        other = self._deal(self.rng.choice([heritage, "white", "latino"]), "family")
        return family if other == family else f"{family}-{other}"

    def _deal(self, heritage: str, part: str) -> str:
        key = f"{heritage}/{part}"
        if key not in self._decks:
            self._decks[key] = Deck(load_bank("names")[heritage][part][0].split(), self.rng)
        return self._decks[key].deal()


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "".join(letter for letter in letters.lower() if letter.isalpha() or letter == "-")
