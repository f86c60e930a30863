"""Stuffing gains nothing, with the real model and the real scores: neither a mentor's rank nor a mentee's rises."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from services.matcher.interests.openvino_model import OpenVinoModel, Precision
from services.matcher.interests.reading import InterestReader
from services.matcher.policy import Policy
from services.matcher.scoring.national import NationalScores
from services.matcher.scoring.people import Mentee, Mentor
from shared.vocabulary.specialties import SPECIALTIES
from tests.benchmarks.labelled import load_topics

MODEL, VECTORS = OpenVinoModel(precision=Precision.F32), dict[bytes, NDArray[np.float32]]()
REPEATED = "emergency medicine " * 200
WISHES = [
    "I would like to learn emergency medicine and ultrasound from somebody who teaches it.",
    "Applying to emergency medicine this fall from a school without a home program.",
    "Is emergency medicine sustainable with small children?",
]
OFFER = "Community emergency physician for eighteen years. Ask me about nights and whether emergency medicine suits."
WISH = "I worked as a paramedic, want to do emergency medicine, and look for somebody who teaches at night."
OFFERS = [OFFER, "I direct an emergency medicine residency and read applications.", "EMS, ambulances, helicopters."]
STUFFED = {
    "repeated": f"{{text}} {REPEATED}",
    "repeated in other spellings": "{text} " + "Emergency Medicine! emergency, medicine; EMERGENCY  MEDICINE? " * 66,
    "repeated in sentences": "{text} " + " ".join(
        f"{who} {what} emergency medicine." for who in ("I", "We", "They", "People")
        for what in ("love", "do", "teach", "know", "want", "need", "like", "see")),
    "every specialty": "{text} " + ", ".join(SPECIALTIES.values()),
    "hidden": "{text} " + "\u200bemer\u00adgency\u2060 \ufeffmedicine\U000e0065" * 200,
    "profane": "Damn, {text} Fucking shit, damn! WTF.",
}


@cache
def crowd(side: str) -> list[list[str]]:
    """The people of the labelled texts."""
    topics = load_topics("dev")
    if side == "mentors":
        return [list(given.values()) for topic in topics for given in topic.mentors]
    return [list(query.texts.values()) for topic in topics for query in topic.queries]


def score(mentees: Sequence[Sequence[str]], mentors: Sequence[Sequence[str]]) -> NDArray[np.float64]:
    """float64[mentees, mentors]: the product's scores by their texts alone."""
    interests = InterestReader(MODEL, VECTORS).read(mentees, mentors)
    one, other = [Mentee(id=f"e{n}") for n in range(len(mentees))], [Mentor(id=f"o{n}") for n in range(len(mentors))]
    scores = NationalScores(one, other, Policy(), interests)
    rows, places = np.divmod(np.arange(len(one) * len(other)), len(other))
    return scores.exact(rows, places).reshape(len(one), len(other))


def mentor_ranks(statements: list[str]) -> list[int]:
    """For each wish: how many mentors of the crowd stand above one who writes this."""
    scores = score([[wish] for wish in WISHES], [*crowd("mentors"), statements])
    return [int((row[:-1] > row[-1]).sum()) for row in scores]


def mentee_ranks(statements: list[str]) -> list[int]:
    """For each mentor: how many mentees of the crowd fit better than one who writes this."""
    scores = score([*crowd("mentees"), statements], [[offer] for offer in OFFERS]).T
    return [int((column[:-1] > column[-1]).sum()) for column in scores]


@pytest.mark.parametrize("way", STUFFED)
def test_no_stuffing_lifts_a_mentor(way: str) -> None:
    honest, stuffed = mentor_ranks([OFFER]), mentor_ranks([STUFFED[way].format(text=OFFER)])
    assert all(after >= before for before, after in zip(honest, stuffed, strict=True)), (honest, stuffed)


@pytest.mark.parametrize("way", STUFFED)
def test_no_stuffing_lifts_a_mentee(way: str) -> None:
    honest, stuffed = mentee_ranks([WISH]), mentee_ranks([STUFFED[way].format(text=WISH)])
    assert all(after >= before for before, after in zip(honest, stuffed, strict=True)), (honest, stuffed)


def test_two_hundred_times_is_worth_as_much_as_once() -> None:
    scores = score([[wish] for wish in WISHES], [["emergency medicine"], [REPEATED], [REPEATED, REPEATED]])
    assert (scores[:, 0] == scores[:, 1]).all()
    assert (scores[:, 0] == scores[:, 2]).all()


def test_naming_every_specialty_is_worth_less_than_knowing_one() -> None:
    everything = ", ".join(SPECIALTIES.values())
    for topic in load_topics("dev"):
        mentors = [list(given.values()) for given in topic.mentors]
        scores = score([list(q.texts.values()) for q in topic.queries], [*mentors, [everything]])
        best = np.array([np.argmax(query.grades) for query in topic.queries])
        worse = scores[np.arange(len(best)), best] > scores[:, -1]
        assert worse.mean() > 0.7, topic.name
