"""A busy hour in which everything dies now and then: as many effects as messages were committed."""

from tests.faults.ambush import Ambush, Moment
from tests.faults.processes import Program, wait_until
from tests.faults.world import World

MESSAGES = 500
RECEIPT, MARKING = "INSERT INTO messaging.inbox", "published_at=now()"


def test_five_hundred_messages_under_random_kills_have_five_hundred_effects(world: World) -> None:
    of_relay = world.ambush(MARKING, Moment.BEFORE_STATEMENT, Moment.BEFORE_STATEMENT, chance=0.1)
    of_worker = world.ambush(RECEIPT, Moment.BEFORE_COMMIT, Moment.AFTER_COMMIT, Moment.AFTER_COMMIT, chance=0.05)
    world.start_relay(of_relay)
    world.start_worker(of_worker, processes=2)
    sent = []
    for number in range(MESSAGES):
        sent += world.send()
        revive_relay(world, of_relay)
        if number == MESSAGES // 2:
            world.start_worker(of_worker, processes=2)  # which kills the one before, whatever it has in hand
    wait_until(
        lambda: revive_relay(world, of_relay) and len(set(world.effects())) == MESSAGES, "all have had an effect"
    )
    wait_until(lambda: revive_relay(world, of_relay) and world.on_their_way() == 0, "nothing is on its way any more")
    assert sorted(world.effects()) == sorted(sent)
    assert (world.received(), of_worker.left) == (MESSAGES, [])


def revive_relay(world: World, ambush: Ambush) -> Program:
    """As the supervisor does."""
    relay = world.programs["relay"]
    return relay if relay.is_running else world.start_relay(ambush)
