"""What the learning concludes in worlds whose truth is known."""

import numpy as np
import pytest

from services.matcher.learning.choosing import choose_pull
from services.matcher.learning.fitting import Sample, fit
from services.matcher.learning.intervals import bootstrap
from services.matcher.learning.learning import Learned, is_enough, learn, pairs_needed
from services.matcher.learning.observations import Floats
from shared.contracts.model_card import Verdict
from tests.unit.learning.worlds import HAND_SET, OTHER_TRUTH, shares_of, world


def _distance(found: Floats, truth: tuple[float, ...]) -> float:
    return float(np.abs(found - shares_of(truth)).sum())


@pytest.fixture(scope="module")
def learned() -> Learned:
    return learn(world(1))


def test_weights_are_recovered_where_outcomes_follow_other_ones(learned: Learned) -> None:
    assert _distance(learned.fitted, OTHER_TRUTH) < 0.5 * _distance(shares_of(HAND_SET), OTHER_TRUTH)
    assert learned.fitted.sum() == pytest.approx(1)
    assert (learned.fitted >= 0).all()


def test_better_weights_are_called_better_on_later_pairs(learned: Learned) -> None:
    assert learned.verdict is Verdict.FITTED_IS_BETTER
    assert learned.judgment is not None
    assert learned.judgment.fitted.log_loss < learned.judgment.hand_set.log_loss < learned.judgment.base.log_loss
    assert learned.judgment.pairs == 900  # three later cycles of four


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    held = []
    for seed in range(8):
        seen = world(100 + seed, per_cycle=200, mentor_spread=0.7)
        interval = bootstrap(seen, Sample.of(seen), draws=80)
        truth = shares_of(OTHER_TRUTH)
        held.append((interval.low <= truth) & (truth <= interval.high))
    assert np.mean(held) > 0.87


def test_forecasts_are_calibrated(learned: Learned) -> None:
    assert learned.judgment is not None
    assert learned.judgment.calibration.slope == pytest.approx(1, abs=0.25)
    assert learned.judgment.calibration.error < 0.05
    assert sum(one.count for one in learned.judgment.calibration.bins) > 900


def test_with_thirty_outcomes_the_hand_set_policy_stays() -> None:
    for seed in range(10):
        found = learn(world(seed, per_cycle=15, cycles=2))
        assert found.verdict is Verdict.TOO_FEW
        np.testing.assert_array_equal(found.fitted, shares_of(HAND_SET))


def test_a_few_more_than_needed_hardly_move_the_weights() -> None:
    moved = [_distance(learn(world(seed, per_cycle=45, cycles=2), intervals=False).fitted, HAND_SET)
             for seed in range(10)]  # fmt: skip
    assert np.median(moved) < 0.35


def test_an_outcome_that_nearly_always_comes_true_teaches_too_little() -> None:
    seen = world(3, per_cycle=50, cycles=2)
    seen.outcomes[:] = 1.0
    seen.outcomes[:5] = 0.0
    assert seen.pairs >= pairs_needed(seen.features)
    assert not is_enough(seen)


def test_random_outcomes_are_called_random() -> None:
    verdicts = [learn(world(seed, truth=None, per_cycle=120), intervals=False).verdict for seed in range(20)]
    assert sum(verdict is not Verdict.NO_SIGNAL for verdict in verdicts) <= 3
    assert Verdict.FITTED_IS_BETTER not in verdicts


def test_good_and_bad_mentors_alone_are_no_signal() -> None:
    found = [learn(world(seed, truth=None, per_cycle=120, mentor_spread=1.0), intervals=False) for seed in range(10)]
    assert sum(one.verdict is not Verdict.NO_SIGNAL for one in found) <= 3


def test_hand_set_weights_that_are_right_are_left_alone() -> None:
    found = [learn(world(seed, truth=HAND_SET), intervals=False) for seed in range(5)]
    assert all(one.verdict is Verdict.HAND_SET_HOLDS for one in found)
    assert np.mean([_distance(one.fitted, HAND_SET) for one in found]) < 0.05


def test_a_single_cycle_has_nothing_later_to_be_judged_on() -> None:
    found = learn(world(5, per_cycle=400, cycles=1), intervals=False)
    assert found.verdict is Verdict.NOT_JUDGED
    assert found.judgment is None


def test_the_same_observations_teach_the_same_to_the_last_bit() -> None:
    one, other = learn(world(7, per_cycle=100)), learn(world(7, per_cycle=100))
    np.testing.assert_array_equal(one.fitted, other.fitted)
    np.testing.assert_array_equal(one.interval.high, other.interval.high)


def test_the_stronger_the_pull_the_nearer_the_weights_to_the_hand_set_ones() -> None:
    seen = world(8)
    sample = Sample.of(seen)
    distances = [
        _distance(fit(sample, seen.shares, pull).shares(seen.shares), HAND_SET)
        for pull in (0.1, 10.0, 1000.0, np.inf)
    ]
    assert distances == sorted(distances, reverse=True)
    assert distances[-1] == pytest.approx(0)


def test_the_pull_is_chosen_weak_where_much_speaks_for_other_weights() -> None:
    seen = world(9)
    choice = choose_pull(seen, Sample.of(seen))
    assert np.isfinite(choice.pull)
    assert choice.unseen.shape == Sample.of(seen).y.shape
