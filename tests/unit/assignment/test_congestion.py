"""Suggestions: varied, open, stable, and spread by price."""

import numpy as np
import pytest

from services.matcher.assignment.congestion import (
    Shelf,
    congestion_prices,
    make_shelf,
    number_institutions,
    suggest,
    suggest_in_turn,
)
from services.matcher.assignment.crowding import draw_lists, play_season
from services.matcher.assignment.problem import Problem
from services.matcher.assignment.sources import FactorScores
from services.matcher.assignment.ties import hash_names
from tests.unit.assignment.instances import topic_vectors

MENTEE = hash_names(["someone"], b"key", b"row")[0]


def shelf(price: list[float], open_slots: list[int], institution: list[int]) -> Shelf:
    hashes = hash_names([f"m{i}" for i in range(len(price))], b"key", b"mentor")
    return Shelf(np.array(price), np.array(open_slots, np.int32), np.array(institution, np.int32), hashes)


def test_a_list_ranks_by_score_less_price() -> None:
    plain = shelf([0.0, 0.5, 0.0], [1, 1, 1], [0, 1, 2])
    assert suggest(np.array([0.6, 0.9, 0.5]), plain, MENTEE).tolist() == [0, 2, 1]


def test_a_list_shows_only_eligible_mentors_with_room() -> None:
    full = shelf([0.0] * 4, [1, 0, 1, 1], [0, 1, 2, 3])
    assert suggest(np.array([0.6, 0.9, -np.inf, 0.5]), full, MENTEE).tolist() == [0, 3]


def test_no_three_come_from_one_institution() -> None:
    one_place = shelf([0.0] * 6, [1] * 6, [7, 7, 7, 8, -1, -1])
    assert suggest(np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4]), one_place, MENTEE).tolist() == [0, 1, 3, 4, 5]


def test_a_long_list_from_few_places_still_fills_up() -> None:
    places = np.where(np.arange(2000) < 1990, 0, np.arange(2000)).astype(np.int32)
    crowd = Shelf(np.zeros(2000), np.ones(2000, np.int32), places, np.arange(2000, dtype=np.uint64))
    assert suggest(np.linspace(1, 0, 2000), crowd, MENTEE, 10).tolist() == [0, 1, *range(1990, 1998)]


def test_equal_mentors_come_in_an_order_of_the_mentees_own_that_stays() -> None:
    equal = shelf([0.0] * 8, [1] * 8, list(range(8)))
    lists = [suggest(np.ones(8), equal, key).tolist() for key in hash_names(list("abcdef"), b"key", b"row")]
    assert len({tuple(one) for one in lists}) > 3
    assert suggest(np.ones(8), equal, hash_names(["a"], b"key", b"row")[0]).tolist() == lists[0]


def test_each_wish_in_turn_shows_its_best_by_score_less_price() -> None:
    scores = np.array([[0.9, 0.8, 0.7, -np.inf, 0.2], [-np.inf, -np.inf, 0.3, 0.6, 0.4]])
    wishes, mentors = suggest_in_turn(scores, shelf([0.5, 0, 0, 0, 0], [1] * 5, list(range(5))), MENTEE, 4)
    assert list(zip(wishes.tolist(), mentors.tolist(), strict=True)) == [(0, 1), (1, 3), (0, 2), (1, 4)]


def test_a_wish_with_nobody_left_gives_its_turns_to_the_others() -> None:
    scores = np.array([[0.9, 0.8, 0.7, 0.6], [0.1, -np.inf, -np.inf, -np.inf]])
    wishes, mentors = suggest_in_turn(scores, shelf([0.0] * 4, [1] * 4, list(range(4))), MENTEE, 3)
    assert (wishes.tolist(), mentors.tolist()) == ([0, 0, 0], [0, 1, 2])


def test_no_three_come_from_one_institution_whichever_wishes_they_fill() -> None:
    scores = np.array([[0.9, 0.8, -np.inf, -np.inf], [-np.inf, -np.inf, 0.9, 0.8]])
    _wishes, mentors = suggest_in_turn(scores, shelf([0.0] * 4, [1] * 4, [7, 7, 7, 8]), MENTEE)
    assert mentors.tolist() == [0, 2, 3]


@pytest.mark.parametrize("seed", range(3))
def test_first_wishes_at_these_prices_bury_nobody(seed: int) -> None:
    left, right, capacity = topic_vectors(300, 120, seed)
    source = FactorScores(left, right, clip0=True)
    problem = Problem(source, capacity)
    priced = make_shelf(problem, congestion_prices(problem), np.arange(120, dtype=np.int32))
    plain = make_shelf(problem, np.zeros(120), np.arange(120, dtype=np.int32))
    keys = hash_names(problem.row_ids, b"key", b"row")

    def served(by: Shelf) -> tuple[int, float]:
        scores = source.block(0, 300).astype(np.float64)
        first = [suggest(scores[row], by, keys[row], 1)[0] for row in range(300)]
        asked = np.bincount(first, minlength=120)
        return int(np.minimum(asked, capacity).sum()), float((asked / capacity).max())

    (priced_served, priced_peak), (plain_served, plain_peak) = served(priced), served(plain)
    assert priced_served > 0.95 * 300 > plain_served
    assert priced_peak <= 3 < plain_peak


def test_in_a_season_the_refused_go_on_down_their_lists_past_full_mentors() -> None:
    lists = np.array([[0, 1], [0, 1], [0, 2], [1, -1]])
    for hide_full, expected in ((False, [3, 3, 0]), (True, [3, 1, 0])):
        room, asked, served = np.array([1, 1, 1]), np.zeros(3, np.int64), np.zeros(4, np.bool_)
        play_season(lists, np.array([2, 3, 0, 1]), room, asked, served, hide_full)
        assert asked.tolist() == expected
        assert served.tolist() == [False, False, True, True]


def test_drawn_lists_hold_few_from_one_institution() -> None:
    near, score = np.array([[0, 1, 2, 3, -1]]), np.array([[0.9, 0.8, 0.7, 0.6, -np.inf]])
    lists = draw_lists(near, score, np.array([0.25, 0, 0, 0]), np.array([5, 5, 5, -1], np.int32), 2, 4)
    assert lists.tolist() == [[1, 2, 3, -1]]


@pytest.mark.parametrize("seed", range(3))
def test_lists_at_these_prices_serve_more_and_crowd_nobody_when_all_ask_at_once(seed: int) -> None:
    left, right, capacity = topic_vectors(400, 120, seed)
    source, places = FactorScores(left, right, clip0=True), np.arange(120, dtype=np.int32) // 3
    problem = Problem(source, capacity)
    scores, keys = source.block(0, 400).astype(np.float64), hash_names(problem.row_ids, b"key", b"row")

    def season(price: np.ndarray) -> tuple[int, float]:
        drawn = make_shelf(problem, price, places)
        lists = np.stack([suggest(scores[row], drawn, keys[row], 5) for row in range(400)])
        asked, served = np.zeros(120, np.int64), np.zeros(400, np.bool_)
        order = np.random.default_rng(seed).permutation(400)
        play_season(lists, order, capacity.astype(np.int64), asked, served, True)
        return int(served.sum()), float((asked / capacity).max())

    priced, plain = season(congestion_prices(problem, institution=places)), season(np.zeros(120))
    assert priced[0] > plain[0]
    assert priced[1] <= 3 < plain[1]


def test_unknown_institutions_are_not_one_place() -> None:
    assert number_institutions(["b", "", "a", "b", ""]).tolist() == [1, -1, 0, 1, -1]
