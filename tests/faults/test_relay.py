"""The relay and its database are killed while messages go out."""

import signal

from sqlalchemy import select

from shared.db.actor import SYSTEM
from shared.models.messaging import OutboxMessage, OutboxState
from tests.faults.ambush import Moment
from tests.faults.processes import wait_until
from tests.faults.world import World

MARKING = "published_at=now()"


def test_a_relay_killed_between_publishing_and_marking_publishes_again_without_a_second_effect(world: World) -> None:
    sent = world.send(5)
    world.start_relay(world.ambush(MARKING, Moment.BEFORE_STATEMENT)).wait_for_death()
    assert _states(world) == {OutboxState.PENDING}
    assert world.queue_length() >= len(sent)
    world.start_relay()
    wait_until(lambda: world.queue_length() >= 2 * len(sent), "everything is in the queue twice")
    world.start_worker()
    world.wait_for_effects(sent)
    world.wait_until_queue_is_empty()
    assert sorted(world.effects()) == sorted(sent)


def _states(world: World) -> set[str]:
    with world.owner.reading(SYSTEM) as session:
        return set(session.scalars(select(OutboxMessage.state)))


def test_relay_and_worker_outlive_a_crash_of_the_database(world: World) -> None:
    """What was committed before the crash is there, and what comes later arrives, with nobody's help."""
    relay, worker = world.start_relay(), world.start_worker()
    world.wait_for_effects(first := world.send(5))
    caught = world.send(20)
    world.servers.stop_postgres(signal.SIGQUIT)
    world.servers.start_postgres()
    world.wait_for_effects([*first, *caught, *(later := world.send(5))])
    world.wait_until_settled()
    assert sorted(world.effects()) == sorted([*first, *caught, *later])
    assert (relay.is_running, worker.is_running) == (True, True)
