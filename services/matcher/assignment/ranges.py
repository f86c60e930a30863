"""The lowest and highest optimal prices, and the middle between them.

Optimal prices form a lattice; its two ends are shortest distances from and to the ground on reduced
costs. They depend on the network alone, not on how its optimum was found; their middle is tight only
where both ends are, so that almost only true ties stay tight.
"""

import numpy as np

from services.matcher.assignment.filling import Reverse, reverse_network
from services.matcher.assignment.jit import compiled
from services.matcher.assignment.network import NONE, Flow, Network
from services.matcher.assignment.paths import INFINITE, SIZE, Work, clear, expand, pop, relax
from services.matcher.assignment.problem import Int64

GROUND = -1


@compiled
def leave_ground(net: Network, flow: Flow, work: Work) -> None:
    """Distances start at filled slots (what they lose when emptied) and at rows left unmatched."""
    for j in range(len(net.slot) - 1):
        if flow.load[j] > 0:
            relax(work, j, flow.price[j] + net.gain[net.slot[j] + flow.load[j] - 1], GROUND)
    for row in range(len(flow.matched)):
        if flow.matched[row] == NONE:
            expand(net, flow, work, row, 0, INFINITE)


@compiled
def spread(net: Network, flow: Flow, work: Work) -> None:
    """Carry distances on to every head that can be reached."""
    mentors = len(net.slot) - 1
    while work.tally[SIZE] > 0:
        head = pop(work)
        dist = work.dist[head]
        if head >= mentors:
            row = flow.holder[head - mentors]
            if row == NONE:
                mentor = net.gate_mentor[head - mentors]
                relax(work, mentor, dist + flow.price[mentor] - flow.price[head], head)
            else:
                expand(net, flow, work, row, dist, INFINITE)
            continue
        for k in range(net.slot[head], net.slot[head] + flow.load[head]):
            row = flow.seat[k]
            gate = flow.matched[row]
            if gate >= mentors:
                relax(work, gate, dist + flow.price[gate] - flow.price[head], head)
            else:
                expand(net, flow, work, row, dist, INFINITE)


@compiled
def lowest_prices(net: Network, flow: Flow, work: Work) -> Int64:
    """Prices as low as they can go: less the distance from the ground. Unreached heads are marked."""
    leave_ground(net, flow, work)
    spread(net, flow, work)
    low = flow.price - work.dist
    low[work.dist == INFINITE] = INFINITE
    clear(work)
    return low


@compiled
def highest_prices(net: Network, flow: Flow, work: Work, back: Reverse) -> Int64:
    """Prices as high as they can go: plus the distance to the ground."""
    mentors = len(net.slot) - 1
    for j in range(mentors):
        empty = net.slot[j] + flow.load[j]
        if empty < net.slot[j + 1]:
            relax(work, j, -(flow.price[j] + net.gain[empty]), GROUND)
    for row in range(len(flow.matched)):
        if flow.matched[row] != NONE:
            relax(work, flow.matched[row], flow.worth[row], GROUND)
    while work.tally[SIZE] > 0:
        head = pop(work)
        dist = work.dist[head]
        for k in range(back.first[head], back.last[head]):
            row = back.row[k]
            own = flow.matched[row]
            reached = dist + flow.worth[row] + flow.price[head] - back.weight[k]
            if own != NONE and reached < work.dist[own]:  # looked at before: a call costs more
                relax(work, own, reached, head)
        if head >= mentors:
            if flow.holder[head - mentors] != NONE:
                mentor = net.gate_mentor[head - mentors]
                relax(work, mentor, dist + flow.price[head] - flow.price[mentor], head)
            continue
        for k in range(back.gate_first[head], back.gate_last[head]):
            gate = back.gate[k]
            if flow.holder[gate] == NONE:
                relax(work, mentors + gate, dist, head)
    high = flow.price + work.dist
    high[work.dist == INFINITE] = INFINITE
    clear(work)
    return high


def center_prices(net: Network, flow: Flow, work: Work) -> None:
    """Put the flow's prices midway between the lowest and the highest optimal ones (weights are even)."""
    mentors = len(net.slot) - 1
    idle = np.concatenate([flow.holder == NONE, [False]])[: len(flow.holder)]
    flow.price[mentors:][idle] = flow.price[net.gate_mentor[idle]]
    low = lowest_prices(net, flow, work)
    high = highest_prices(net, flow, work, reverse_network(net))
    high = np.where(high == INFINITE, flow.price, high)
    low = np.where(low == INFINITE, high, low)
    middle = (low + high) // 2
    unused = (flow.load == 0) & (np.diff(net.slot) > 0)
    middle[:mentors][unused] = -net.gain[net.slot[:-1][unused]]
    middle[mentors:][idle] = middle[net.gate_mentor[idle]]
    flow.price[:] = middle
    value_rows(net, flow.price, flow.worth)


def lower_prices(net: Network, flow: Flow, work: Work) -> None:
    """Put the flow's prices at their lowest; mentors that nobody reaches keep the price of an idle one."""
    mentors = len(net.slot) - 1
    low = lowest_prices(net, flow, work)
    flow.price[:] = np.where(low == INFINITE, flow.price, low)
    unused = (flow.load == 0) & (np.diff(net.slot) > 0)
    flow.price[:mentors][unused] = -net.gain[net.slot[:-1][unused]]
    idle = np.flatnonzero(flow.holder == NONE)
    flow.price[mentors + idle] = flow.price[net.gate_mentor[idle]]
    value_rows(net, flow.price, flow.worth)


@compiled
def value_rows(net: Network, price: Int64, worth: Int64) -> None:
    """Each row's worth: the best it can have at these prices, at least 0."""
    for row in range(len(worth)):
        best = np.int64(0)
        for arc in range(net.first[row], net.last[row]):
            best = max(best, net.weight[arc] - price[net.head[arc]])
        worth[row] = best


