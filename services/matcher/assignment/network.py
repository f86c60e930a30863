"""The flow network over candidate pairs, and a flow on it with its prices.

A row points at *heads*: a mentor, or a *gate*, the node of one (owner, mentor) pair through which at
most one of that owner's rows reaches the mentor. Mentors fill *slots*, each with a gain (a bonus or,
negative, a load cost) that never rises from slot to slot. All numbers are integers.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from services.matcher.assignment.problem import Int32, Int64

NONE = -1


class Network(NamedTuple):
    """Arcs of row i are first[i]:last[i]; heads below `mentors` are mentors, the others gates."""

    first: Int64
    last: Int64
    head: Int32
    weight: Int64
    gate_mentor: Int32
    slot: Int64
    gain: Int64


def arc_rows(network: Network) -> Int64:
    """The row of each arc of a network whose arcs stand in the order of their rows."""
    return np.repeat(np.arange(len(network.first)), network.last - network.first)


class Flow(NamedTuple):
    """A flow and its prices, changed in place: matched[row] is a head or -1, seat lists a mentor's rows."""

    matched: Int32
    worth: Int64
    price: Int64
    load: Int32
    holder: Int32
    seat: Int32
    place: Int64


@dataclass(frozen=True, slots=True)
class Slots:
    """Slots of mentor j are first[j]:first[j+1], with gains that never rise within a mentor."""

    first: Int64
    gain: Int64

    @property
    def capacity(self) -> Int64:
        return np.diff(self.first)


@dataclass(frozen=True, slots=True)
class Gates:
    """The (owner, mentor) nodes of a network, as ascending keys owner · mentors + mentor."""

    keys: Int64
    mentor: Int32


def build_network(
    rows: Int64, mentors: Int64, weight: Int64, owner: Int32, shared: np.ndarray, slots: Slots
) -> tuple[Network, Gates]:
    """Arcs sorted by row → network. `shared[row]`: the row's owner has several rows, so gates are needed."""
    count = len(slots.first) - 1
    first = np.searchsorted(rows, np.arange(len(owner) + 1)).astype(np.int64)
    head = mentors.astype(np.int32)
    gated = shared[rows]
    wanted = owner[rows[gated]].astype(np.int64) * count + mentors[gated]
    keys, at = np.unique(wanted, return_inverse=True)
    head[gated] = count + at
    gates = Gates(keys, (keys % max(count, 1)).astype(np.int32))
    return Network(first[:-1], first[1:], head, weight, gates.mentor, slots.first, slots.gain), gates


def start_flow(network: Network) -> Flow:
    """The empty flow with the lowest prices at which no empty slot gains."""
    rows, mentors, gates = len(network.first), len(network.slot) - 1, len(network.gate_mentor)
    flow = Flow(
        matched=np.full(rows, NONE, np.int32),
        worth=np.zeros(rows, np.int64),
        price=np.zeros(mentors + gates, np.int64),
        load=np.zeros(mentors, np.int32),
        holder=np.full(gates, NONE, np.int32),
        seat=np.full(len(network.gain), NONE, np.int32),
        place=np.full(rows, NONE, np.int64),
    )
    return empty_flow(network, flow)


def empty_flow(network: Network, flow: Flow) -> Flow:
    """Take everybody off a flow and put its prices at their lowest, in place."""
    mentors, has_slot = len(flow.load), np.diff(network.slot) > 0
    flow.matched[:], flow.holder[:], flow.worth[:], flow.load[:], flow.price[:] = NONE, NONE, 0, 0, 0
    flow.price[:mentors][has_slot] = -network.gain[network.slot[:-1][has_slot]]
    flow.price[mentors:] = flow.price[network.gate_mentor]
    return flow


def mentor_of(flow: Flow, network: Network) -> Int32:
    """Mentor of each row, -1 where unmatched."""
    mentors = len(network.slot) - 1
    heads = np.concatenate([np.arange(mentors, dtype=np.int32), network.gate_mentor, [NONE]])
    return heads[flow.matched].astype(np.int32)
