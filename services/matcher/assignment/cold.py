"""A first optimum from nothing: OR-Tools' cost-scaling min-cost flow, then the lowest prices of its flow.

The solver (Goldberg 1997; Bünnagel, Korte & Vygen 1998) gives no prices, so they are computed from
its residual network by label correction (Bellman 1958, Ford 1956), which also proves its answer.
"""

import numpy as np

from services.matcher.assignment.jit import compiled
from services.matcher.assignment.network import NONE, Flow, Network, arc_rows
from services.matcher.assignment.problem import Int32, Int64

COST_LIMIT = 2**61


def fits_solver(network: Network) -> bool:
    """Whether the solver's scaled costs stay clear of 64-bit overflow."""
    nodes = len(network.first) + len(network.slot) + len(network.gate_mentor)
    largest = max(int(np.abs(network.weight).max(initial=0)), int(np.abs(network.gain).max(initial=0)))
    return largest * (nodes + 2) < COST_LIMIT


def solve_cold(network: Network) -> tuple[Int64, Int32]:
    """Rows and heads of an optimal flow. Raises RuntimeError if the solver gives up."""
    from ortools.graph.python import min_cost_flow

    count, mentors = len(network.first), len(network.slot) - 1
    gates = len(network.gate_mentor)
    row = arc_rows(network)
    slot_mentor = np.repeat(np.arange(mentors), np.diff(network.slot))
    ground = count + mentors + gates
    tail = [row, np.arange(count), count + mentors + np.arange(gates), count + slot_mentor]
    head = [
        count + network.head, np.full(count, ground), count + network.gate_mentor,
        np.full(len(slot_mentor), ground),
    ]  # fmt: skip
    cost = [-network.weight, np.zeros(count + gates, np.int64), -network.gain]
    solver = min_cost_flow.SimpleMinCostFlow()
    tails = np.concatenate(tail).astype(np.int32)
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        tails, np.concatenate(head).astype(np.int32), np.ones(len(tails), np.int64), np.concatenate(cost)
    )
    nodes = np.append(np.arange(count), ground).astype(np.int32)
    solver.set_nodes_supplies(nodes, np.append(np.ones(count, np.int64), -count))
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise RuntimeError(f"the min-cost flow solver stopped with {status}")
    used = np.flatnonzero(solver.flows(arcs[: len(row)]))
    return row[used], network.head[used]


@compiled
def lowest_prices_of(net: Network, flow: Flow) -> None:
    """Set the lowest prices (and the rows' worth) at which an optimal flow is optimal, in place."""
    mentors, rows = len(net.slot) - 1, len(flow.matched)
    for j in range(mentors):
        if net.slot[j] < net.slot[j + 1]:
            flow.price[j] = -net.gain[net.slot[j] + max(flow.load[j] - 1, 0)]
    for g in range(len(net.gate_mentor)):
        flow.price[mentors + g] = flow.price[net.gate_mentor[g]]
    queue = np.arange(rows + 1)
    waiting = np.ones(rows, np.bool_)
    start, size = 0, rows
    while size > 0:
        row = queue[start]
        start = start + 1 if start < rows else 0
        size -= 1
        waiting[row] = False
        own = flow.matched[row]
        worth = np.int64(0)
        if own != NONE:
            for arc in range(net.first[row], net.last[row]):
                if net.head[arc] == own:
                    worth = net.weight[arc] - flow.price[own]
        flow.worth[row] = worth
        for arc in range(net.first[row], net.last[row]):
            head = net.head[arc]
            least = net.weight[arc] - worth
            if flow.price[head] >= least:
                continue
            size = raise_price(net, flow, head, least, queue, waiting, start, size)


@compiled
def raise_price(
    net: Network, flow: Flow, head: int, least: int, queue: Int64, waiting: np.ndarray, start: int, size: int
) -> int:
    """Raise a head's price, carry it through gates, and queue the rows whose worth falls with it."""
    mentors, room = len(net.slot) - 1, len(queue)
    flow.price[head] = least
    mentor = head
    if head >= mentors:
        mentor = net.gate_mentor[head - mentors]
        row = flow.holder[head - mentors]
        if row != NONE:
            if not waiting[row]:
                waiting[row] = True
                queue[(start + size) % room] = row
                size += 1
            return size
        if flow.price[mentor] >= least:
            return size
        flow.price[mentor] = least
    for k in range(net.slot[mentor], net.slot[mentor] + flow.load[mentor]):
        row = flow.seat[k]
        gate = flow.matched[row]
        if gate >= mentors:
            if flow.price[gate] >= least:
                continue
            flow.price[gate] = least
        if not waiting[row]:
            waiting[row] = True
            queue[(start + size) % room] = row
            size += 1
    return size
