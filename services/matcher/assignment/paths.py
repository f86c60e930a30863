"""Shortest augmenting paths on reduced costs: rows without a match find the cheapest way in.

Method: successive shortest paths with potentials (Edmonds & Karp 1972; Tomizawa 1971), as in the
assignment algorithm of Jonker & Volgenant (1987), here with convex slot costs and gates.
Invariants: worth[i] + price[h] >= weight on every arc, equal on matched ones; a filled slot has
price + gain >= 0, an empty one <= 0 (else it is a *deficit* to be filled); gates hold at most one row.
"""

from typing import NamedTuple

import numpy as np

from services.matcher.assignment.jit import compiled
from services.matcher.assignment.network import NONE, Flow, Network
from services.matcher.assignment.problem import Int32, Int64

INFINITE = 2**62
SLOT, DROP = 0, 1
SIZE, TOUCHED, VISITED, DEFICITS = 0, 1, 2, 3


class Work(NamedTuple):
    """Scratch space of a search; origin (and goal, backwards): row r as r, head h as -2-h."""

    dist: Int64
    origin: Int64
    goal: Int32
    heap: Int32
    where: Int32
    touched: Int32
    visited: Int32
    visited_at: Int64
    moved: Int32
    moved_to: Int32
    tally: Int64


def make_work(network: Network) -> Work:
    rows, heads = len(network.first), len(network.slot) - 1 + len(network.gate_mentor)
    return Work(
        dist=np.full(heads, INFINITE, np.int64),
        origin=np.zeros(heads, np.int64),
        goal=np.zeros(heads, np.int32),
        heap=np.zeros(heads, np.int32),
        where=np.full(heads, NONE, np.int32),
        touched=np.zeros(heads, np.int32),
        visited=np.zeros(rows, np.int32),
        visited_at=np.zeros(rows, np.int64),
        moved=np.zeros(rows + 1, np.int32),
        moved_to=np.zeros(rows + 1, np.int32),
        tally=np.zeros(4, np.int64),
    )


@compiled
def relax(work: Work, head: int, dist: int, origin: int) -> None:
    """Lower a head's distance and move it up the binary heap."""
    if dist >= work.dist[head]:
        return
    work.dist[head], work.origin[head] = dist, origin
    at = work.where[head]
    if at == NONE:
        work.touched[work.tally[TOUCHED]] = head
        work.tally[TOUCHED] += 1
        at = work.tally[SIZE]
        work.tally[SIZE] += 1
    while at > 0:
        above = (at - 1) // 2
        other = work.heap[above]
        if work.dist[other] <= dist:
            break
        work.heap[at] = other
        work.where[other] = at
        at = above
    work.heap[at] = head
    work.where[head] = at


@compiled
def pop(work: Work) -> int:
    """The nearest head, taken off the heap; its `where` stays >= 0 so that it is never pushed again."""
    nearest = work.heap[0]
    work.tally[SIZE] -= 1
    size = work.tally[SIZE]
    if size > 0:
        head = work.heap[size]
        dist = work.dist[head]
        at = 0
        while True:
            below = 2 * at + 1
            if below >= size:
                break
            if below + 1 < size and work.dist[work.heap[below + 1]] < work.dist[work.heap[below]]:
                below += 1
            other = work.heap[below]
            if work.dist[other] >= dist:
                break
            work.heap[at] = other
            work.where[other] = at
            at = below
        work.heap[at] = head
        work.where[head] = at
    return int(nearest)


@compiled
def clear(work: Work) -> None:
    for k in range(work.tally[TOUCHED]):
        work.dist[work.touched[k]] = INFINITE
        work.where[work.touched[k]] = NONE
    work.tally[:DEFICITS] = 0


@compiled
def expand(net: Network, flow: Flow, work: Work, row: int, dist: int, limit: int) -> None:
    """Reach the heads of a row that could be matched elsewhere."""
    work.visited[work.tally[VISITED]] = row
    work.visited_at[work.tally[VISITED]] = dist
    work.tally[VISITED] += 1
    base = dist + flow.worth[row]
    for arc in range(net.first[row], net.last[row]):
        head = net.head[arc]
        reached = base + flow.price[head] - net.weight[arc]
        if reached < limit and reached < work.dist[head] and head != flow.matched[row]:  # a call costs more
            relax(work, head, reached, row)


@compiled
def search(net: Network, flow: Flow, work: Work, source: int) -> tuple[int, int, int]:
    """Shortest path from an unmatched row to where the flow may end.

    Returns (distance, kind, node): an empty slot of a mentor, or a row that drops out.
    """
    mentors = len(net.slot) - 1
    best, kind, node = flow.worth[source], DROP, source
    expand(net, flow, work, source, 0, best)
    while work.tally[SIZE] > 0:
        head = pop(work)
        dist = work.dist[head]
        if dist > best or (dist == best and work.tally[DEFICITS] == 0):
            break
        if head >= mentors:
            row = flow.holder[head - mentors]
            if row == NONE:
                mentor = net.gate_mentor[head - mentors]
                relax(work, mentor, dist + flow.price[mentor] - flow.price[head], -2 - head)
            else:
                if dist + flow.worth[row] < best:
                    best, kind, node = dist + flow.worth[row], DROP, row
                expand(net, flow, work, row, dist, best)
            continue
        empty = net.slot[head] + flow.load[head]
        if empty < net.slot[head + 1]:
            slack = -(flow.price[head] + net.gain[empty])
            if (slack < 0 and dist <= best) or (slack >= 0 and dist + slack < best):
                best, kind, node = dist + max(slack, 0), SLOT, head
        for k in range(net.slot[head], empty):
            row = flow.seat[k]
            gate = flow.matched[row]
            if gate >= mentors:
                relax(work, gate, dist + flow.price[gate] - flow.price[head], -2 - head)
                continue
            if dist + flow.worth[row] < best:
                best, kind, node = dist + flow.worth[row], DROP, row
            expand(net, flow, work, row, dist, best)
    return best, kind, node


@compiled
def reprice(flow: Flow, work: Work, best: int) -> None:
    """Move the potentials along a search of length `best`, so that its path becomes tight."""
    for k in range(work.tally[TOUCHED]):
        head = work.touched[k]
        if work.dist[head] < best:
            flow.price[head] += best - work.dist[head]
    for k in range(work.tally[VISITED]):
        if work.visited_at[k] < best:
            flow.worth[work.visited[k]] -= best - work.visited_at[k]


@compiled
def unseat(net: Network, flow: Flow, row: int) -> None:
    mentors = len(net.slot) - 1
    head = flow.matched[row]
    mentor = head
    if head >= mentors:
        mentor = net.gate_mentor[head - mentors]
        flow.holder[head - mentors] = NONE
    flow.load[mentor] -= 1
    last = flow.seat[net.slot[mentor] + flow.load[mentor]]
    flow.seat[flow.place[row]] = last
    flow.place[last] = flow.place[row]
    flow.matched[row] = NONE


@compiled
def seat(net: Network, flow: Flow, row: int, head: int) -> None:
    mentors = len(net.slot) - 1
    mentor = head
    if head >= mentors:
        mentor = net.gate_mentor[head - mentors]
        flow.holder[head - mentors] = row
    at = net.slot[mentor] + flow.load[mentor]
    flow.seat[at] = row
    flow.place[row] = at
    flow.load[mentor] += 1
    flow.matched[row] = head


@compiled
def shift(net: Network, flow: Flow, work: Work, source: int, kind: int, node: int) -> None:
    """Move every row on the path found to its new head."""
    moves = 0
    at = node
    if kind == DROP:
        if node == source:
            return
        at = flow.matched[node]
        work.moved[0], work.moved_to[0] = node, NONE
        moves = 1
    while True:
        origin = work.origin[at]
        if origin < 0:
            at = -2 - origin
            continue
        work.moved[moves], work.moved_to[moves] = origin, at
        moves += 1
        if origin == source:
            break
        at = flow.matched[origin]
    reseat(net, flow, work, moves)


@compiled
def reseat(net: Network, flow: Flow, work: Work, moves: int) -> None:
    """Carry out the first moves on the list: all leave, then all sit down."""
    for k in range(moves):
        if flow.matched[work.moved[k]] != NONE:
            unseat(net, flow, work.moved[k])
    for k in range(moves):
        if work.moved_to[k] != NONE:
            seat(net, flow, work.moved[k], work.moved_to[k])


@compiled
def row_worth(net: Network, flow: Flow, row: int) -> int:
    """The best a row can have at the prices, at least 0."""
    worth = 0
    for arc in range(net.first[row], net.last[row]):
        worth = max(worth, net.weight[arc] - flow.price[net.head[arc]])
    return worth


@compiled
def augment(net: Network, flow: Flow, work: Work, source: int) -> None:
    """Match an unmatched row, or leave it out, at the least cost to all."""
    best, kind, node = search(net, flow, work, source)
    reprice(flow, work, best)
    shift(net, flow, work, source, kind, node)
    clear(work)


@compiled
def next_deficit(net: Network, flow: Flow, start: int) -> int:
    """The first mentor from `start` on with an empty slot that should be filled at its price, or -1."""
    for j in range(start, len(net.slot) - 1):
        empty = net.slot[j] + flow.load[j]
        if empty < net.slot[j + 1] and flow.price[j] + net.gain[empty] > 0:
            return j
    return NONE


@compiled
def settle_row(net: Network, flow: Flow, row: int) -> bool:
    """Give a row its worth at the prices, half points; False if it is matched and its match is not tight."""
    worth = np.int64(0)
    free = bool(flow.matched[row] == NONE)
    tight = free
    for arc in range(net.first[row], net.last[row]):
        value = net.weight[arc] - flow.price[net.head[arc]]
        if value > worth:
            worth, tight = value, free
        if value == worth and net.head[arc] == flow.matched[row]:
            tight = True
    flow.worth[row] = worth
    return tight


@compiled
def settle(net: Network, flow: Flow) -> None:
    """Give each row its worth at the prices; rows whose match is not tight leave it. Restores the invariants.

    Prices of filled slots rise to where they pay; an empty gate costs what its mentor costs.
    """
    mentors = len(net.slot) - 1
    for j in range(mentors):
        while flow.load[j] > net.slot[j + 1] - net.slot[j]:
            unseat(net, flow, flow.seat[net.slot[j] + flow.load[j] - 1])
        if flow.load[j] > 0:
            flow.price[j] = max(flow.price[j], -net.gain[net.slot[j] + flow.load[j] - 1])
    changed = True
    while changed:
        changed = False
        for g in range(len(net.gate_mentor)):
            price = flow.price[net.gate_mentor[g]]
            if flow.holder[g] == NONE or flow.price[mentors + g] < price:
                flow.price[mentors + g] = price
        for row in range(len(flow.matched)):
            if not settle_row(net, flow, row):
                changed = changed or flow.matched[row] >= mentors
                unseat(net, flow, row)


@compiled
def match_rows(net: Network, flow: Flow, work: Work, order: Int64) -> int:
    """Augment every row that is worth more than nothing and has no match. Returns how many."""
    work.tally[DEFICITS] = next_deficit(net, flow, 0) != NONE
    paths = 0
    for row in order:
        if flow.matched[row] != NONE:
            continue
        flow.worth[row] = row_worth(net, flow, row)
        if flow.worth[row] > 0:
            augment(net, flow, work, row)
            paths += 1
    work.tally[DEFICITS] = 0
    return paths
