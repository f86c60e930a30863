"""Real variety, measured: no one template with words swapped."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_array

from infra.demo.banks import load_bank
from infra.demo.people import Mentee, Mentor, Participation
from tests.unit.demo.nation import crowd

Grams = set[tuple[str, ...]]


def whole_text(one: Participation) -> str:
    return " ".join(one.statements.values())


def grams(text: str, length: int) -> Grams:
    words = re.findall(r"\w+", text.lower())
    return set(zip(*(words[at:] for at in range(length)), strict=False))


def sides() -> tuple[Sequence[Mentee | Mentor], ...]:
    return crowd().mentees, crowd().mentors


@pytest.mark.parametrize("side", [0, 1])
def test_most_runs_of_five_words_are_distinct(side: int) -> None:
    counted = Counter(gram for one in sides()[side] for gram in grams(whole_text(one), 5))
    assert len(counted) > 0.45 * counted.total()
    assert counted.most_common(1)[0][1] < 0.12 * len(sides()[side])


@pytest.mark.parametrize("side", [0, 1])
def test_no_two_people_wrote_nearly_the_same(side: int) -> None:
    texts = [grams(whole_text(one), 3) for one in sides()[side][::2]]
    shared = shares(texts)
    sizes = np.array([len(text) for text in texts])
    together = sizes[:, None] + sizes[None, :] - shared
    near = np.count_nonzero(np.triu(2 * shared > together, k=1))
    assert near <= 2


def shares(texts: Sequence[Grams]) -> NDArray[np.int64]:
    """int[texts, texts]: how many grams each two have in common."""
    numbers = {gram: n for n, gram in enumerate(set().union(*texts))}
    places = [numbers[gram] for text in texts for gram in text]
    starts = np.cumsum([0, *(len(text) for text in texts)])
    has = csr_array((np.ones(len(places), np.int64), places, starts), shape=(len(texts), len(numbers)))
    return np.asarray((has @ has.T).toarray(), np.int64)


def test_texts_differ_in_length_from_a_few_words_to_a_paragraph() -> None:
    lengths = sorted(len(m.statements["wish"].split()) for m in crowd().mentees)
    assert lengths[len(lengths) // 10] <= 16
    assert lengths[-len(lengths) // 10] > 50


def test_texts_begin_in_many_ways() -> None:
    starts = Counter(" ".join(m.statements["wish"].split()[:3]) for m in crowd().mentees)
    assert len(starts) > 400
    assert starts.most_common(1)[0][1] < 0.03 * len(crowd().mentees)


def test_no_slot_is_left_open_and_nothing_is_empty() -> None:
    for side in sides():
        for one in side:
            for text in one.statements.values():
                assert text.strip()
                assert "{" not in text
                assert "  " not in text


def test_texts_mention_only_those_parts_of_a_life_that_are_shown() -> None:
    lines = {line: life for life, bank in load_bank("lives").items() for side in bank.values() for line in side}
    told = 0
    for one in (*crowd().mentees, *crowd().mentors):
        said = {life for line, life in lines.items() if "{" not in line and line in whole_text(one)}
        told += len(said)
        assert said <= one.person.identity.shown
    assert told > 150


def test_texts_fit_their_specialty() -> None:
    surgeons = [m for m in crowd().mentees if m.specialties == ("orthopedics",)]
    emergency = [m for m in crowd().mentees if m.specialties == ("emergency_medicine",)]
    assert share_of("dermatology", surgeons) == share_of("dermatology", emergency) == 0
    assert share_of("orthopedics", surgeons) > 0.6
    assert share_of("orthopedics", emergency) == 0


def share_of(bank: str, people: Sequence[Mentee]) -> float:
    """How many of these people say something from the bank of a specialty."""
    lines = [line for kind in load_bank("specialties")[bank].values() for line in kind if len(line) > 12]
    return sum(any(line.lower() in whole_text(m).lower() for line in lines) for m in people) / len(people)


def test_some_write_in_spanish_or_french_and_speak_it() -> None:
    spanish = [m for m in crowd().mentees if re.search(r"\b(quiero|gustaría|busco|alguien)\b", whole_text(m).lower())]
    assert 10 < len(spanish) < 120
    assert all("es" in m.person.identity.languages for m in spanish)


def test_everybody_fills_in_the_first_facet_and_many_leave_others_empty() -> None:
    for side, first, facets in ((crowd().mentees, "wish", {"goals"}), (crowd().mentors, "offer", {"expertise"})):
        filled = [set(one.statements) for one in side]
        assert all(first in one <= {first, "interests"} | facets for one in filled)
        assert 0.25 < sum(len(one) == 3 for one in filled) / len(filled) < 0.75
