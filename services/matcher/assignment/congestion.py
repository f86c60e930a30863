"""Priced suggestions: lists that spread over mentors because crowded mentors cost more.

The prices are the assignment's own duals: at them each matched mentee's best remaining value is the
mentor the optimum gives them (Shapley & Shubik 1971), so that first wishes fill bandwidth, not inboxes.
"""

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from services.matcher.assignment.crowding import draw_lists, most_requests
from services.matcher.assignment.instance import Instance, Objective
from services.matcher.assignment.pricing import Scan
from services.matcher.assignment.problem import Float64, Int32, Int64, Problem, Rules
from services.matcher.assignment.solution import Progress
from services.matcher.assignment.solve import solve
from services.matcher.assignment.ties import hash_names, pair_hashes

MOST_FROM_ONE_PLACE = 2
MOST_ASKED = 2.0
LIST_LENGTH = 5
DEPTH = 48
ROUNDS = 120
SEASONS = 16
STEP = 0.01


@dataclass(frozen=True, slots=True)
class Shelf:
    """What suggestions need to know of the mentors: congestion price, open slots, institution code, id hash."""

    price: Float64
    open_slots: Int32
    institution: Int32
    mentor_hash: NDArray[np.uint64]

    def with_open_slots(self, open_slots: Int32) -> "Shelf":
        return replace(self, open_slots=open_slots)


def congestion_prices(
    problem: Problem, load_weight: float = 0.05, progress: Progress | None = None, institution: Int32 | None = None
) -> Float64:
    """Price per mentor in score units, float64[mentors] >= 0: what the next-best mentee loses by their absence.

    From the matching that maximizes the total score less the load cost, then raised where the lists would
    still send a mentor many more requests than they have slots (mentees whom the optimum leaves out ask
    too). `institution` int32[mentors], -1 where unknown: lists hold few from one. Mentors without a slot are
    free of charge (they are never shown).
    """
    rules = Rules(coverage="none", floor="none", load_weight=load_weight)
    prices = solve(problem, rules, progress).mentor_price
    prices = np.where(problem.capacity > 0, np.maximum(prices, 0), 0.0)
    places = np.full(problem.mentors, -1, np.int32) if institution is None else institution
    return ease_crowding(Instance(problem, rules), prices, places)


def ease_crowding(instance: Instance, price: Float64, institution: Int32) -> Float64:
    """Raise prices until, in the worst season of asking, nobody gets over `MOST_ASKED` requests a slot; the best seen.

    In a season all ask at once, and go on down their lists after a refusal, past mentors who are full by then:
    the platform does not show them. Each round draws up everybody's list, plays the seasons, and raises the prices
    of the crowded by the logarithm of their excess (tâtonnement, Walras 1874). Lists come from each row's `DEPTH`
    best mentors at the first prices: one pass over all pairs.
    """
    objective = Objective(scored=True, tier_bonus=(0,) * instance.tiers, minimum_bonus=0)
    near = Scan(instance, objective, DEPTH).lists((price * instance.unit).astype(np.int64))
    rows, places = np.nonzero(near >= 0)
    score = np.full(near.shape, -np.inf)
    score[rows, places] = instance.problem.source.exact(rows, near[rows, places])
    orders = _orders(instance)
    best, least = price, np.inf
    for _ in range(ROUNDS):
        lists = draw_lists(near, score, price, institution, MOST_FROM_ONE_PLACE, LIST_LENGTH)
        crowding = most_requests(lists, orders, instance.problem.capacity.astype(np.int64))
        if crowding.max(initial=0) < least:
            best, least = price, float(crowding.max(initial=0))
        if least <= MOST_ASKED:
            break
        price = price + STEP * np.log(np.maximum(crowding / MOST_ASKED, 1))
    return best


def _orders(instance: Instance) -> list[Int64]:
    """Orders in which rows come to ask, drawn from their hashes: the same for the same people."""
    hashes = instance.row_hash.view(np.uint8).reshape(-1, 8)
    return [np.argsort(np.roll(hashes, season, 1).view(np.uint64)[:, 0]) for season in range(SEASONS)]


def number_institutions(names: Sequence[str]) -> Int32:
    """Equal names get equal numbers, int32[mentors]; -1 where unknown, so that these are not taken for one place."""
    numbers = {name: n for n, name in enumerate(sorted({*names} - {""}))}
    return np.array([numbers.get(name, -1) for name in names], np.int32)


def make_shelf(problem: Problem, price: Float64, institution: Int32) -> Shelf:
    """A shelf for a problem's mentors; `institution` int32[mentors], -1 where unknown."""
    hashes = hash_names(problem.mentor_ids, problem.tie_key, b"mentor")
    return Shelf(np.asarray(price, np.float64), problem.capacity, np.asarray(institution, np.int32), hashes)


def suggest(
    scores: Float64, shelf: Shelf, mentee_hash: np.uint64, count: int = 10, per_place: int = MOST_FROM_ONE_PLACE
) -> Int64:
    """Mentors to show one mentee with one wish, best first; scores float64[mentors], else see `suggest_in_turn`."""
    return suggest_in_turn(scores[np.newaxis], shelf, mentee_hash, count, per_place)[1]


def suggest_in_turn(
    scores: Float64, shelf: Shelf, mentee_hash: np.uint64, count: int = 10, per_place: int = MOST_FROM_ONE_PLACE
) -> tuple[Int64, Int64]:
    """Wish and mentor of each place of one mentee's list: each wish in turn shows its best mentor not shown yet.

    scores float64[wishes, mentors], -inf where not eligible. Best is by score less price; at most `per_place` in all
    come from one institution. Only mentors with open slots; equal values by keyed hash, so that the list stays the
    same from visit to visit while nothing changes. A wish with nobody left gives its turns to the others.
    """
    waiting = deque((wish, _ranked(line, shelf, mentee_hash, count)) for wish, line in enumerate(scores))
    chosen: dict[int, int] = {}
    places: Counter[int] = Counter()
    while waiting and len(chosen) < count:
        wish, line = waiting.popleft()
        mentor = next((m for m in line if m not in chosen and places[shelf.institution[m]] < per_place), None)
        if mentor is not None:
            chosen[mentor] = wish
            places[shelf.institution[mentor]] += shelf.institution[mentor] >= 0
            waiting.append((wish, line))
    return np.array(list(chosen.values()), np.int64), np.array(list(chosen), np.int64)


def _ranked(scores: Float64, shelf: Shelf, mentee_hash: np.uint64, count: int) -> Iterator[int]:
    """The mentors with room whom a wish may have, best first; sorted only as far as they are asked for."""
    shown = np.flatnonzero(np.isfinite(scores) & (shelf.open_slots > 0))
    value = scores[shown] - shelf.price[shown]
    draws = pair_hashes(np.full(len(shown), mentee_hash, np.uint64), shelf.mentor_hash[shown])
    told, width = 0, max(count * 8, 64)
    while told < len(shown):
        front = _front(value, draws, width)
        yield from shown[front[told:]].tolist()
        told, width = len(front), width * 4


def _front(value: Float64, draws: Int64, width: int) -> Int64:
    """The `width` best entries in order, ties by draw."""
    if width < len(value):
        cut = np.partition(value, len(value) - width)[len(value) - width]
        front = np.flatnonzero(value >= cut)
    else:
        front = np.arange(len(value))
    return front[np.lexsort((-draws[front], -value[front]))]
