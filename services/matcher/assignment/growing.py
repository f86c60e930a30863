"""A network that changes while a flow stands on it: people, pairs and slots come and go.

Arcs are kept as lists with room to grow, one per row and one per head, so that a change costs what it
touches. After changes `settle` restores the invariants of `paths`; augmenting then restores the optimum.
"""

from typing import NamedTuple

import numpy as np

from services.matcher.assignment.filling import Reverse, fill_slots, starts_of, turn_around
from services.matcher.assignment.jit import compiled
from services.matcher.assignment.network import NONE, Flow, Gates, Network, Slots
from services.matcher.assignment.paths import make_work, match_rows, next_deficit, settle_row, unseat
from services.matcher.assignment.pricing import Prices
from services.matcher.assignment.problem import Bool, Int32, Int64

OWNER_BITS = 32


class Lists(NamedTuple):
    """List i is item[first[i]:last[i]] (weights alike) with room up to limit[i]; used[0]: where free space starts."""

    first: Int64
    last: Int64
    limit: Int64
    item: Int32
    weight: Int64
    used: Int64


def make_lists(starts: Int64, item: Int32, weight: Int64) -> Lists:
    """Lists that stand one after another: list i from starts[i] to starts[i + 1]."""
    first, last = starts[:-1].copy(), starts[1:].copy()
    return Lists(first, last, last.copy(), item, weight, np.array([len(item)]))


def with_lists(lists: Lists, at: int, count: int) -> Lists:
    """With `count` empty lists more, from position `at` on."""
    empty = [np.insert(ends, at, np.zeros(count, np.int64)) for ends in (lists.first, lists.last, lists.limit)]
    return lists._replace(first=empty[0], last=empty[1], limit=empty[2])


def with_room(lists: Lists, where: Int64) -> Lists:
    """With enough free space to append to the lists `where` (repeated as often as there are new entries)."""
    named, count = np.unique(where, return_counts=True)
    need = int((4 * ((lists.last - lists.first)[named] + count) + 8).sum()) + int(lists.used[0])
    if need <= len(lists.item):
        return lists
    more = need + len(lists.item) // 2 - len(lists.item)
    item, weight = np.zeros(more, np.int32), np.zeros(more, np.int64)
    return lists._replace(item=np.append(lists.item, item), weight=np.append(lists.weight, weight))


@compiled
def append_all(lists: Lists, where: Int64, item: Int64, weight: Int64) -> None:
    """Append each item to its list; a list without room moves to the free space, twice as wide."""
    for k in range(len(where)):
        i = where[k]
        size = lists.last[i] - lists.first[i]
        if lists.last[i] == lists.limit[i]:
            start = lists.used[0]
            for at in range(size):
                lists.item[start + at] = lists.item[lists.first[i] + at]
                lists.weight[start + at] = lists.weight[lists.first[i] + at]
            lists.first[i], lists.last[i], lists.limit[i] = start, start + size, start + 2 * size + 4
            lists.used[0] = lists.limit[i]
        lists.item[lists.last[i]], lists.weight[lists.last[i]] = item[k], weight[k]
        lists.last[i] += 1


@compiled
def remove(lists: Lists, i: int, item: int) -> bool:
    """Take an item off a list, if it is there; the last one takes its place."""
    for at in range(lists.first[i], lists.last[i]):
        if lists.item[at] == item:
            lists.last[i] -= 1
            lists.item[at], lists.weight[at] = lists.item[lists.last[i]], lists.weight[lists.last[i]]
            return True
    return False


@compiled
def are_listed(lists: Lists, where: Int64, item: Int64) -> Bool:
    found = np.zeros(len(where), np.bool_)
    for k in range(len(where)):
        for at in range(lists.first[where[k]], lists.last[where[k]]):
            found[k] = found[k] or lists.item[at] == item[k]
    return found


@compiled
def leave(net: Network, flow: Flow, back: Lists, touched: Bool, row: int) -> None:
    """A row leaves its head; an emptied gate costs no more than its mentor, which its other rows must hear of."""
    head, mentors = flow.matched[row], len(net.slot) - 1
    unseat(net, flow, row)
    touched[row] = True
    if head < mentors or flow.price[head] <= flow.price[net.gate_mentor[head - mentors]]:
        return
    flow.price[head] = flow.price[net.gate_mentor[head - mentors]]
    for k in range(back.first[head], back.last[head]):
        touched[back.item[k]] = True


@compiled
def cut_pairs(net: Network, flow: Flow, ahead: Lists, back: Lists, touched: Bool, rows: Int64, heads: Int64) -> None:
    """Remove arcs; a row that was matched along one of them leaves."""
    for k in range(len(rows)):
        row, head = rows[k], heads[k]
        if remove(ahead, row, head):
            remove(back, head, row)
            touched[row] = True
            if flow.matched[row] == head:
                leave(net, flow, back, touched, row)


@compiled
def settle_touched(net: Network, flow: Flow, back: Lists, touched: Bool) -> None:
    """Give each touched row its worth at the prices; those whose match is not tight leave it."""
    waiting = True
    while waiting:
        waiting = False
        for row in range(len(touched)):
            if not touched[row]:
                continue
            touched[row] = False
            if not settle_row(net, flow, row):
                leave(net, flow, back, touched, row)
                touched[row] = False
                waiting = True


@compiled
def squeeze(net: Network, flow: Flow, back: Lists, touched: Bool, mentors: Int64, room: Int64) -> None:
    """Mentors keep as many rows as they have room for."""
    for k in range(len(mentors)):
        j = mentors[k]
        while flow.load[j] > room[k]:
            leave(net, flow, back, touched, flow.seat[net.slot[j] + flow.load[j] - 1])


@compiled
def raise_to_gains(net: Network, flow: Flow, touched: Bool, mentors: Int64) -> None:
    """Prices rise to where the filled slots pay; who sits there (gates too) must hear of it."""
    count = len(net.slot) - 1
    for k in range(len(mentors)):
        j = mentors[k]
        if flow.load[j] == 0 or flow.price[j] >= -net.gain[net.slot[j] + flow.load[j] - 1]:
            continue
        flow.price[j] = -net.gain[net.slot[j] + flow.load[j] - 1]
        for at in range(net.slot[j], net.slot[j] + flow.load[j]):
            row = flow.seat[at]
            touched[row] = True
            if flow.matched[row] >= count:
                flow.price[flow.matched[row]] = max(flow.price[flow.matched[row]], flow.price[j])


@compiled
def matched_weights(net: Network, flow: Flow, rows: Int64) -> Int64:
    """Weight of the arc that each row is matched along, 0 where it is not matched."""
    weights = np.zeros(len(rows), np.int64)
    for k in range(len(rows)):
        for arc in range(net.first[rows[k]], net.last[rows[k]]):
            if net.head[arc] == flow.matched[rows[k]]:
                weights[k] = net.weight[arc]
    return weights


class GrowingNetwork:
    """The network of an open run and the flow on it. Heads: mentors first, then gates in the order they came.

    gate_key holds owner · 2³² + mentor, ascending, and gate_at which gate that is.
    """

    def __init__(self, network: Network, gates: Gates, flow: Flow, owner: Int32, shared: Bool) -> None:
        mentors = len(network.slot) - 1
        starts = np.append(network.first, len(network.head)).astype(np.int64)
        self.ahead = make_lists(starts, network.head, network.weight)
        starts = starts_of(network.head, mentors + len(network.gate_mentor))
        row, weight = np.empty(len(network.head), np.int32), np.empty(len(network.head), np.int64)
        turn_around(network, starts[:-1].copy(), row, weight)
        self.back = make_lists(starts, row, weight)
        by_mentor = np.argsort(network.gate_mentor, kind="stable").astype(np.int32)
        starts = starts_of(network.gate_mentor, mentors)
        self.behind = make_lists(starts, by_mentor, np.zeros(len(by_mentor), np.int64))
        self.gate_mentor, self.slot, self.gain, self.flow = network.gate_mentor, network.slot, network.gain, flow
        self.gate_key = (gates.keys // max(mentors, 1) << OWNER_BITS) + gates.keys % max(mentors, 1)
        self.gate_at = np.arange(len(gates.keys))
        self.owner, self.shared = owner, shared
        self.touched: Bool = np.zeros(len(flow.matched), np.bool_)

    @property
    def mentors(self) -> int:
        return len(self.slot) - 1

    @property
    def network(self) -> Network:
        ahead = self.ahead
        return Network(ahead.first, ahead.last, ahead.item, ahead.weight, self.gate_mentor, self.slot, self.gain)

    def reverse(self) -> Reverse:
        back, behind = self.back, self.behind
        return Reverse(back.first, back.last, back.item, back.weight, behind.first, behind.last, behind.item)

    def prices(self) -> Prices:
        own = (self.flow.price[self.mentors :] - self.flow.price[self.gate_mentor])[self.gate_at]
        keys = (self.gate_key >> OWNER_BITS) * self.mentors + (self.gate_key & (2**OWNER_BITS - 1))
        price = self.flow.price[: self.mentors].copy()
        return Prices(price, self.flow.worth.copy(), keys[own > 0], own[own > 0])

    def add_rows(self, owner: Int32, shared: Bool) -> None:
        """Rows without arcs, appended; `owner` and `shared` of all rows (see `change_gates` for earlier ones)."""
        flow, count = self.flow, len(owner) - len(self.flow.matched)
        self.ahead = with_lists(self.ahead, len(flow.matched), count)
        nobody, nothing = np.full(count, NONE, np.int32), np.zeros(count, np.int64)
        self.flow = flow._replace(
            matched=np.append(flow.matched, nobody), worth=np.append(flow.worth, nothing),
            place=np.append(flow.place, np.full(count, NONE)),
        )  # fmt: skip
        self.touched = np.append(self.touched, np.zeros(count, np.bool_))
        self.owner, self.shared = owner, shared

    def add_mentors(self, count: int) -> None:
        """Mentors without slots, appended; gates move up."""
        if count == 0:
            return
        flow, old = self.flow, self.mentors
        self.ahead.item[self.ahead.item >= old] += count
        flow.matched[flow.matched >= old] += count
        self.back = with_lists(self.back, old, count)
        self.behind = with_lists(self.behind, old, count)
        self.slot = np.append(self.slot, np.full(count, self.slot[-1]))
        self.flow = flow._replace(
            price=np.insert(flow.price, old, np.zeros(count, np.int64)),
            load=np.append(flow.load, np.zeros(count, np.int32)),
        )

    def set_slots(self, slots: Slots, changed: Int64) -> None:
        """Other slots for the mentors `changed`; the others' must be as they were."""
        if len(changed) == 0:
            return
        squeeze(self.network, self.flow, self.back, self.touched, changed, slots.capacity[changed])
        flow, load = self.flow, self.flow.load
        mentor = np.repeat(np.arange(self.mentors), load)
        rank = np.arange(len(mentor)) - np.repeat(np.cumsum(load) - load, load)
        seat = np.full(len(slots.gain), NONE, np.int32)
        at = slots.first[mentor] + rank
        seat[at] = flow.seat[self.slot[mentor] + rank]
        flow.place[seat[at]] = at
        self.flow = flow._replace(seat=seat)
        self.slot, self.gain = slots.first, slots.gain
        raise_to_gains(self.network, self.flow, self.touched, changed)

    def pairs_of(self, rows: Int64) -> tuple[Int64, Int64, Int64]:
        """Rows, mentors and weights of all arcs of some rows."""
        spans = [slice(self.ahead.first[row], self.ahead.last[row]) for row in rows]
        heads = np.concatenate([np.empty(0, np.int64), *(self.ahead.item[span] for span in spans)])
        weights = np.concatenate([np.empty(0, np.int64), *(self.ahead.weight[span] for span in spans)])
        sizes = (self.ahead.last - self.ahead.first)[rows]
        return np.repeat(rows, sizes), self._mentors_of(heads), weights

    def pairs_at(self, mentors: Int64) -> tuple[Int64, Int64]:
        """Rows and heads of all arcs that lead to some mentors."""
        gates = [self.behind.item[self.behind.first[j] : self.behind.last[j]] + self.mentors for j in mentors]
        heads = np.concatenate([np.asarray(mentors, np.int64), *gates]).astype(np.int64)
        rows = [self.back.item[self.back.first[head] : self.back.last[head]] for head in heads]
        sizes = (self.back.last - self.back.first)[heads]
        return np.concatenate([np.empty(0, np.int64), *rows]).astype(np.int64), np.repeat(heads, sizes)

    def known_arcs(self, rows: Int64, mentors: Int64) -> tuple[Int64, Int64]:
        """Rows and heads of pairs, without those for which there is no gate."""
        keys = (self.owner[rows].astype(np.int64) << OWNER_BITS) + mentors
        at = np.searchsorted(self.gate_key, keys)
        gate = np.append(self.gate_at, NONE)[at]
        exists = np.append(self.gate_key, NONE)[at] == keys
        known = ~self.shared[rows] | exists
        return rows[known], np.where(self.shared[rows], self.mentors + gate, mentors)[known]

    def set_prices(self, mentors: Int64, price: Int64) -> None:
        """Other prices for mentors to whom no arc leads."""
        self.flow.price[mentors] = price
        for j in mentors:
            gates = self.behind.item[self.behind.first[j] : self.behind.last[j]]
            self.flow.price[self.mentors + gates] = self.flow.price[j]

    def cut(self, rows: Int64, heads: Int64) -> None:
        """Remove arcs, given by row and head."""
        cut_pairs(self.network, self.flow, self.ahead, self.back, self.touched, rows, heads)

    def cut_rows(self, rows: Int64) -> None:
        spans = [slice(self.ahead.first[row], self.ahead.last[row]) for row in rows]
        heads = np.concatenate([np.empty(0, np.int64), *(self.ahead.item[span] for span in spans)])
        self.cut(np.repeat(rows, (self.ahead.last - self.ahead.first)[rows]), heads)

    def add(self, rows: Int64, mentors: Int64, weights: Int64) -> None:
        """Add arcs that are not there yet."""
        heads = self.heads_of(rows, mentors)
        _, once = np.unique((rows << OWNER_BITS) + heads, return_index=True)
        rows, heads, weights = rows[once], heads[once], weights[once]
        new = ~are_listed(self.ahead, rows, heads)
        rows, heads, weights = rows[new], heads[new], weights[new]
        self.ahead, self.back = with_room(self.ahead, rows), with_room(self.back, heads)
        append_all(self.ahead, rows, heads, weights)
        append_all(self.back, heads, rows, weights)
        self.touched[rows] = True

    def heads_of(self, rows: Int64, mentors: Int64) -> Int64:
        """The head through which each row reaches a mentor; gates are made where they are missing."""
        heads = mentors.astype(np.int64)
        gated = self.shared[rows]
        wanted = (self.owner[rows[gated]].astype(np.int64) << OWNER_BITS) + mentors[gated]
        self._add_gates(np.setdiff1d(wanted, self.gate_key))
        heads[gated] = self.mentors + self.gate_at[np.searchsorted(self.gate_key, wanted)]
        return heads

    def _add_gates(self, keys: Int64) -> None:
        if len(keys) == 0:
            return
        mentor, names = keys & (2**OWNER_BITS - 1), len(self.gate_key) + np.arange(len(keys))
        self.behind = with_room(self.behind, mentor)
        append_all(self.behind, mentor, names, names)
        self.back = with_lists(self.back, len(self.back.first), len(keys))
        self.gate_mentor = np.append(self.gate_mentor, mentor.astype(np.int32))
        self.flow = self.flow._replace(
            price=np.append(self.flow.price, self.flow.price[mentor]),
            holder=np.append(self.flow.holder, np.full(len(keys), NONE, np.int32)),
        )
        at = np.searchsorted(self.gate_key, keys)
        self.gate_key, self.gate_at = np.insert(self.gate_key, at, keys), np.insert(self.gate_at, at, names)

    def _mentors_of(self, heads: Int64) -> Int64:
        return np.concatenate([np.arange(self.mentors), self.gate_mentor])[heads]

    def mentor_of_rows(self) -> Int32:
        """Mentor of each row, -1 where unmatched."""
        return np.concatenate([np.arange(self.mentors), self.gate_mentor, [NONE]])[self.flow.matched].astype(np.int32)

    def weight_of_matches(self) -> int:
        return int(matched_weights(self.network, self.flow, np.flatnonzero(self.flow.matched != NONE)).sum())

    def repair(self) -> None:
        """From the flow as it stands to an optimal one."""
        settle_touched(self.network, self.flow, self.back, self.touched)
        work = make_work(self.network)
        match_rows(self.network, self.flow, work, np.flatnonzero(self.flow.matched == NONE))
        if next_deficit(self.network, self.flow, 0) != NONE:
            fill_slots(self.network, self.flow, work, self.reverse())
