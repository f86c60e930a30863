"""Whole small pools: shortest augmenting paths over a matrix, without lists of arcs.

Method: Jonker & Volgenant (1987), Dijkstra on a dense matrix, with mentors of several slots as one
column each: a search is as wide as there are mentors, not slots. Ends at the same middle prices as `ranges`.
"""

from typing import NamedTuple

import numpy as np

from services.matcher.assignment.instance import NEVER
from services.matcher.assignment.jit import compiled
from services.matcher.assignment.network import NONE, Slots
from services.matcher.assignment.problem import Int32, Int64

FAR = 2**58  # further than any path, nearer than a pair that may not be made


class Grid(NamedTuple):
    """Weights [rows, mentors] (NEVER where no pair may be made) and slots; a flow and its prices, changed in place.

    slack: what the price of a mentor would have to rise for the next empty slot to pay, FAR where all are filled.
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


class Reach(NamedTuple):
    """A search: distance of each mentor (`ahead`: FAR once final), the row it was reached from, the final ones."""

    dist: Int64
    ahead: Int64
    origin: Int32
    order: Int32


def solve_grid(weight: Int64, slots: Slots, start: Int32, *, centered: bool) -> Grid:
    """The optimal flow over all pairs of a matrix, with its middle prices if wanted. A start only saves work."""
    rows, mentors = weight.shape
    grid = Grid(
        weight, slots.first, slots.gain, np.full(rows, NONE, np.int32), np.zeros(rows, np.int64),
        np.zeros(mentors, np.int64), np.zeros(mentors, np.int64), np.full(len(slots.gain), NONE, np.int32),
        np.zeros(mentors, np.int64),
    )  # fmt: skip
    open_prices(grid)
    seat_start(grid, start)
    match_all(grid, _new_reach(mentors))
    if centered:
        center(grid, np.ascontiguousarray(weight.T), _new_reach(mentors), _new_reach(mentors))
    return grid


def _new_reach(mentors: int) -> Reach:
    return Reach(
        np.full(mentors, FAR, np.int64), np.full(mentors, FAR, np.int64), np.zeros(mentors, np.int32),
        np.zeros(mentors, np.int32),
    )  # fmt: skip


@compiled
def grid_weights(points: Int64, bonus: Int64, threshold: int, scored: int) -> Int64:
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
def open_prices(grid: Grid) -> None:
    """Prices at which no empty slot gains, and what the rows are worth at them."""
    for j in range(len(grid.price)):
        if grid.slot[j] < grid.slot[j + 1]:
            grid.price[j] = -grid.gain[grid.slot[j]]
        set_slack(grid, j)
    for row in range(len(grid.worth)):
        value_row(grid, row)


@compiled
def set_slack(grid: Grid, j: int) -> None:
    empty = grid.slot[j] + grid.load[j]
    grid.slack[j] = -grid.price[j] - grid.gain[empty] if empty < grid.slot[j + 1] else FAR


@compiled
def seat_start(grid: Grid, start: Int32) -> None:
    """Seat the rows whose pair in `start` is as good as any at these prices, while slots cost no more."""
    for row in range(len(start)):
        j = start[row]
        if j == NONE or grid.worth[row] <= 0 or grid.weight[row, j] - grid.price[j] != grid.worth[row]:
            continue
        if grid.slack[j] == 0:
            grid.seat[grid.slot[j] + grid.load[j]], grid.matched[row] = row, j
            grid.load[j] += 1
            set_slack(grid, j)


@compiled
def match_all(grid: Grid, reach: Reach) -> None:
    """Match every other row that is worth it, one after another."""
    for row in range(len(grid.matched)):
        if grid.matched[row] == NONE:
            value_row(grid, row)
            if grid.worth[row] > 0:
                augment_row(grid, reach, row)


@compiled
def value_row(grid: Grid, row: int) -> None:
    """The best a row can have at the prices, at least 0."""
    weight = grid.weight[row]
    worth = np.int64(0)
    for j in range(len(weight)):
        worth = max(worth, weight[j] - grid.price[j])
    grid.worth[row] = worth


@compiled
def nearest(reach: Reach) -> int:
    """The mentor of least distance that is not final, -1 if none can be reached."""
    best = np.int64(FAR)
    for j in range(len(reach.ahead)):
        best = min(best, reach.ahead[j])
    if best < FAR:
        for j in range(len(reach.ahead)):
            if reach.ahead[j] == best:
                return j
    return NONE


@compiled
def expand_row(grid: Grid, reach: Reach, row: int, dist: int) -> int:
    """Reach every mentor from a row. Returns the least length at which an empty slot is met."""
    base = dist + grid.worth[row]
    weight = grid.weight[row]
    least = np.int64(FAR)
    for j in range(len(weight)):
        reached = base + grid.price[j] - weight[j]
        least = min(least, reached + grid.slack[j])
        if reached < reach.dist[j]:
            reach.dist[j] = reached
            reach.ahead[j] = reached
            reach.origin[j] = row
    return int(least)


@compiled
def augment_row(grid: Grid, reach: Reach, source: int) -> None:
    """Match a row, or leave it out, at the least cost to all."""
    reach.dist[:] = FAR
    reach.ahead[:] = FAR
    best, end, dropped, count = grid.worth[source], NONE, source, 0
    least = expand_row(grid, reach, source, 0)
    if least < best:
        best, dropped = least, NONE
    while True:
        j = nearest(reach)
        if j == NONE or reach.dist[j] >= best:
            break
        reach.ahead[j] = FAR
        reach.order[count] = j
        count += 1
        dist = reach.dist[j]
        for at in range(grid.slot[j], grid.slot[j] + grid.load[j]):
            row = grid.seat[at]
            if dist + grid.worth[row] < best:
                best, end, dropped = dist + grid.worth[row], j, row
            least = expand_row(grid, reach, row, dist)
            if least < best:
                best, dropped = least, NONE
    if dropped == NONE:
        end = 0
        while reach.dist[end] + grid.slack[end] != best:
            end += 1
    move_prices(grid, reach, source, best, count)
    move_rows(grid, reach, source, end, dropped)
    for k in range(count):
        set_slack(grid, reach.order[k])
    if end != NONE:
        set_slack(grid, end)


@compiled
def move_prices(grid: Grid, reach: Reach, source: int, best: int, count: int) -> None:
    """Prices within `best` rise, and the rows there are worth as much less."""
    grid.worth[source] -= best
    for k in range(count):
        j = reach.order[k]
        rise = best - reach.dist[j]
        grid.price[j] += rise
        for at in range(grid.slot[j], grid.slot[j] + grid.load[j]):
            grid.worth[grid.seat[at]] -= rise


@compiled
def move_rows(grid: Grid, reach: Reach, source: int, end: int, dropped: int) -> None:
    """Along the path found every row moves on: the last one into an empty slot, or the dropped row goes."""
    if dropped == source:
        return
    j = end
    at = grid.slot[j] + grid.load[j]
    if dropped == NONE:
        grid.load[j] += 1
    else:
        at = seat_of(grid, dropped, j)
        grid.matched[dropped] = NONE
    while True:
        row = reach.origin[j]
        before = grid.matched[row]
        free = at if row == source else seat_of(grid, row, before)
        grid.seat[at] = row
        grid.matched[row] = j
        if row == source:
            return
        j, at = before, free


@compiled
def seat_of(grid: Grid, row: int, j: int) -> int:
    at = grid.slot[j]
    while grid.seat[at] != row:
        at += 1
    return int(at)


@compiled
def center(grid: Grid, turned: Int64, low: Reach, high: Reach) -> None:
    """Put the prices midway between the lowest and the highest optimal ones; `turned` is the weights' transpose."""
    reach_from_ground(grid, low)
    reach_to_ground(grid, turned, high)
    for j in range(len(grid.price)):
        up = high.dist[j] if high.dist[j] < FAR else 0
        down = low.dist[j] if low.dist[j] < FAR else -up
        grid.price[j] = (2 * grid.price[j] + up - down) // 2
        if grid.load[j] == 0 and grid.slot[j] < grid.slot[j + 1]:
            grid.price[j] = -grid.gain[grid.slot[j]]
    for row in range(len(grid.worth)):
        value_row(grid, row)


@compiled
def reach_from_ground(grid: Grid, reach: Reach) -> None:
    """How far each price can fall: distances from filled slots and unmatched rows."""
    for j in range(len(grid.price)):
        if grid.load[j] > 0:
            reach.dist[j] = grid.price[j] + grid.gain[grid.slot[j] + grid.load[j] - 1]
            reach.ahead[j] = reach.dist[j]
    for row in range(len(grid.matched)):
        if grid.matched[row] == NONE:
            expand_row(grid, reach, row, 0)
    j = nearest(reach)
    while j != NONE:
        reach.ahead[j] = FAR
        for at in range(grid.slot[j], grid.slot[j] + grid.load[j]):
            expand_row(grid, reach, grid.seat[at], reach.dist[j])
        j = nearest(reach)


@compiled
def reach_to_ground(grid: Grid, turned: Int64, reach: Reach) -> None:
    """How far each price can rise: distances to empty slots and to rows that would leave."""
    for j in range(len(grid.price)):
        empty = grid.slot[j] + grid.load[j]
        if empty < grid.slot[j + 1]:
            reach.dist[j] = -grid.price[j] - grid.gain[empty]
        for at in range(grid.slot[j], empty):
            reach.dist[j] = min(reach.dist[j], grid.worth[grid.seat[at]])
        reach.ahead[j] = reach.dist[j]
    j = nearest(reach)
    while j != NONE:
        reach.ahead[j] = FAR
        base = reach.dist[j] + grid.price[j]
        for row in range(len(grid.matched)):
            own = grid.matched[row]
            if own != NONE:
                reached = base + grid.worth[row] - turned[j, row]
                if reached < reach.dist[own]:
                    reach.dist[own] = reached
                    reach.ahead[own] = reached
        j = nearest(reach)


def tight_pairs(grid: Grid) -> Int64:
    """Keys row · mentors + mentor of the pairs that are worth exactly their prices."""
    return np.flatnonzero(grid.weight == grid.worth[:, None] + grid.price)


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
