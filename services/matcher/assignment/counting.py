"""As many rows as can be matched where only matches count: paths found by depth-first search, without prices.

Method: augmenting paths with lookahead (Pothen & Fan 1990), for mentors of several slots. Where all weights of a
row are equal, searches by price see only ties and wander; these do not. `repair` then makes flow and prices exact.
"""

from typing import NamedTuple

import numpy as np

from services.matcher.assignment.jit import compiled, compiled_into
from services.matcher.assignment.network import NONE, Flow, Network
from services.matcher.assignment.problem import Bool, Int64


class Climb(NamedTuple):
    """A search: rows on the path and the mentor each would go to, next arcs and seats to look at, mentors seen.

    ahead: per row the first arc whose mentor may still have room; it only moves on, since loads never fall.
    """

    row: Int64
    mentor: Int64
    arc: Int64
    seat: Int64
    seen: Bool
    ahead: Int64


def seat_most(network: Network, flow: Flow) -> None:
    """Seat further rows of a flow without gates until no path seats one more; those of greater weight first."""
    first, last = network.first, network.last
    weight = np.zeros(len(first), np.int64)
    weight[last > first] = network.weight[first[last > first]]
    for level in np.unique(weight[weight > 0])[::-1]:
        while seat_rows_of(network, flow, weight >= level):
            pass


@compiled
def seat_rows_of(net: Network, flow: Flow, wanted: Bool) -> int:
    """One pass over the unmatched rows that are wanted; each mentor is searched once. Returns how many sat down."""
    rows, mentors = len(flow.matched), len(flow.load)
    climb = Climb(
        np.empty(rows + 1, np.int64), np.empty(rows + 1, np.int64), net.first.copy(), net.slot.copy(),
        np.zeros(mentors, np.bool_), net.first.copy(),
    )  # fmt: skip
    seated = 0
    for row in range(rows):
        if wanted[row] and flow.matched[row] == NONE:
            depth = find_path(net, flow, climb, row)
            if depth >= 0:
                move_along(net, flow, climb, depth)
                seated += 1
    return seated


@compiled
def find_path(net: Network, flow: Flow, climb: Climb, source: int) -> int:
    """The depth at which a path from a row ends at an empty slot, -1 if there is none."""
    depth = 0
    climb.row[0], climb.mentor[0] = source, NONE
    while depth >= 0:
        mentor = climb.mentor[depth]
        if mentor != NONE and climb.seat[mentor] < net.slot[mentor] + flow.load[mentor]:
            row = flow.seat[climb.seat[mentor]]
            climb.seat[mentor] += 1
            depth += 1
            climb.row[depth], climb.mentor[depth] = row, NONE
            continue
        row = climb.row[depth]
        mentor = find_room(net, flow, climb, row)
        if mentor != NONE:
            climb.mentor[depth] = mentor
            return depth
        climb.mentor[depth] = next_unseen(net, climb, row)
        if climb.mentor[depth] == NONE:
            depth -= 1
    return NONE


@compiled_into
def find_room(net: Network, flow: Flow, climb: Climb, row: int) -> int:
    """A mentor of a row with an empty slot, -1 if all are full."""
    found = NONE
    while climb.ahead[row] < net.last[row] and found == NONE:
        mentor = net.head[climb.ahead[row]]
        if net.slot[mentor] + flow.load[mentor] < net.slot[mentor + 1]:
            found = mentor
        else:
            climb.ahead[row] += 1
    return found


@compiled_into
def next_unseen(net: Network, climb: Climb, row: int) -> int:
    """The next mentor of a row that was not searched yet, -1 if there is none."""
    found = NONE
    while climb.arc[row] < net.last[row] and found == NONE:
        mentor = net.head[climb.arc[row]]
        climb.arc[row] += 1
        if not climb.seen[mentor]:
            climb.seen[mentor] = True
            found = mentor
    return found


@compiled
def move_along(net: Network, flow: Flow, climb: Climb, depth: int) -> None:
    """Every row on the path moves on: the last one into the empty slot, each other into the seat of the next."""
    mentor = climb.mentor[depth]
    at = net.slot[mentor] + flow.load[mentor]
    flow.load[mentor] += np.int32(1)
    for k in range(depth, -1, -1):
        row = climb.row[k]
        free = flow.place[row]
        flow.seat[at], flow.place[row], flow.matched[row] = row, at, climb.mentor[k]
        at = free
