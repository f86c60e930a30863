"""One answer among equals: of all optimal matchings, the one with the greatest sum of keyed hashes.

A matching is optimal exactly if it uses tight pairs only, leaves no row of positive worth and no slot
or gate of positive profit unused (complementary slackness). Within that face a second flow maximizes
hashes, so that the answer depends on who the people are, never on their order or on threads. What all
optimal matchings have in common is peeled off first: often nothing is left to decide.
"""

from dataclasses import dataclass

import numpy as np

from services.matcher.assignment.columns import Optimum, reach_optimum
from services.matcher.assignment.instance import Instance, Objective
from services.matcher.assignment.jit import compiled
from services.matcher.assignment.network import Slots, build_network, mentor_of, start_flow
from services.matcher.assignment.paths import make_work
from services.matcher.assignment.problem import Bool, Int32, Int64
from services.matcher.assignment.ties import TIE_BITS, pair_hashes


@dataclass(frozen=True, slots=True)
class Face:
    """Pairs that optimal matchings may make, by row; slots they may use and must fill, rows they must match."""

    rows: Int64
    mentors: Int64
    room: Int64
    need: Int64
    must: Bool

    @property
    def undecided(self) -> int:
        """Rows with a choice, and one more."""
        options = np.bincount(self.rows, minlength=len(self.must))
        return int(((options > 1) | ((options > 0) & ~self.must)).sum()) + 1


def break_ties(instance: Instance, objective: Objective, optimum: Optimum) -> Int32:
    """The canonical optimal matching, int32[rows]. With coverage "none" it also has the fewest pairs."""
    face, fixed = face_of(instance, objective, optimum), np.full(instance.rows, -1, np.int32)
    if not instance.shared.any():
        open_pairs = peel(face.rows, face.mentors, face.room, face.need, face.must, fixed)
        face = Face(face.rows[open_pairs], face.mentors[open_pairs], face.room, face.need, face.must)
    if len(face.rows) == 0:
        return fixed
    pair_cost = (face.undecided + 1) << TIE_BITS if instance.rules.coverage == "none" else 0
    must = (face.undecided + 1) * (pair_cost + (1 << TIE_BITS))
    named, at = np.unique(face.rows, return_inverse=True)
    row_hash = instance.hash_rows(named)
    draws = pair_hashes(row_hash[at], instance.mentor_hash[face.mentors])
    weights = draws - pair_cost + must * face.must[face.rows]
    weights += must * must_gate(instance, optimum, face.rows, face.mentors)
    network, _ = build_network(
        face.rows, face.mentors, weights, instance.problem.owner, instance.shared, slots_of(face, must)
    )
    flow = start_flow(network)
    reach_optimum(network, flow, make_work(network), named[np.argsort(row_hash, kind="stable")])
    return np.maximum(mentor_of(flow, network), fixed)


def face_of(instance: Instance, objective: Objective, optimum: Optimum) -> Face:
    slots, count = instance.slots(objective), max(instance.mentors, 1)
    room, need = use_of_slots(optimum.prices.price, slots.first, slots.gain)
    return Face(optimum.tight // count, optimum.tight % count, room, need, optimum.prices.worth > 0)


@compiled
def use_of_slots(price: Int64, first: Int64, gain: Int64) -> tuple[Int64, Int64]:
    """Per mentor how many slots an optimal matching may fill at these prices, and how many it must."""
    room, need = np.zeros(len(price), np.int64), np.zeros(len(price), np.int64)
    for j in range(len(price)):
        for at in range(first[j], first[j + 1]):
            room[j] += price[j] + gain[at] >= 0
            need[j] += price[j] + gain[at] > 0
    return room, need


@compiled
def peel(rows: Int64, mentors: Int64, room: Int64, need: Int64, must: Bool, fixed: Int32) -> Bool:
    """Make the pairs that every matching of a face makes; room and need become what is left. Returns the open pairs.

    A row that must be matched and has one mentor left goes there; a mentor who needs all who are left gets
    them; a full mentor takes nobody else.
    """
    open_pairs = np.ones(len(rows), np.bool_)
    choices, suitors = np.zeros(len(must), np.int64), np.zeros(len(room), np.int64)
    for k in range(len(rows)):
        choices[rows[k]] += 1
        suitors[mentors[k]] += 1
    changed = True
    while changed:
        changed = False
        for k in range(len(rows)):
            row, mentor = rows[k], mentors[k]
            if not open_pairs[k]:
                continue
            forced = (must[row] and choices[row] == 1) or (need[mentor] > 0 and need[mentor] == suitors[mentor])
            if room[mentor] > 0 and not forced:
                continue
            changed = True
            if room[mentor] > 0:
                fixed[row] = mentor
                room[mentor] -= 1
                need[mentor] = max(need[mentor] - 1, 0)
            for other in range(np.searchsorted(rows, row), np.searchsorted(rows, row, side="right")):
                if open_pairs[other] and (fixed[row] >= 0 or other == k):
                    open_pairs[other] = False
                    choices[row] -= 1
                    suitors[mentors[other]] -= 1
    return open_pairs


def must_gate(instance: Instance, optimum: Optimum, rows: Int64, mentors: Int64) -> Int64:
    gated = instance.shared[rows]
    keys = instance.problem.owner[rows].astype(np.int64) * instance.mentors + mentors
    return (gated & (optimum.prices.gate_of(keys) > 0)).astype(np.int64)


def slots_of(face: Face, must: int) -> Slots:
    """Slots that may be used; those that must be, first, carry a bonus."""
    first = np.concatenate([[0], np.cumsum(face.room)]).astype(np.int64)
    place = np.arange(first[-1]) - np.repeat(first[:-1], face.room)
    return Slots(first, np.where(place < np.repeat(face.need, face.room), must, 0).astype(np.int64))
