"""A worker is killed between receiving and acknowledging a message, at every instant: one effect, never two or none."""

import pytest

from tests.faults.ambush import Moment, Target
from tests.faults.world import World

RECEIPT = "INSERT INTO messaging.inbox"


def test_killed_processes_of_a_worker_neither_lose_nor_repeat_an_effect(world: World) -> None:
    """One dies before the note of receipt, one before the commit, one between commit and acknowledgement."""
    ambush = world.ambush(RECEIPT, Moment.BEFORE_STATEMENT, Moment.BEFORE_COMMIT, Moment.AFTER_COMMIT)
    sent = world.send(8)
    world.start_relay()
    worker = world.start_worker(ambush, processes=3)
    world.wait_for_effects(sent)
    world.wait_until_settled()
    assert (ambush.left, worker.is_running) == ([], True)
    assert sorted(world.effects()) == sorted(sent)


@pytest.mark.parametrize("moment", [Moment.BEFORE_COMMIT, Moment.AFTER_COMMIT])
def test_a_killed_worker_neither_loses_nor_repeats_an_effect(world: World, moment: Moment) -> None:
    """Nobody is left to put the message back: the sweeper publishes it again, unless its effect was committed."""
    ambush = world.ambush(RECEIPT, moment, target=Target.GROUP)
    sent = world.send(3)
    world.start_relay()
    world.start_worker(ambush).wait_for_death()
    assert world.received() == len(world.effects()) == (1 if moment is Moment.AFTER_COMMIT else 0)
    world.start_worker()
    world.wait_for_effects(sent)
    world.wait_until_settled()
    assert sorted(world.effects()) == sorted(sent)
