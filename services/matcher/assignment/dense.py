"""Whole small pools: shortest augmenting paths over a matrix, without lists of arcs.

Method: Jonker & Volgenant (1987), Dijkstra on a dense matrix, with mentors of several slots as one
column each: a search is as wide as there are mentors, not slots. A row seated at j is worth its weight there less
j's price, so that the least cost of moving somebody from j to k depends on who sits at j, not on prices: it is kept
from search to search, and a search looks at mentors only. Ends at the same middle prices as `ranges`.
"""

from typing import NamedTuple

import numpy as np

from services.matcher.assignment.instance import NEVER
from services.matcher.assignment.jit import compiled, compiled_into
from services.matcher.assignment.network import NONE
from services.matcher.assignment.problem import Int32, Int64

FAR = 2**58  # further than any path, nearer than a pair that may not be made


class Grid(NamedTuple):
    """Weights [rows, mentors] (NEVER where no pair may be made) and slots; a flow and its prices, changed in place.

    slack: what the price of a mentor would have to rise for the next empty slot to pay, FAR where all are filled.
    step[j, k]: the least weight lost by moving a row from j to k, and mover[j, k] that row; leave[j]: the least
    weight of the rows seated at j, and leaver[j] that row. All far where nobody is seated.
    """

    weight: Int64
    slot: Int64
    gain: Int64
    matched: Int32
    worth: Int64
    price: Int64
    load: Int64
    seat: Int32
    slack: Int64
    step: Int64
    mover: Int32
    leave: Int64
    leaver: Int32


class Reach(NamedTuple):
    """A search: distance of each mentor, its toll (the price; FAR and more once final), the final ones, the path."""

    dist: Int64
    toll: Int64
    order: Int64
    path: Int64


@compiled
def solve_whole(
    points: Int64, bonus: Int64, threshold: int, scored: bool, slot: Int64, gain: Int64, start: Int32  # noqa: FBT001
) -> tuple[Int32, Int64, Int64, int, Int64]:
    """The optimum of an objective over all pairs of a matrix of half points. A start only saves work.

    Mentor int32[rows], price int64[mentors], worth int64[rows], value, keys (row · mentors + mentor) of tight pairs.
    """
    weight = grid_weights(points, bonus, threshold, scored)
    grid = solve_grid(weight, slot, gain, start, scored)
    return grid.matched, grid.price, grid.worth, grid_value(grid), tight_pairs(weight, grid.worth, grid.price)


@compiled
def grid_weights(points: Int64, bonus: Int64, threshold: int, scored: bool) -> Int64:  # noqa: FBT001 - compiled
    """Weights of pairs under an objective, in half points; NEVER where no pair may be made."""
    weight = np.empty_like(points)
    for row in range(points.shape[0]):
        for j in range(points.shape[1]):
            own = points[row, j]
            if own == NEVER or own < threshold:
                weight[row, j] = NEVER
            else:
                weight[row, j] = bonus[row] + (own if scored else 0)
    return weight


@compiled
def solve_grid(weight: Int64, slot: Int64, gain: Int64, start: Int32, centered: bool) -> Grid:  # noqa: FBT001
    """The optimal flow over weights, with its middle prices if wanted."""
    grid = open_grid(weight, slot, gain)
    reach = new_reach(weight.shape[1])
    for row in range(len(start)):
        seat_start(grid, row, start[row])
    for row in range(len(start)):
        if grid.matched[row] == NONE:
            value_row(grid, row)
            if grid.worth[row] > 0:
                augment_row(grid, reach, row)
    if centered:
        center(grid, new_reach(weight.shape[1]), new_reach(weight.shape[1]))
    for row in range(len(start)):
        value_row(grid, row)
    return grid


@compiled
def open_grid(weight: Int64, slot: Int64, gain: Int64) -> Grid:
    """Nobody seated, at prices at which no empty slot gains."""
    rows, mentors = weight.shape
    grid = Grid(
        weight, slot, gain, np.full(rows, NONE, np.int32), np.zeros(rows, np.int64),
        np.zeros(mentors, np.int64), np.zeros(mentors, np.int64), np.full(len(gain), NONE, np.int32),
        np.zeros(mentors, np.int64), np.full((mentors, mentors), 4 * FAR), np.zeros((mentors, mentors), np.int32),
        np.full(mentors, FAR), np.zeros(mentors, np.int32),
    )  # fmt: skip
    for j in range(mentors):
        if slot[j] < slot[j + 1]:
            grid.price[j] = -gain[slot[j]]
        set_slack(grid, j)
    return grid


@compiled
def new_reach(mentors: int) -> Reach:
    nothing = np.zeros(mentors, np.int64)
    return Reach(np.full(mentors, FAR), nothing, nothing.copy(), nothing.copy())


@compiled_into
def set_slack(grid: Grid, j: int) -> None:
    empty = grid.slot[j] + grid.load[j]
    grid.slack[j] = -grid.price[j] - grid.gain[empty] if empty < grid.slot[j + 1] else FAR


@compiled_into
def seat_start(grid: Grid, row: int, j: int) -> None:
    """Seat a row at a mentor if that is as good as any at these prices and the slot costs no more."""
    if j != NONE and grid.slack[j] == 0:
        value_row(grid, row)
        if grid.worth[row] > 0 and grid.weight[row, j] - grid.price[j] == grid.worth[row]:
            take_seat(grid, row, j)


@compiled_into
def take_seat(grid: Grid, row: int, j: int) -> None:
    """Seat a row in the next empty slot of a mentor."""
    grid.seat[grid.slot[j] + grid.load[j]], grid.matched[row] = row, j
    grid.load[j] += 1
    set_slack(grid, j)
    admit(grid, row, j)


@compiled_into
def admit(grid: Grid, row: int, j: int) -> None:
    """A row now seated at j may be the one that moves or leaves from there at least cost."""
    weight, step, mover = grid.weight[row], grid.step[j], grid.mover[j]
    own = weight[j]
    for k in range(len(weight)):
        lost = own - weight[k]
        if lost < step[k]:
            step[k], mover[k] = lost, row
    if own < grid.leave[j]:
        grid.leave[j], grid.leaver[j] = own, row


@compiled_into
def value_row(grid: Grid, row: int) -> None:
    """The best a row can have at the prices, at least 0."""
    weight = grid.weight[row]
    worth = np.int64(0)
    for j in range(len(weight)):
        worth = max(worth, weight[j] - grid.price[j])
    grid.worth[row] = worth


@compiled
def relax(base: int, cost: Int64, toll: Int64, slack: Int64, dist: Int64) -> tuple[int, int]:
    """Reach every mentor k at base + cost[k] + toll[k].

    Returns the least distance of one that is not final, and the least length at which an empty slot is met.
    """
    near, least = np.int64(FAR), np.int64(FAR)
    for k in range(len(dist)):
        reached = min(dist[k], base + cost[k] + toll[k])
        dist[k] = reached
        near = min(near, reached if toll[k] < FAR else np.int64(FAR))
        least = min(least, reached + slack[k])
    return int(near), int(least)


@compiled_into
def augment_row(grid: Grid, reach: Reach, source: int) -> None:
    """Match a row, or leave it out, at the least cost to all."""
    (dist, toll, order, _), price, slack, leave = reach, grid.price, grid.slack, grid.leave  # loaded once
    toll[:] = price
    dist[:] = FAR
    worth, end, dropped, count = grid.worth[source], NONE, source, 0
    best = worth
    near, least = relax(worth, -grid.weight[source], toll, slack, dist)
    while True:
        if least < best:
            best, dropped = least, NONE
        if near >= best:
            break
        j = next_at(near, dist, toll)
        toll[j] = 4 * FAR
        order[count] = j
        count += 1
        base = near - price[j]
        if base + leave[j] < best:
            best, end, dropped = base + leave[j], j, grid.leaver[j]
        near, least = relax(base, grid.step[j], toll, slack, dist)
    if dropped == NONE:
        end = 0
        while dist[end] + slack[end] != best:
            end += 1
    if dropped != source:
        move_rows(grid, reach, source, end, dropped)
    for k in range(count):
        price[order[k]] += best - dist[order[k]]
        set_slack(grid, order[k])
    if end != NONE:
        set_slack(grid, end)


@compiled_into
def next_at(near: int, dist: Int64, toll: Int64) -> int:
    """The first mentor that is not final at this distance."""
    j = 0
    while dist[j] != near or toll[j] >= FAR:
        j += 1
    return j


@compiled_into
def move_rows(grid: Grid, reach: Reach, source: int, end: int, dropped: int) -> None:
    """Along the path found every row moves on: the last one into an empty slot, or the dropped row goes."""
    j, length = end, 0
    at = grid.slot[j] + grid.load[j]
    if dropped == NONE:
        grid.load[j] += 1
    else:
        at = seat_of(grid, dropped, j)
        grid.matched[dropped] = NONE
    while j != NONE:
        before = reached_from(grid, reach, source, j)
        row = source if before == NONE else grid.mover[before, j]
        free = at if before == NONE else seat_of(grid, row, before)
        grid.seat[at] = row
        grid.matched[row] = j
        reach.path[length] = j
        length += 1
        j, at = before, free
    for k in range(length):
        admit_all(grid, reach.path[k])


@compiled_into
def reached_from(grid: Grid, reach: Reach, source: int, j: int) -> int:
    """The final mentor from which a search reached another, -1 if straight from the row it started at."""
    dist, price, order = reach.dist, grid.price, reach.order
    cost = dist[j] - price[j]
    if grid.worth[source] - grid.weight[source, j] == cost:
        return NONE
    k = 0
    while dist[order[k]] - price[order[k]] + grid.step[order[k], j] != cost:
        k += 1
    return int(order[k])


@compiled_into
def admit_all(grid: Grid, j: int) -> None:
    """What moving and leaving cost, for the rows seated at a mentor now."""
    grid.step[j], grid.leave[j] = 4 * FAR, FAR
    for at in range(grid.slot[j], grid.slot[j] + grid.load[j]):
        admit(grid, grid.seat[at], j)


@compiled_into
def seat_of(grid: Grid, row: int, j: int) -> int:
    at = grid.slot[j]
    while grid.seat[at] != row:
        at += 1
    return int(at)


@compiled
def center(grid: Grid, low: Reach, high: Reach) -> None:
    """Put the prices midway between the lowest and the highest optimal ones."""
    reach_from_ground(grid, low)
    reach_to_ground(grid, high)
    for j in range(len(grid.price)):
        up = high.dist[j] if high.dist[j] < FAR else 0
        down = low.dist[j] if low.dist[j] < FAR else -up
        grid.price[j] = (2 * grid.price[j] + up - down) // 2
        if grid.load[j] == 0 and grid.slot[j] < grid.slot[j + 1]:
            grid.price[j] = -grid.gain[grid.slot[j]]


@compiled
def least_of(dist: Int64) -> int:
    least = np.int64(FAR)
    for j in range(len(dist)):
        least = min(least, dist[j])
    return int(least)


@compiled
def reach_from_ground(grid: Grid, reach: Reach) -> None:
    """How far each price can fall: distances from filled slots and unmatched rows."""
    dist, toll, slack = reach.dist, reach.toll, grid.slack
    toll[:] = grid.price
    for j in range(len(dist)):
        if grid.load[j] > 0:
            dist[j] = grid.price[j] + grid.gain[grid.slot[j] + grid.load[j] - 1]
    near = least_of(dist)
    for row in range(len(grid.matched)):
        if grid.matched[row] == NONE:
            near, _ = relax(0, -grid.weight[row], toll, slack, dist)
    while near < FAR:
        j = next_at(near, dist, toll)
        toll[j] = 4 * FAR
        near, _ = relax(near - grid.price[j], grid.step[j], toll, slack, dist)


@compiled
def reach_to_ground(grid: Grid, reach: Reach) -> None:
    """How far each price can rise: distances to empty slots and to rows that would leave."""
    dist, toll, slack = reach.dist, reach.toll, grid.slack
    toll[:] = -grid.price
    for j in range(len(dist)):
        dist[j] = min(grid.slack[j], grid.leave[j] - grid.price[j])
    near = least_of(dist)
    while near < FAR:
        j = next_at(near, dist, toll)
        toll[j] = 4 * FAR
        near, _ = relax(near + grid.price[j], grid.step[:, j].copy(), toll, slack, dist)


@compiled
def tight_pairs(weight: Int64, worth: Int64, price: Int64) -> Int64:
    """Keys row · mentors + mentor of the pairs that are worth exactly their prices, ascending."""
    rows, mentors = weight.shape
    keys, count = np.empty(rows * mentors, np.int64), 0
    for row in range(rows):
        for j in range(mentors):
            if weight[row, j] == worth[row] + price[j]:
                keys[count] = row * mentors + j
                count += 1
    return keys[:count].copy()


@compiled
def grid_value(grid: Grid) -> int:
    """The objective: weights of the pairs made and gains of the slots filled."""
    value = np.int64(0)
    for row in range(len(grid.matched)):
        if grid.matched[row] != NONE:
            value += grid.weight[row, grid.matched[row]]
    for j in range(len(grid.load)):
        for at in range(grid.slot[j], grid.slot[j] + grid.load[j]):
            value += grid.gain[at]
    return int(value)
