"""Who answers a survey, and what becomes known of a mentorship when."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from services.matcher.learning.fitting import Sample, base_rates
from services.matcher.learning.observations import Course
from services.matcher.learning.responses import response_weights, responses
from tests.unit.learning.worlds import world

START = datetime(2026, 1, 1, tzinfo=UTC)


def _course(now_day: float, **facts: Any) -> list[float | None]:
    given: dict[str, Any] = {
        name: START + timedelta(days=value) if name.endswith("_at") else value for name, value in facts.items()
    }
    found = Course(START, **given).outcomes(START + timedelta(days=now_day))
    return [None if np.isnan(value) else value for value in found]


def test_a_survey_that_only_happy_people_answer_is_flagged() -> None:
    found = [responses(world(seed, only_happy=True)) for seed in range(10)]
    assert all(any(side.is_biased for side in sides) for sides in found)


def test_a_survey_that_people_answer_or_not_by_chance_is_rarely_flagged() -> None:
    sides = [side for seed in range(40) for side in responses(world(seed, answer_rate=0.6))]
    assert sum(side.is_biased for side in sides) <= 8
    assert not any(side.is_low for side in sides)


def test_a_survey_that_hardly_anybody_answers_is_low() -> None:
    assert all(side.is_low for side in responses(world(1, answer_rate=0.3)))


def test_a_survey_that_nearly_everybody_answers_is_not_suspected() -> None:
    assert not any(side.is_biased for seed in range(10) for side in responses(world(seed, answer_rate=0.92)))


def test_the_rate_counts_those_who_were_asked() -> None:
    seen = world(2, answer_rate=1.0)
    seen.asked[:600] = False
    assert responses(seen)[0].asked == 600


def test_answers_of_pairs_like_the_silent_ones_count_more() -> None:
    seen = world(3, only_happy=True)
    weights = response_weights(seen)
    active = np.nan_to_num(seen.outcomes[:, :2]).sum(axis=1)
    assert weights[active == 0, 0].mean() > weights[active == 2, 0].mean()


def test_weighting_brings_the_rate_of_contentment_nearer_to_the_truth() -> None:
    asked = world(4, only_happy=True, per_cycle=1000, mentor_spread=2.0)
    everybody = world(4, answer_rate=1.0, per_cycle=1000, mentor_spread=2.0)
    truth = everybody.outcomes[:, 2].mean()
    plain = np.nanmean(asked.outcomes[:, 2])
    weighted = 1 / (1 + np.exp(-base_rates(Sample.of(asked)).intercept[2]))
    assert abs(weighted - truth) < abs(plain - truth)


@pytest.mark.parametrize(
    ("day", "facts", "known"),
    [
        (10, {}, [None, None, None, None]),
        (10, {"first_met_at": 8}, [1, None, None, None]),
        (40, {"first_met_at": 35}, [0, None, None, None]),
        (40, {"ended_at": 35}, [0, 0, None, None]),
        (61, {"first_met_at": 2}, [1, 1, None, None]),
        (90, {"first_met_at": 2, "ended_at": 70}, [1, 1, None, None]),
        (50, {"first_met_at": 2, "ended_at": 40, "completed": True}, [1, 1, None, None]),
        (90, {"mentee_satisfaction": 4, "mentor_satisfaction": 3}, [0, 1, 1, 0]),
    ],
)
def test_an_outcome_is_known_once_its_time_has_come(
    day: float, facts: dict[str, Any], known: list[float | None]
) -> None:
    assert _course(day, **facts) == known
