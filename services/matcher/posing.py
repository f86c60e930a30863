"""From a cycle's people, scores and the lead's decisions to the assignment problem of a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from services.matcher.assignment.problem import Pair, Problem
from services.matcher.loading import Cycle
from services.matcher.scoring.national import NationalScores
from services.matcher.scoring.rules import WhyNot

People = tuple[str, str]
WORDS: dict[WhyNot, str] = {
    WhyNot.KIND: "the mentor does not offer what the mentee asks for at this career stage",
    WhyNot.SPECIALTY: "the mentor works in another specialty than the one asked for",
    WhyNot.EVALUATOR: "the mentor evaluates the mentee",
    WhyNot.BLOCKED: "the two must not be matched, or were offered to each other already",
    WhyNot.SAME_PERSON: "both are the same person",
    WhyNot.SITE: "the program's rule about institutions forbids it",
    WhyNot.LANGUAGE: "they have no language in common",
    WhyNot.HOURS: "they have too few hours in common",
    WhyNot.MENTEE_NOT_READY: "the mentee's training or pledge is missing",
    WhyNot.MENTOR_NOT_READY: "the mentor's training or pledge is missing",
}


class CannotPinError(ValueError):
    """A pair that the lead pinned cannot be made; the sentence says why."""


@dataclass(frozen=True)
class Decisions:
    """Pairs, by ids of mentee and mentor, that must be made and that must not."""

    pins: tuple[People, ...] = ()
    forbidden: tuple[People, ...] = ()

    @classmethod
    def of(cls, rules: Sequence[Mapping[Any, Any]]) -> "Decisions":
        """From rows of the view of a run's rules."""
        named = sorted((rule["rule"], str(rule["mentee_id"]), str(rule["mentor_id"])) for rule in rules)
        return cls(
            tuple((mentee, mentor) for rule, mentee, mentor in named if rule == "pin"),
            tuple((mentee, mentor) for rule, mentee, mentor in named if rule == "forbid"),
        )


def pose_problem(cycle: Cycle, scores: NationalScores, decisions: Decisions = Decisions()) -> Problem:
    """The assignment problem of a cycle: a row per open slot, running mentorships as load, decisions as pins and bans.

    Ties are broken by the cycle, so that runs over the same people agree. Raises CannotPinError.
    """
    serve_first = scores.policy.tiers.unmatched_before
    return Problem(
        source=scores,
        owner=scores.owner,
        capacity=np.array([m.max_mentees for m in cycle.mentors], np.int32),
        minimum=np.array([m.min_mentees for m in cycle.mentors], np.int32),
        load=np.array([m.promised for m in cycle.mentors], np.int32),
        tier=np.array([cycle.mentees[n].tier if serve_first else 0 for n in scores.owner], np.int16),
        pins=_pins(cycle, scores, decisions.pins),
        forbidden_owners=_bans(cycle, decisions.forbidden),
        tie_key=cycle.cycle_id.bytes,
        row_ids=tuple(f"{cycle.mentees[n].id}/{k}" for n, k in zip(scores.owner, slot_numbers(scores), strict=True)),
        mentor_ids=tuple(m.id for m in cycle.mentors),
    )


def slot_numbers(scores: NationalScores) -> list[int]:
    """The number of each row's slot among its mentee's open slots."""
    firsts = np.searchsorted(scores.owner, scores.owner)
    return [int(n) for n in np.arange(scores.rows) - firsts]


def _bans(cycle: Cycle, forbidden: Sequence[People]) -> tuple[Pair, ...]:
    """Somebody who no longer takes part needs no ban."""
    mentee_at, mentor_at = _places(cycle)
    known = ((mentee_at.get(mentee), mentor_at.get(mentor)) for mentee, mentor in forbidden)
    return tuple((mentee, mentor) for mentee, mentor in known if mentee is not None and mentor is not None)


def _pins(cycle: Cycle, scores: NationalScores, wanted: Sequence[People]) -> tuple[Pair, ...]:
    mentee_at, mentor_at = _places(cycle)
    pins: dict[int, int] = {}
    for mentee, mentor in wanted:
        if mentee not in mentee_at or mentor not in mentor_at:
            raise CannotPinError("A pair that you pinned cannot be made: one of the two no longer takes part.")
        pins[_row_for(scores, mentee_at[mentee], mentor_at[mentor], pins)] = mentor_at[mentor]
    _require_places(cycle, list(pins.values()))
    return tuple(pins.items())


def _row_for(scores: NationalScores, mentee: int, mentor: int, taken: Mapping[int, int]) -> int:
    """The first open slot of a mentee that this mentor can fill."""
    rows = [int(row) for row in np.flatnonzero(scores.owner == mentee) if int(row) not in taken]
    if not rows:
        raise CannotPinError("A pair that you pinned cannot be made: every place that the mentee wishes is filled.")
    broken = scores.why_not(np.array(rows, np.int64), np.full(len(rows), mentor, np.int64))
    if broken.all():
        raise CannotPinError(f"A pair that you pinned cannot be made: {_why(int(broken[0]))}.")
    return rows[int(np.flatnonzero(broken == 0)[0])]


def _why(broken: int) -> str:
    return "; ".join(words for rule, words in WORDS.items() if broken & rule)


def _require_places(cycle: Cycle, mentors: Sequence[int]) -> None:
    if any(mentors.count(mentor) > cycle.mentors[mentor].max_mentees for mentor in set(mentors)):
        raise CannotPinError("More pairs are pinned to a mentor than this mentor has free places. Release a pin.")


def _places(cycle: Cycle) -> tuple[dict[str, int], dict[str, int]]:
    return {m.id: n for n, m in enumerate(cycle.mentees)}, {m.id: n for n, m in enumerate(cycle.mentors)}
