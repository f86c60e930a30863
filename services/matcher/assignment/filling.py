"""The way back: slots left empty at a price they should be filled at draw the cheapest row in.

The mirror image of `paths`: shortest paths searched backwards from the slot, so that only prices near
it fall. A path starts at a row left unmatched, or at a mentor who gives up a row.
"""

from typing import NamedTuple

import numpy as np

from services.matcher.assignment.jit import compiled
from services.matcher.assignment.network import NONE, Flow, Network
from services.matcher.assignment.paths import (
    SIZE,
    TOUCHED,
    Work,
    clear,
    match_rows,
    next_deficit,
    pop,
    relax,
    reseat,
    settle,
)  # fmt: skip
from services.matcher.assignment.problem import Int32, Int64

WAITING, GIVING, EMPTY = 0, 1, 2


class Reverse(NamedTuple):
    """Rows (and weights) that point at head h are first[h]:last[h]; gates before each mentor likewise."""

    first: Int64
    last: Int64
    row: Int32
    weight: Int64
    gate_first: Int64
    gate_last: Int64
    gate: Int32


def reverse_network(net: Network) -> Reverse:
    mentors, heads = len(net.slot) - 1, len(net.slot) - 1 + len(net.gate_mentor)
    first = starts_of(net.head, heads)
    row, weight = np.empty(len(net.head), np.int32), np.empty(len(net.head), np.int64)
    turn_around(net, first[:-1].copy(), row, weight)
    gates = np.argsort(net.gate_mentor, kind="stable").astype(np.int32)
    gate_first = starts_of(net.gate_mentor, mentors)
    return Reverse(first[:-1], first[1:], row, weight, gate_first[:-1], gate_first[1:], gates)


def starts_of(groups: Int32, count: int) -> Int64:
    """Where each of `count` groups starts, and the end: int64[count + 1]."""
    return np.concatenate([[0], np.cumsum(np.bincount(groups, minlength=count))]).astype(np.int64)


@compiled
def turn_around(net: Network, free: Int64, row: Int32, weight: Int64) -> None:
    """Sort arcs by head (counting sort); `free` is where the next arc of each head goes."""
    for i in range(len(net.first)):
        for arc in range(net.first[i], net.last[i]):
            at = free[net.head[arc]]
            row[at], weight[at] = i, net.weight[arc]
            free[net.head[arc]] += 1


@compiled
def approach(net: Network, flow: Flow, work: Work, back: Reverse, deficit: int) -> tuple[int, int, int, int]:
    """Shortest path towards an empty slot: (distance, kind, row, head).

    It starts at an unmatched `row` that goes to `head`, at the mentor `head` who gives up a row, or
    nowhere: the slot stays empty at a lower price.
    """
    mentors = len(net.slot) - 1
    best = flow.price[deficit] + net.gain[net.slot[deficit] + flow.load[deficit]]
    kind, first, node = EMPTY, NONE, deficit
    relax(work, deficit, 0, NONE)
    while work.tally[SIZE] > 0:
        head = pop(work)
        dist = work.dist[head]
        if dist >= best:
            break
        for k in range(back.first[head], back.last[head]):
            row = back.row[k]
            own = flow.matched[row]
            reached = dist + flow.worth[row] + flow.price[head] - back.weight[k]
            if own == head or reached >= best:
                continue
            if own == NONE:
                best, kind, first, node = reached, WAITING, row, head
            elif reached < work.dist[own]:
                relax(work, own, reached, row)
                work.goal[own] = head
        if head >= mentors:
            if flow.holder[head - mentors] != NONE:
                mentor = net.gate_mentor[head - mentors]
                relax(work, mentor, dist + flow.price[head] - flow.price[mentor], -2 - head)
            continue
        for k in range(back.gate_first[head], back.gate_last[head]):
            gate = back.gate[k]
            if flow.holder[gate] == NONE:
                relax(work, mentors + gate, dist + flow.price[head] - flow.price[mentors + gate], -2 - head)
        if head != deficit and flow.load[head] > 0:
            given = dist + flow.price[head] + net.gain[net.slot[head] + flow.load[head] - 1]
            if given < best:
                best, kind, node = given, GIVING, head
    return best, kind, first, node


@compiled
def lower(net: Network, flow: Flow, work: Work, best: int) -> None:
    """Prices within `best` of the slot fall, and the rows there gain as much."""
    mentors = len(net.slot) - 1
    for k in range(work.tally[TOUCHED]):
        head = work.touched[k]
        less = best - work.dist[head]
        if less <= 0:
            continue
        flow.price[head] -= less
        if head >= mentors:
            if flow.holder[head - mentors] != NONE:
                flow.worth[flow.holder[head - mentors]] += less
            continue
        for at in range(net.slot[head], net.slot[head] + flow.load[head]):
            if flow.matched[flow.seat[at]] == head:
                flow.worth[flow.seat[at]] += less


@compiled
def draw(net: Network, flow: Flow, work: Work, back: Reverse, deficit: int) -> None:
    """Fill one slot of a mentor, or lower the price until it may stay empty."""
    best, kind, row, head = approach(net, flow, work, back, deficit)
    lower(net, flow, work, best)
    moves = 0
    if kind == WAITING:
        work.moved[0], work.moved_to[0] = row, head
        moves = 1
    while kind != EMPTY and head != deficit:
        origin = work.origin[head]
        if origin < 0:
            head = -2 - origin
            continue
        work.moved[moves], work.moved_to[moves] = origin, work.goal[head]
        head = work.goal[head]
        moves += 1
    reseat(net, flow, work, moves)
    clear(work)


@compiled
def fill_slots(net: Network, flow: Flow, work: Work, back: Reverse) -> int:
    """Draw rows into every slot that should not be empty. Returns the number of paths."""
    paths = 0
    deficit = next_deficit(net, flow, 0)
    while deficit != NONE:
        draw(net, flow, work, back, deficit)
        paths += 1
        deficit = next_deficit(net, flow, deficit)
        if deficit == NONE:
            deficit = next_deficit(net, flow, 0)
    return paths


def repair(net: Network, flow: Flow, work: Work, order: Int64) -> int:
    """From any flow and prices to an optimal flow with its prices. Returns the number of paths."""
    settle(net, flow)
    paths = match_rows(net, flow, work, order)
    if next_deficit(net, flow, 0) != NONE:
        paths += fill_slots(net, flow, work, reverse_network(net))
    return paths
