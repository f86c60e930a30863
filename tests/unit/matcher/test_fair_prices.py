"""Mentors without a price of their own reckon with that of those alike."""

from uuid import UUID

import numpy as np
import pytest

from services.matcher.assignment.problem import Float64
from services.matcher.fair_prices import fair_prices
from services.matcher.scoring.people import Mentor
from shared.vocabulary.stages import Stage
from tests.benchmarks.suggestions import listed, lists_of, town_of

STAGES = (*[Stage.PGY2] * 4, *[Stage.FACULTY] * 5, Stage.FELLOW)
MENTORS = [Mentor(id=str(UUID(int=n)), stage=stage) for n, stage in enumerate(STAGES)]
PRICES = (0.1, 0.3, 0.2, None, 0.5, 0.6, 0.9, None, 0.7, None)


def _prices(given: tuple[float | None, ...]) -> list[float]:
    known = {UUID(m.id): price for m, price in zip(MENTORS, given, strict=True) if price is not None}
    return [float(price) for price in fair_prices(MENTORS, known)]


def test_who_has_no_price_gets_the_median_of_their_stage_and_others_keep_theirs() -> None:
    found = _prices(PRICES)
    assert (found[3], found[7]) == pytest.approx((0.2, 0.65))
    assert [price for price, given in zip(found, PRICES, strict=True) if given is not None] == [
        price for price in PRICES if price is not None
    ]


def test_a_stage_with_few_prices_gets_the_median_of_all() -> None:
    assert _prices(PRICES)[9] == pytest.approx(0.5)
    assert _prices((None, 0.0, 0.1, *PRICES[3:]))[3] == pytest.approx(0.55)


def test_before_the_first_run_all_are_free() -> None:
    assert _prices((None,) * 10) == [0.0] * 10


def test_one_more_newcomer_changes_nobodys_price() -> None:
    known = {UUID(m.id): price for m, price in zip(MENTORS, PRICES, strict=True) if price is not None}
    later = Mentor(id=str(UUID(int=99)), stage=Stage.PGY2)
    assert fair_prices([*MENTORS, later], known)[:10].tolist() == _prices(PRICES)


@pytest.mark.parametrize("seed", range(2))
def test_newcomers_stand_first_about_as_often_as_they_are_many(seed: int) -> None:
    town = town_of(300, seed)
    mentors = town.panorama.scores.mentor_people
    new = np.arange(len(mentors)) % 10 == seed
    known = {UUID(m.id): p for m, p, is_new in zip(mentors, town.prices, new, strict=True) if not is_new}

    def led(prices: Float64) -> float:
        """On how many lists a newcomer stands first, against their share of the mentors."""
        first = lists_of(town, listed, prices)[0][:, 0]
        return float(new[first[first >= 0]].mean() / new.mean())

    assert led(fair_prices(mentors, known)) < 2
    assert led(np.where(new, 0, town.prices)) > 4
