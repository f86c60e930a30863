"""How each row fares in a finished matching: whether it got its first choice, and whether it has reason to envy.

*First choice*: no mentor with bandwidth whom the row may have is worth more to it than the one it was given.
*Justified envy* (Abdulkadiroglu & Sonmez, AER 93 (2003) 729 to 747, with scores as the mentors' priorities): some
mentor is worth more to row i than its own (an open row prefers every mentor it may have), and holds a row of which
the score with that mentor is lower than i's. A mentor whom the same mentee was given in another slot does not count.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from services.matcher.assignment.instance import NEVER, Instance
from services.matcher.assignment.jit import compiled_fast as compiled
from services.matcher.assignment.parallel import in_parallel
from services.matcher.assignment.pricing import BLOCK_BYTES
from services.matcher.assignment.problem import Bool, Float32, Int64, Problem
from services.matcher.assignment.solution import Solution

LOWEST, HIGHEST = np.float32(-1e30), np.float32(1e30)


@dataclass(frozen=True, slots=True)
class Standing:
    """first_choice bool[rows], envies bool[rows]."""

    first_choice: Bool
    envies: Bool


class _Bars(NamedTuple):
    """What a pair must exceed, in half points: own int64[rows], the weakest row that each mentor holds int64[mentors].

    NEVER for an open row, -NEVER for a mentor who holds nobody. `taken` are keys row · mentors + mentor, ascending,
    of pairs that don't count.
    """

    own: Int64
    weakest: Int64
    taken: Int64


def standing(problem: Problem, solution: Solution) -> Standing:
    """One pass over all pairs, in blocks on all cores; pairs within the source's tolerance are decided exactly."""
    instance = Instance(problem, solution.rules)
    if not (instance.rows and instance.mentors):
        return Standing(np.zeros(instance.rows, np.bool_), np.zeros(instance.rows, np.bool_))
    bars = _bars(instance, solution)
    step = max(1, BLOCK_BYTES // (4 * instance.mentors))
    spans = [(at, min(at + step, instance.rows)) for at in range(0, instance.rows, step)]
    parts = in_parallel(lambda span: _judge(instance, bars, *span), spans)
    better, envies = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Standing((solution.mentor >= 0) & ~better, envies)


def _bars(instance: Instance, solution: Solution) -> _Bars:
    rows = np.flatnonzero(solution.mentor >= 0)
    mentors = solution.mentor[rows].astype(np.int64)
    given = instance.round(instance.problem.source.exact(rows, mentors))
    own = np.full(instance.rows, NEVER)
    own[rows] = given
    np.maximum(own, instance.floor_points - 2, out=own)  # below a fixed floor nothing is eligible
    weakest = np.full(instance.mentors, -NEVER)
    np.minimum.at(weakest, mentors, given)
    return _Bars(own, weakest, np.union1d(instance.banned, _held_by_owner(instance, rows, mentors)))


def _held_by_owner(instance: Instance, rows: Int64, mentors: Int64) -> Int64:
    """Keys of (every row of the owner, mentor) for each given pair."""
    owner = instance.problem.owner
    order = np.argsort(owner, kind="stable")
    ends = np.searchsorted(owner[order], np.stack([owner[rows], owner[rows] + 1]))
    keys = [order[start:stop] * instance.mentors + mentor for start, stop, mentor in zip(*ends, mentors, strict=True)]
    return np.concatenate([*keys, np.empty(0, np.int64)])


def _judge(instance: Instance, bars: _Bars, start: int, stop: int) -> tuple[Bool, Bool]:
    """(some mentor is worth more, and holds somebody who is worth less there) for each row of a span."""
    block = instance.problem.source.block(start, stop)
    block[:, instance.problem.capacity <= 0] = -np.inf
    first, last = np.searchsorted(bars.taken, [start * instance.mentors, stop * instance.mentors])
    row, mentor = np.divmod(bars.taken[first:last], instance.mentors)
    block[row - start, mentor] = -np.inf
    own = bars.own[start:stop]
    better, envy = np.empty(len(own), np.float32), np.empty(len(own), np.float32)
    _gains(block, _floats(instance, own), _floats(instance, bars.weakest), better, envy)
    alone = np.full_like(bars.weakest, NEVER)
    return (
        _decided(instance, block, better, own, alone, start),
        _decided(instance, block, envy, own, bars.weakest, start),
    )


def _floats(instance: Instance, points: Int64) -> Float32:
    return np.asarray(np.clip(points / instance.unit, LOWEST, HIGHEST), np.float32)


@compiled
def _gains(block: Float32, own: Float32, weakest: Float32, better: Float32, envy: Float32) -> None:
    """Per row the largest score less its own, and the largest that also exceeds what the mentor holds, by how much."""
    for i in range(block.shape[0]):
        most = gain = LOWEST
        for j in range(block.shape[1]):
            most = max(most, block[i, j])
            gain = max(gain, min(block[i, j] - weakest[j], block[i, j] - own[i]))
        better[i], envy[i] = most - own[i], gain


def _decided(
    instance: Instance, block: Float32, gain: Float32, own: Int64, weakest: Int64, start: int
) -> Bool:
    """bool[rows]: whether some pair exceeds its bar; rows within the tolerance of theirs are looked at exactly."""
    slack = instance.tolerance + 2.0 / instance.unit
    exceeds: Bool = np.asarray(gain > slack)
    close = np.flatnonzero((gain >= -slack) & ~exceeds)
    bar = np.maximum(own[close, None], weakest[None, :])
    at, mentors = np.nonzero(np.abs(block[close] - _floats(instance, bar)) <= slack)
    points = instance.round(instance.problem.source.exact(close[at] + start, mentors))
    exceeds[close[at[points > bar[at, mentors]]]] = True
    return exceeds
