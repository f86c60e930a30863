"""Mentees ask down their lists, mentors accept while they have room: priced lists beside plain ones.

Lists come from `list_for`, as on the platform, over synthetic nations with every feature, and everybody asks at the
same time. Two ways to go on after a refusal: as on the platform, where cards of mentors without room are not shown;
and blindly, where mentors are asked though they have filled up (harsher than the platform).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from services.matcher.assignment.congestion import congestion_prices, suggest
from services.matcher.assignment.crowding import play_season
from services.matcher.assignment.problem import Float64, Int32, Int64, Problem
from services.matcher.interests.lexical import Lexicon
from services.matcher.interests.records import Interests, Statements
from services.matcher.scoring.national import NationalScores
from services.matcher.scoring.people import Mentee
from services.matcher.suggestions import Panorama, list_for, shelf_of
from tests.benchmarks.figures import Figure, Setting, size_name
from tests.benchmarks.nation import everything, nation_of

SIZES, SEEDS = (500, 1_000, 2_000, 5_000), (0, 1, 2)
LEVELS = 50

Draw = Callable[["Town", int, Panorama], Int64]


@dataclass(frozen=True)
class Town:
    """A nation's people beside the panorama of its mentors; `wrote` has what each mentee wrote."""

    mentees: list[Mentee]
    wrote: list[Interests]
    capacity: Int32
    prices: Float64
    panorama: Panorama


@dataclass
class Season:
    """What a season of asking came to: requests per mentor, who is served, and how long each list took."""

    asked: Int64
    served: NDArray[np.bool_]
    seconds: list[float]


def bench_suggestions(setting: Setting) -> list[Figure]:
    """Priced lists, plain top-k, and top-k with scores in 50 levels and ties in random order."""
    figures = []
    for mentees in setting.sizes(SIZES):
        for seed in SEEDS:
            setting.tell(f"suggestions: {mentees:,} mentees, seed {seed}")
            figures += _measure(town_of(mentees, seed), f"{size_name(mentees, round(mentees * 0.3))}, seed {seed}")
    return figures


def _measure(town: Town, name: str) -> list[Figure]:
    free = np.zeros(len(town.capacity))
    kinds: dict[str, tuple[Draw, Float64]] = {
        "priced": (listed, town.prices), "top": (listed, free), "random-tie top": (_random_ties, free)
    }  # fmt: skip
    ways = {"as on the platform": True, "blindly": False}
    return [
        figure
        for kind, (draw, prices) in kinds.items() for season_lists in [lists_of(town, draw, prices)]
        for way, hide_full in ways.items()
        for figure in _figures(f"{kind}, {way}", name, town, play(town, season_lists, hide_full=hide_full))
    ]  # fmt: skip


def _figures(what: str, name: str, town: Town, season: Season) -> list[Figure]:
    possible = min(len(town.mentees), int(town.capacity.sum()))
    rows = [
        ("served", 100 * season.served.sum() / possible, "%"),
        ("most asked / bandwidth", (season.asked / town.capacity).max(), "times"),
        ("over 3 × bandwidth", int((season.asked > 3 * town.capacity).sum()), "mentors"),
    ]
    if what.endswith("blindly"):  # the same lists
        rows += [("one list, median", 1000 * np.median(season.seconds), "ms"),
                 ("one list, worst", 1000 * max(season.seconds), "ms")]
    return [Figure("suggestions", f"{what}: {label}", name, float(value), unit) for label, value, unit in rows]


def town_of(mentees: int, seed: int) -> Town:
    """A nation with prices from its match, as a run leaves them."""
    people, mentors, texts = nation_of(mentees, seed)
    mentors = [replace(mentor, id=str(UUID(int=n))) for n, mentor in enumerate(mentors)]
    scores = NationalScores(people, mentors, everything(), texts)
    capacity = np.array([m.max_mentees for m in mentors], np.int32)
    problem = Problem(scores, capacity, owner=scores.owner, mentor_ids=tuple(m.id for m in mentors))
    prices = congestion_prices(problem, institution=shelf_of(mentors, {}).institution)
    panorama = Panorama((), scores, shelf_of(mentors, {}), Lexicon.of([]))
    return Town(people, [_own(texts, n) for n in range(mentees)], capacity, prices, panorama)


def _own(texts: Interests, mentee: int) -> Interests:
    """What one mentee wrote, beside all mentors."""
    terms, person = texts.mentee_terms, slice(*texts.mentee_terms.start[mentee : mentee + 2])
    own = replace(terms, start=np.array([0, person.stop - person.start]), term=terms.term[person],
                  weight=terms.weight[person])  # fmt: skip
    statement = Statements.one_each(texts.mentee_statements.vectors[mentee : mentee + 1])
    return Interests(statement, texts.mentor_statements, own, texts.mentor_terms)


def lists_of(town: Town, draw: Draw, prices: Float64) -> "tuple[Int64, list[float]]":
    """Everybody's list, int64[mentees, length] (-1 after its end), and the seconds that each took."""
    panorama = replace(town.panorama, shelf=replace(town.panorama.shelf, price=prices))
    length = panorama.scores.policy.suggestions.length
    lists, seconds = [], []
    for mentee in range(len(town.mentees)):
        began = perf_counter()
        chosen = draw(town, mentee, panorama)
        seconds.append(perf_counter() - began)
        lists.append(np.pad(chosen, (0, length - len(chosen)), constant_values=-1))
    return np.stack(lists), seconds


def play(town: Town, lists: "tuple[Int64, list[float]]", *, hide_full: bool) -> Season:
    """All ask in a fixed random order, down their lists."""
    count = len(town.mentees)
    season = Season(np.zeros(len(town.capacity), np.int64), np.zeros(count, np.bool_), lists[1])
    order = np.random.default_rng(5).permutation(count)
    play_season(lists[0], order, town.capacity.astype(np.int64), season.asked, season.served, hide_full)
    return season


def listed(town: Town, mentee: int, panorama: Panorama) -> Int64:
    rows, _ = list_for(panorama, town.mentees[mentee], town.wrote[mentee])
    return np.array([row["mentor_id"].int for row in rows], np.int64)


def _random_ties(town: Town, mentee: int, panorama: Panorama) -> Int64:
    scores = panorama.scores.facing([town.mentees[mentee]], town.wrote[mentee])
    given = scores.exact(np.zeros(scores.mentors, np.int64), np.arange(scores.mentors))
    rules = scores.policy.suggestions
    seen, ties = np.floor(given * LEVELS) / LEVELS, np.uint64(mentee)
    return suggest(seen, panorama.shelf, ties, rules.length, rules.per_institution)
