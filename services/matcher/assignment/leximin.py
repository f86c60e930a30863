"""Leximin: after the worst score the next worst, and so on, each as high as it can be.

Lexicographic bottleneck assignment (Burkard & Rendl 1991), by successive faces: the matchings of a face that
make the fewest pairs of its worst level are a face again, given by the prices of one flow. Levels that the
matching at hand does without need no flow; where one binds is found by tests of doubling width.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from services.matcher.assignment.canonical import Face, face_of, peel, slots_of, use_of_slots
from services.matcher.assignment.columns import WHOLE, Optimum, reach_optimum, read_prices, tight_arcs
from services.matcher.assignment.instance import NEVER, Instance, Objective
from services.matcher.assignment.network import Slots, build_network, mentor_of, start_flow
from services.matcher.assignment.paths import make_work
from services.matcher.assignment.problem import Bool, Int32, Int64, ProblemError
from services.matcher.assignment.ranges import lower_prices
from services.matcher.assignment.ties import pair_hashes

MOST_PAIRS = WHOLE


def check_size(instance: Instance) -> None:
    """Refuse leximin where it would take too long: a flow or more for every pair made."""
    pairs = instance.rows * instance.mentors
    if instance.rules.is_leximin and pairs > MOST_PAIRS:
        raise ProblemError(f"floor: leximin is for up to {MOST_PAIRS:,} pairs, not {pairs:,}; 'max' has no limit")


@dataclass(frozen=True, slots=True)
class Stage:
    """A face with the half points of its pairs, gates (owner · mentors + mentor) that must be used, and a matching."""

    face: Face
    points: Int64
    gates: Int64
    mentor: Int32

    def only(self, kept: Bool) -> "Stage":
        face = self.face
        face = Face(face.rows[kept], face.mentors[kept], face.room, face.need, face.must)
        return Stage(face, self.points[kept], self.gates, self.mentor)

    @property
    def made(self) -> Bool:
        return np.asarray(self.mentor[self.face.rows] == self.face.mentors)


def fairest(instance: Instance, objective: Objective, optimum: Optimum, tick: Callable[[], None]) -> Int32:
    """The leximin matching among the optima of an objective, int32[rows]; then least load cost, then keyed hash.

    The optimum's pool must be complete. `tick` is called before each flow.
    """
    face, fixed = face_of(instance, objective, optimum), np.full(instance.rows, -1, np.int32)
    gates = optimum.prices.gate_key[optimum.prices.gate_worth > 0]
    stage = Stage(face, instance.points(face.rows, face.mentors), gates, optimum.mentor)
    stage, done, width = _peeled(instance, stage, fixed), int(NEVER), 1
    while (stage.made & (stage.points > done)).any():
        tick()
        lowest = int(stage.points[stage.made & (stage.points > done)].min())
        stage = stage.only((stage.points <= done) | (stage.points >= lowest))
        levels = np.unique(stage.points[stage.points >= lowest])
        tested = (stage.points >= lowest) & (stage.points <= levels[min(width, len(levels)) - 1])
        better = refine(instance, stage, -tested.astype(np.int64))
        if not (tested & (better.mentor[stage.face.rows] == stage.face.mentors)).any():
            stage, width = Stage(stage.face, stage.points, stage.gates, better.mentor), 2 * width
        elif width > 1:
            width = 1
        else:
            stage, done = _peeled(instance, better, fixed), lowest
    stage = refine(instance, stage, np.zeros(len(stage.points), np.int64), -_costs(instance, stage.face, fixed))
    rows, mentors = stage.face.rows, stage.face.mentors
    last = refine(instance, stage, pair_hashes(instance.row_hash[rows], instance.mentor_hash[mentors]))
    return np.maximum(last.mentor, fixed)


def refine(instance: Instance, stage: Stage, value: Int64, slot_value: Int64 | None = None) -> Stage:
    """The matchings of a face with the greatest sum of values (of pairs, and of slots that are filled)."""
    face = stage.face
    extra = np.zeros(int(face.room.sum()), np.int64) if slot_value is None else slot_value
    most = 2 * int(np.abs(value).max(initial=0)) + 2 * int(np.abs(extra).max(initial=0)) + 1
    must = most * (len(face.must) + 1)
    keys = instance.problem.owner[face.rows].astype(np.int64) * instance.mentors + face.mentors
    gated = instance.shared[face.rows] & np.isin(keys, stage.gates)
    slots = slots_of(face, must)
    slots = Slots(slots.first, slots.gain + extra)
    weights = value + must * face.must[face.rows] + must * gated
    network, gates = build_network(
        face.rows, face.mentors, weights, instance.problem.owner, instance.shared, slots
    )
    flow, work = start_flow(network), make_work(network)
    reach_optimum(network, flow, work, np.arange(instance.rows))
    lower_prices(network, flow, work)  # gates that nobody uses cost what their mentor does: what is tight can be made
    prices = read_prices(network, gates, flow)
    room, need = use_of_slots(prices.price, slots.first, slots.gain)
    kept = tight_arcs(network, flow)
    narrowed = Face(face.rows[kept], face.mentors[kept], room, need, face.must | (flow.worth > 0))
    used = np.union1d(stage.gates, prices.gate_key[prices.gate_worth > 0])
    return Stage(narrowed, stage.points[kept], used, mentor_of(flow, network))


def _peeled(instance: Instance, stage: Stage, fixed: Int32) -> Stage:
    """Without the pairs that every matching of the face makes; these are written into `fixed`."""
    if instance.shared.any():
        return stage
    face = stage.face
    return stage.only(peel(face.rows, face.mentors, face.room, face.need, face.must, fixed))


def _costs(instance: Instance, face: Face, fixed: Int32) -> Int64:
    """Load cost of the slots of a face; the pairs peeled off took the first ones."""
    first, cost = instance.load_costs
    taken = np.bincount(fixed[fixed >= 0], minlength=instance.mentors)
    owner = np.repeat(np.arange(instance.mentors), face.room)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(face.room) - face.room, face.room)
    return np.asarray(cost[(first[:-1] + taken)[owner] + place], np.int64)
