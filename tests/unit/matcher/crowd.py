"""Random mentees and mentors with everything that can be stated, or left out, about them."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from services.matcher.interests.records import Interests, Statements, Terms
from services.matcher.scoring.people import Mentee, Mentor
from shared.vocabulary.mentoring import Kind, MeetingMode, SitePreference, WorkingStyle
from shared.vocabulary.specialties import SPECIALTIES
from shared.vocabulary.stages import MENTOR_STAGES, TRAINEE_STAGES

T = TypeVar("T")

CODES = sorted(SPECIALTIES)
LANGUAGES = ("en", "es", "fr", "asl")
STATES = ("MN", "AZ", "FL", "NY", "CA")
TOKENS = tuple(f"token-{n}" for n in range(12))
KINDS = (Kind.ANY, Kind.NEAR_PEER, Kind.FACULTY, Kind.SPECIALTY)


def some(rng: np.random.Generator, items: Sequence[object], most: int) -> list[int]:
    return [int(n) for n in rng.permutation(len(items))[: rng.integers(0, most + 1)]]


def one_of(rng: np.random.Generator, items: Sequence[T]) -> T:
    return items[int(rng.integers(0, len(items)))]


def stated(rng: np.random.Generator) -> dict[str, object]:
    """What mentees and mentors state alike; each thing is left out now and then."""
    hours = int.from_bytes(rng.bytes(21), "little") & int.from_bytes(rng.bytes(21), "little")
    place = int(rng.integers(0, 12))
    return {
        "specialties": tuple(CODES[n] for n in some(rng, CODES, 3)),
        "hours": None if rng.random() < 0.1 else hours & int.from_bytes(rng.bytes(21), "little"),
        "institution": "" if rng.random() < 0.1 else f"site-{place}",
        "state": STATES[place % len(STATES)],
        "languages": tuple(LANGUAGES[n] for n in some(rng, LANGUAGES, 3)),
        "meeting_mode": one_of(rng, [None, *MeetingMode]),
        "working_style": one_of(rng, [None, *WorkingStyle]),
        "meetings_per_month": one_of(rng, [None, 1, 2, 4]),
        "ties": frozenset(STATES[n] for n in some(rng, STATES, 2)),
        "trained": bool(rng.random() < 0.95),
    }


def mentee(rng: np.random.Generator, number: int, mentors: int) -> Mentee:
    return Mentee(
        id=f"mentee-{number}", account=f"account-{number}", stage=one_of(rng, [None, *TRAINEE_STAGES]),
        slots=tuple(KINDS[n] for n in some(rng, KINDS, 2)) or (Kind.ANY,),
        tokens={TOKENS[n]: int(rng.integers(0, 4)) for n in some(rng, TOKENS, 4)},
        different_perspective=bool(rng.random() < 0.3), site=one_of(rng, list(SitePreference)),
        blocked=frozenset({f"mentor-{rng.integers(0, mentors)}"}), **stated(rng),  # type: ignore[arg-type]
    )


def mentor(rng: np.random.Generator, number: int, mentees: int) -> Mentor:
    return Mentor(
        id=f"mentor-{number}", account=f"account-{rng.integers(0, 4 * mentees)}",
        stage=one_of(rng, [None, *MENTOR_STAGES]),
        kinds=frozenset(KINDS[n] for n in some(rng, KINDS, 2)), max_mentees=int(rng.integers(1, 4)),
        tokens=frozenset(TOKENS[n] for n in some(rng, TOKENS, 5)),
        evaluates=frozenset({f"mentee-{rng.integers(0, mentees)}"}), **stated(rng),  # type: ignore[arg-type]
    )


def crowd(seed: int, mentees: int, mentors: int) -> tuple[list[Mentee], list[Mentor]]:
    rng = np.random.default_rng(seed)
    return ([mentee(rng, n, mentors) for n in range(mentees)], [mentor(rng, n, mentees) for n in range(mentors)])


def statements(rng: np.random.Generator, people: int, most: int, width: int = 32) -> Statements:
    """Unit vectors, 0 to `most` per person; the first is no aside."""
    start = np.concatenate([[0], np.cumsum(rng.integers(0, most + 1, people))]).astype(np.int64)
    vectors = rng.normal(size=(int(start[-1]), width)) + 0.4
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    border = rng.integers(np.minimum(start[:-1] + 1, start[1:]), start[1:] + 1)
    return Statements(vectors.astype(np.float32), start, border)


def terms(rng: np.random.Generator, people: int, vocabulary: int = 40) -> Terms:
    rows = [np.sort(rng.permutation(vocabulary)[: rng.integers(0, 8)]) for _ in range(people)]
    start = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    weight = np.concatenate([rng.random(len(row)) for row in rows]) / 3
    return Terms(start, np.concatenate(rows).astype(np.int32), weight, vocabulary,
                 tuple(f"word{n}" for n in range(vocabulary)))


def interests(seed: int, mentees: int, mentors: int, most: int = 3) -> Interests:
    rng = np.random.default_rng(seed)
    return Interests(statements(rng, mentees, most), statements(rng, mentors, most),
                     terms(rng, mentees), terms(rng, mentors))
