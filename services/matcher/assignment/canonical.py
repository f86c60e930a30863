"""One answer among equals: of all optimal matchings, the one with the greatest sum of keyed hashes.

A matching is optimal exactly if it uses tight pairs only, leaves no row of positive worth and no slot
or gate of positive profit unused (complementary slackness). Within that face a second flow maximizes
hashes, so that the answer depends on who the people are, never on their order or on threads.
"""

import numpy as np

from services.matcher.assignment.columns import Optimum, reach_optimum
from services.matcher.assignment.instance import Instance, Objective
from services.matcher.assignment.network import Slots, build_network, mentor_of, start_flow
from services.matcher.assignment.paths import make_work
from services.matcher.assignment.problem import Int32, Int64
from services.matcher.assignment.ties import TIE_BITS, pair_hashes


def break_ties(instance: Instance, objective: Objective, optimum: Optimum) -> Int32:
    """The canonical optimal matching, int32[rows]. With coverage "none" it also has the fewest pairs."""
    keys = np.union1d(optimum.tight, _own_keys(instance, optimum))
    if len(keys) == 0:
        return optimum.mentor
    rows, mentors = keys // instance.mentors, keys % instance.mentors
    draws = pair_hashes(instance.row_hash[rows], instance.mentor_hash[mentors])
    must_row = optimum.prices.worth > 0
    options = np.bincount(rows, minlength=instance.rows)
    undecided = int(((options > 1) | ((options > 0) & ~must_row)).sum()) + 1
    pair_cost = (undecided + 1) << TIE_BITS if instance.rules.coverage == "none" else 0
    must = (undecided + 1) * (pair_cost + (1 << TIE_BITS))
    weights = draws - pair_cost + must * must_row[rows]
    weights += must * _must_gate(instance, optimum, rows, mentors)
    slots = _face_slots(instance, objective, optimum, must)
    network, _ = build_network(rows, mentors, weights, instance.problem.owner, instance.shared, slots)
    flow = start_flow(network)
    reach_optimum(network, flow, make_work(network), np.argsort(instance.row_hash, kind="stable"))
    return mentor_of(flow, network)


def _own_keys(instance: Instance, optimum: Optimum) -> Int64:
    rows = np.flatnonzero(optimum.mentor >= 0)
    return rows * instance.mentors + optimum.mentor[rows]


def _must_gate(instance: Instance, optimum: Optimum, rows: Int64, mentors: Int64) -> Int64:
    gated = instance.shared[rows]
    keys = instance.problem.owner[rows].astype(np.int64) * instance.mentors + mentors
    return (gated & (optimum.prices.gate_of(keys) > 0)).astype(np.int64)


def _face_slots(instance: Instance, objective: Objective, optimum: Optimum, must: int) -> Slots:
    """Slots an optimal matching may use; those it must use carry a bonus."""
    slots = instance.slots(objective)
    mentor = np.repeat(np.arange(instance.mentors), instance.capacity)
    profit = optimum.prices.price[mentor] + slots.gain
    sizes = np.bincount(mentor[profit >= 0], minlength=instance.mentors)
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return Slots(first, np.where(profit[profit >= 0] > 0, must, 0).astype(np.int64))
