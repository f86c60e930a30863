"""A synthetic nation with every feature: texts as vectors and words, specialties, stages, hours, places, experiences.

Topics drive what people write, the words they use and their specialties; demand is skewed, and supply is skewed
differently. Nothing here is real data.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from services.matcher.interests.records import Interests, Statements, Terms
from services.matcher.policy import Policy, parse_policy
from services.matcher.scoring.people import Mentee, Mentor
from shared.vocabulary.mentoring import Kind, MeetingMode, SitePreference, WorkingStyle
from shared.vocabulary.specialties import SPECIALTIES
from shared.vocabulary.stages import MENTOR_STAGES, TRAINEE_STAGES
from tests.benchmarks.crowds import TOPICS, vectors_of

T = TypeVar("T")
Ints = NDArray[np.int64]
Nation = tuple[list[Mentee], list[Mentor], Interests]

CODES = sorted(SPECIALTIES)
SITES, STATES, TOKENS, WORDS, WORDS_EACH, TOPIC_WORDS = 180, 50, 40, 20_000, 20, 300
NAMES = tuple(f"word{n}" for n in range(WORDS))
KINDS = (Kind.ANY, Kind.NEAR_PEER, Kind.FACULTY, Kind.SPECIALTY)
EVERYTHING = (
    "features: {interest: {}, specialty: {weight: 2, by_kind: {specialty: 4}}, stage: {}, "
    "shared_experience: {weight: 2}, different_perspective: {}, time: {}, place: {weight: 0.5}, style: {weight: 0.5}}"
    "\nrules: {minimum_common_hours: 1}\n"
)


def everything(assignment: str = "{coverage: none, floor: none, load_weight: 0}") -> Policy:
    """All eight features, a common language and an hour a week; the rules of assignment as given."""
    return parse_policy(f"{EVERYTHING}assignment: {assignment}")


def nation_of(mentees: int, seed: int = 0) -> Nation:
    """So many mentees with one slot each, three mentors to ten of them, and what they wrote."""
    left, right, capacity = vectors_of(mentees, seed=seed)
    numbers = np.random.default_rng([seed, 7])
    wanting = [Mentee(id=f"a{n}", **stated) for n, stated in enumerate(_stated(numbers, len(left), _mentee(numbers)))]
    offering = [
        Mentor(id=f"b{n}", max_mentees=int(slots), **stated)
        for n, (slots, stated) in enumerate(zip(capacity, _stated(numbers, len(right), _mentor(numbers)), strict=True))
    ]
    words = [_terms(numbers, len(side)) for side in (left, right)]
    texts = Interests(Statements.one_each(left), Statements.one_each(right), words[0], words[1])
    return wanting, offering, texts


Extra = Callable[[int], dict[str, Any]]


def _stated(numbers: np.random.Generator, people: int, extra: Extra) -> list[dict[str, Any]]:
    """What people state alike; each thing is left out now and then."""
    skew = 1 / np.arange(1, len(CODES) + 1)
    first, second = (numbers.choice(len(CODES), people, p=skew / skew.sum()) for _ in range(2))
    site = numbers.integers(0, SITES, people)
    hours = _hours(numbers, people)
    left_out = numbers.random((people, 3)) < 0.1
    mode, style = numbers.integers(0, 5, people), numbers.integers(0, 4, people)
    spanish = numbers.random(people) < 0.2
    return [
        {
            "specialties": (CODES[first[n]], CODES[second[n]]) if first[n] != second[n] else (CODES[first[n]],),
            "hours": None if left_out[n, 0] else hours[n],
            "institution": "" if left_out[n, 1] else f"site{site[n]}", "state": f"state{site[n] % STATES}",
            "languages": () if left_out[n, 2] else ("en", "es") if spanish[n] else ("en",),
            "meeting_mode": _pick((None, *MeetingMode), mode[n]),
            "working_style": _pick((None, *WorkingStyle), style[n]),
            "ties": frozenset({f"state{site[n - 1] % STATES}"}) if n % 3 == 0 else frozenset(),
            **extra(n),
        }
        for n in range(people)
    ]  # fmt: skip


def _mentee(numbers: np.random.Generator) -> Extra:
    def extra(n: int) -> dict[str, Any]:
        tokens = _tokens(numbers)
        return {
            "stage": _pick(tuple(TRAINEE_STAGES), int(numbers.integers(0, 99))),
            "slots": (KINDS[0 if n % 5 < 3 else 1 + n % 3],),
            "tokens": dict.fromkeys(tokens, 1 + n % 3), "different_perspective": n % 7 == 0,
            "site": _pick(tuple(SitePreference), int(numbers.integers(0, 9))),
        }  # fmt: skip

    return extra


def _mentor(numbers: np.random.Generator) -> Extra:
    def extra(n: int) -> dict[str, Any]:
        return {
            "stage": _pick(tuple(MENTOR_STAGES), int(numbers.integers(0, 99))),
            "kinds": frozenset({Kind.ANY}) if n % 2 else frozenset(),
            "tokens": frozenset(_tokens(numbers)),
        }

    return extra


def _pick(items: Sequence[T], number: int) -> T:
    return items[int(number) % len(items)]


def _tokens(numbers: np.random.Generator) -> list[str]:
    """Half of the people opt in to up to three experiences, some of which are much commoner than others."""
    drawn = (TOKENS * numbers.random(3) ** 2).astype(int)[: max(0, int(numbers.integers(-3, 4)))]
    return [f"token{n}" for n in drawn]


def _hours(numbers: np.random.Generator, people: int) -> list[int]:
    """Two or three free stretches of some hours in each week."""
    day, hour, length = (numbers.integers(low, high, (people, 4)) for low, high in ((0, 7), (12, 22), (1, 4)))
    masks = [
        [((1 << int(size)) - 1) << (24 * int(d) + int(h)) for d, h, size in zip(*week, strict=True)]
        for week in zip(day, hour, length, strict=True)
    ]
    return [a | b | c | d for a, b, c, d in masks]


def _terms(numbers: np.random.Generator, people: int) -> Terms:
    """Words of two topics and of everyday language, weighted by how rare they are; rows of unit length."""
    topic = numbers.integers(0, TOPICS, (people, 2)).repeat(WORDS_EACH // 4, axis=1)
    rank = (TOPIC_WORDS * numbers.random(topic.shape) ** 2).astype(np.int64)
    everyday = (WORDS * numbers.random((people, WORDS_EACH - topic.shape[1])) ** 3).astype(np.int64)
    term = np.sort(np.concatenate([(topic * TOPIC_WORDS + rank) % WORDS, everyday], axis=1), axis=1)
    kept = np.concatenate([np.ones((people, 1), np.bool_), term[:, 1:] != term[:, :-1]], axis=1)
    start = np.concatenate([[0], np.cumsum(kept.sum(axis=1))]).astype(np.int64)
    flat = term[kept].astype(np.int32)
    weight = np.log(people / np.bincount(flat, minlength=WORDS)[flat]) + 1.0
    length = np.sqrt(np.add.reduceat(weight**2, start[:-1]))
    return Terms(start, flat, weight / np.repeat(length, np.diff(start)), WORDS, NAMES)
