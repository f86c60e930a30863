"""However an optimum is begun, by bidding, by cost scaling or from nothing, it is the same."""

import numpy as np
import pytest
from scipy import sparse

from services.matcher.assignment.auction import start_by_auction
from services.matcher.assignment.cold import lowest_prices_of, solve_cold
from services.matcher.assignment.columns import (
    Effort,
    dual_value,
    first_pool,
    flow_value,
    pool_network,
    read_prices,
    seat_rows,
)
from services.matcher.assignment.counting import seat_most
from services.matcher.assignment.filling import repair
from services.matcher.assignment.instance import Instance, Objective
from services.matcher.assignment.network import start_flow
from services.matcher.assignment.paths import make_work
from services.matcher.assignment.problem import Problem, Rules
from services.matcher.assignment.sources import SparseScores

PLAIN = Objective(scored=True, tier_bonus=(0, 0), minimum_bonus=0)
BONUSES = Objective(scored=True, tier_bonus=(9_000_000, 4_000_000), minimum_bonus=3_000_000)
COUNTING = Objective(scored=False, tier_bonus=(4, 2), minimum_bonus=2)


def crowd(seed: int, slots: int) -> Instance:
    """400 rows with ten pairs each among 90 mentors; scores repeat, so that ties abound."""
    numbers = np.random.default_rng(seed)
    rows, mentors = np.repeat(np.arange(400), 10), numbers.integers(0, 90, 4000)
    scores = sparse.csr_matrix((numbers.integers(0, 50, 4000) / 200, (rows, mentors)), shape=(400, 90))
    problem = Problem(
        SparseScores(scores), numbers.integers(0, slots + 1, 90).astype(np.int32),
        tier=(np.arange(400) % 2).astype(np.int16), minimum=numbers.integers(0, 3, 90).astype(np.int32),
    )  # fmt: skip
    return Instance(problem, Rules(load_weight=0.1))


@pytest.mark.parametrize("objective", [PLAIN, BONUSES, COUNTING])
@pytest.mark.parametrize("slots", [2, 8])
@pytest.mark.parametrize("seed", range(3))
def test_bidding_cost_scaling_and_paths_end_at_the_same_optimum(objective: Objective, slots: int, seed: int) -> None:
    instance = crowd(seed, slots)
    pool = first_pool(instance, objective, Effort(lambda _phase, _done: None))
    network, gates, _ = pool_network(instance, objective, pool)
    order, values = np.arange(instance.rows), []
    for start in ("bidding", "cost scaling", "nothing"):
        flow = start_flow(network)
        if start == "bidding":
            assert start_by_auction(network, flow)
        if start == "cost scaling":
            seat_rows(network, flow, *solve_cold(network))
            lowest_prices_of(network, flow)
        else:
            repair(network, flow, make_work(network), order)
        values += [flow_value(network, flow), dual_value(instance, objective, read_prices(network, gates, flow))]
    assert len(set(values)) == 1


@pytest.mark.parametrize("slots", [2, 8])
@pytest.mark.parametrize("seed", range(3))
def test_depth_first_paths_seat_as_many_rows_of_each_tier_as_can_be(slots: int, seed: int) -> None:
    instance, counting = crowd(seed, slots), Objective(scored=False, tier_bonus=(4, 2), minimum_bonus=0)
    network, _, _ = pool_network(instance, counting, first_pool(instance, counting, Effort(lambda _phase, _done: None)))
    flow, best = start_flow(network), start_flow(network)
    seat_most(network, flow)
    repair(network, best, make_work(network), np.arange(instance.rows))
    tiers = [np.bincount(instance.problem.tier[each.matched >= 0], minlength=2).tolist() for each in (flow, best)]
    assert tiers[0] == tiers[1]
    seated = np.flatnonzero(flow.matched >= 0)
    assert flow.seat[flow.place[seated]].tolist() == seated.tolist()
    assert flow.load.tolist() == np.bincount(flow.matched[seated], minlength=instance.mentors).tolist()
    assert (flow.load <= instance.capacity).all()
    repair(network, flow, make_work(network), np.arange(instance.rows))
    assert flow_value(network, flow) == flow_value(network, best)
