"""A first flow and prices from nothing, nearly optimal: rows bid for slots, with bids that grow finer.

Method: the auction algorithm with ε-scaling (Bertsekas 1988; for several equal slots, Bertsekas & Castañon
1989). It need not end at an optimum: `repair` makes its flow exact, along short paths since prices are close.
"""

import numpy as np

from services.matcher.assignment.jit import compiled
from services.matcher.assignment.network import NONE, Flow, Network, empty_flow
from services.matcher.assignment.problem import Int32, Int64

COARSE, FINE, FACTOR = 100, 100_000, 10
STEP_BACK = 3
MOST_BIDS = 200


def start_by_auction(network: Network, flow: Flow) -> bool:
    """Put a nearly optimal flow and its prices on a network, whatever flow was there.

    Returns whether the bidding came to an end: not where it takes too long, nor where there are gates.
    """
    weight = network.weight
    if len(network.gate_mentor):
        return False
    empty_flow(network, flow)
    spread = max(int(weight.max(initial=0) - weight.min(initial=0)), 1)
    step, least = max(int(weight.max(initial=0)) // COARSE, 1), max(spread // FINE, 1)
    base, bid = flow.price.copy(), np.zeros(len(network.gain), np.int64)
    start = base
    while True:
        flow.price[:], flow.matched[:], flow.load[:] = start, NONE, 0
        if not hold_auction(network, flow, bid, start, step):
            return False
        if step == least:
            break
        start = np.maximum(base, flow.price - STEP_BACK * step)
        step = max(step // FACTOR, least)
    take_places(network, flow.seat, flow.load, flow.place)
    return True


@compiled
def hold_auction(net: Network, flow: Flow, bid: Int64, start: Int64, step: int) -> bool:
    """One auction from the prices `start`, bids raised by `step`: until every row sits or wants nothing.

    A mentor keeps the highest bids; the price is the lowest of them, or that of the next empty slot.
    """
    queue = np.arange(len(net.first))
    size, left = len(queue), MOST_BIDS * len(queue)
    while size > 0 and left > 0:
        left -= 1
        size -= 1
        row = queue[size]
        best, second, mentor, weight = np.int64(0), np.int64(0), NONE, np.int64(0)
        for arc in range(net.first[row], net.last[row]):
            value = net.weight[arc] - flow.price[net.head[arc]]
            if value > best:
                best, second, mentor, weight = value, best, net.head[arc], net.weight[arc]
            elif value > second:
                second = value
        if mentor == NONE:
            continue
        first, empty, end = net.slot[mentor], net.slot[mentor] + flow.load[mentor], net.slot[mentor + 1]
        at, _ = cheapest_seat(net.gain, bid, start[mentor], first, empty, end)
        if at == empty:
            flow.load[mentor] += np.int32(1)
            empty += 1
        else:
            flow.matched[flow.seat[at]] = NONE
            queue[size] = flow.seat[at]
            size += 1
        flow.seat[at], bid[at], flow.matched[row] = row, weight - second + step, mentor
        _, asked = cheapest_seat(net.gain, bid, start[mentor], first, empty, end)
        flow.price[mentor] = max(flow.price[mentor], asked)
    return size == 0


@compiled
def cheapest_seat(gain: Int64, bid: Int64, start: int, first: int, empty: int, end: int) -> tuple[int, int]:
    """The next empty slot of a mentor, unless somebody's bid is lower; and what that seat costs."""
    at = empty
    least = max(start, -gain[empty]) if empty < end else np.int64(2**62)
    for k in range(first, empty):
        if bid[k] < least:
            at, least = k, bid[k]
    return at, int(least)


@compiled
def take_places(net: Network, seat: Int32, load: Int32, place: Int64) -> None:
    for j in range(len(load)):
        for at in range(net.slot[j], net.slot[j] + load[j]):
            place[seat[at]] = at
