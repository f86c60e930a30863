"""The fit itself: the minimum it claims, weights that count, outcomes that are missing."""

from dataclasses import fields, replace

import numpy as np
import pytest
from scipy.optimize import minimize

from services.matcher.learning import fitting
from services.matcher.learning.choosing import choose_pull
from services.matcher.learning.fitting import Sample, fit
from services.matcher.learning.observations import Observations, design_of, stabilized_weights, time_blocks
from tests.unit.learning.worlds import OTHER_TRUTH, shares_of, world, world_of_choice


def _objective(sample: Sample, shares: np.ndarray, pull: float, point: np.ndarray) -> float:
    eta = point[sample.outcome] + point[4] * sample.chosen + sample.x @ point[5:]
    across = point[5:] - shares * (point[5:] @ shares) / (shares @ shares)
    loss = sample.weight @ (np.logaddexp(0, eta) - sample.y * eta)
    ridge = np.full(len(point), fitting.RIDGE)
    ridge[4] = fitting.SHIFT_PULL
    return float(loss + 0.5 * pull * across @ across + 0.5 * ridge @ point**2)


@pytest.mark.parametrize("pull", [0.1, 10.0, 300.0])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_general_optimizer_finds_nothing_better(seed: int, pull: float) -> None:
    seen = world(seed, per_cycle=80, truth=(1.0, 4.0, 0.0, 0.0, 0.0, 3.0, 0.0, 0.0))
    sample = Sample.of(replace(seen, chosen=np.arange(seen.pairs) % 3 == 0))
    found = fit(sample, seen.shares, pull)
    ours = _objective(sample, seen.shares, pull, np.concatenate([found.intercept, [found.shift], found.beta]))
    bounds = [(None, None)] * 5 + [(0, None)] * 8
    other = minimize(lambda p: _objective(sample, seen.shares, pull, p), np.ones(13), method="L-BFGS-B",
                     bounds=bounds, options={"maxiter": 2000, "maxfun": 100_000})  # fmt: skip
    assert ours <= other.fun + 1e-6 * (1 + abs(other.fun))


def test_no_weight_is_ever_negative() -> None:
    seen = world(3, per_cycle=60)
    seen = replace(seen, outcomes=1 - seen.outcomes)  # every feature now speaks against a pair
    assert (fit(Sample.of(seen), seen.shares, 1.0).beta >= 0).all()


def test_a_pair_that_counts_twice_is_as_good_as_two_pairs() -> None:
    seen = world(4, per_cycle=40, answer_rate=1.0)
    sample = Sample.of(seen)
    twice = sample.reweighted(np.full(seen.pairs, 2.0))
    lines = np.tile(np.arange(len(sample.y)), 2)
    doubled = Sample(*(getattr(sample, field.name)[lines] for field in fields(sample)))
    np.testing.assert_allclose(fit(twice, seen.shares, 5.0).beta, fit(doubled, seen.shares, 5.0).beta, atol=1e-4)


def test_an_outcome_that_is_not_known_counts_for_nothing() -> None:
    seen = world(5, per_cycle=40)
    sample = Sample.of(seen)
    assert len(sample.y) == int((~np.isnan(seen.outcomes)).sum())


def test_the_design_times_the_shares_orders_the_mentors_of_a_slot_as_the_policy_does() -> None:
    random = np.random.default_rng(1)
    values, applies = random.random((50, 8)), (random.random((50, 8)) < 0.7).astype(float)
    base = np.array(OTHER_TRUTH)
    weights = np.where(random.random((50, 1)) < 0.5, base, base * np.array([1, 2, 1, 1, 1, 1, 1, 1.0]))
    shares = base / base.sum()
    counted = weights * applies
    score = (values * counted).sum(axis=1) / np.where(counted.sum(axis=1) > 0, counted.sum(axis=1), 1)
    center = (values * applies).sum(axis=0) / applies.sum(axis=0)
    usual = (center * counted).sum(axis=1) / np.where(counted.sum(axis=1) > 0, counted.sum(axis=1), 1)
    np.testing.assert_allclose(design_of(values, applies, weights, shares) @ shares, score - usual, atol=1e-12)


def test_what_a_mentee_left_out_counts_neither_for_nor_against_a_pair() -> None:
    values, applies = np.array([[0.9, 0.2], [0.1, 0.4], [0.0, 0.6]]), np.array([[1.0, 1.0], [1.0, 1.0], [0.0, 1.0]])
    design = design_of(values, applies, np.ones((3, 2)), np.array([0.5, 0.5]))
    assert design[2, 0] == 0
    assert design[0, 0] == -design[1, 0] > 0


def test_unlikely_pairs_of_exploring_runs_count_more_but_not_without_bound() -> None:
    weights = stabilized_weights([None, 0.9, 0.45, 0.001])
    assert weights[0] == 1
    assert weights[2] == pytest.approx(2 * weights[1])
    assert weights[3] == 10


def test_explored_pairs_undo_the_choice_of_the_policy() -> None:
    """Pairs that the policy liked are many and went well for another reason; weighting takes that back."""
    random = np.random.default_rng(2)
    chance = np.where(random.random(4000) < 0.5, 0.8, 0.2)
    kept = random.random(4000) < chance
    weights = stabilized_weights(list(chance[kept]))
    liked = chance[kept] == 0.8
    assert abs(weights[liked].sum() / weights.sum() - 0.5) < 0.05
    assert liked.mean() > 0.7


def _far(seen: Observations) -> float:
    """How far the fitted weights are from those that the outcomes follow."""
    sample = Sample.of(seen)
    fitted = fit(sample, seen.shares, choose_pull(seen, sample).pull).shares(seen.shares)
    return float(np.abs(fitted - shares_of(OTHER_TRUTH)).sum())


@pytest.mark.parametrize("told", [0.0, 1.0])
def test_pairs_that_people_chose_teach_weights_beside_those_of_runs(told: float) -> None:
    """Also where they choose by something that no feature tells and that serves the pair."""
    alone, both = ([_far(world_of_choice(seed, 300, asked, told)) for seed in range(8)] for asked in (0, 600))
    assert np.mean(both) < np.mean(alone) - 0.03


def test_without_a_level_of_their_own_chosen_pairs_lead_astray() -> None:
    known, not_known = (
        [_far(world_of_choice(seed, 600, 600, 1.0, known=known)) for seed in range(8)] for known in (True, False)
    )
    assert np.mean(known) < np.mean(not_known) - 0.03


def test_that_chosen_pairs_fare_better_is_not_laid_to_the_features() -> None:
    seen = world_of_choice(1, 600, 600, 1.5)
    assert fit(Sample.of(seen), seen.shares, 10.0).shift > 0.5
    nobody = fit(Sample.of(world(1)), seen.shares, 10.0)
    assert nobody.shift == 0


def test_cycles_are_the_blocks_where_there_are_two_of_some_size() -> None:
    block, by_cycle = time_blocks([0] * 50 + [1] * 3 + [2] * 60, list(range(113)), least=40, slices=4)
    assert by_cycle
    assert [block[0], block[51], block[-1]] == [0, 0, 1]


def test_one_cycle_is_cut_by_when_pairs_started() -> None:
    block, by_cycle = time_blocks([0] * 8, [3, 1, 2, 0, 7, 5, 6, 4], least=40, slices=4)
    assert not by_cycle
    assert block.tolist() == [1, 0, 1, 0, 3, 2, 3, 2]


def test_arrays_that_do_not_belong_together_are_refused() -> None:
    seen = world(6, per_cycle=10)
    with pytest.raises(ValueError, match="cluster has shape"):
        replace(seen, cluster=seen.cluster[:5])
