"""The broker forgets everything, dies, or stops answering: everything arrives once, and nothing has to be restarted."""

import signal
import threading
import time
from typing import Any

import pytest
import redis

from shared.contracts.messages import Queue
from shared.outbox import relay as relays
from shared.outbox.queue import RECEIVE_TASK, make_celery
from tests.faults.processes import wait_until
from tests.faults.world import World

LONGER_THAN_THE_SOCKET_TIMEOUT = 11.0


def test_what_a_flushed_broker_forgot_is_sent_again(world: World) -> None:
    lost = world.send(5)
    world.start_relay()
    wait_until(lambda: world.queue_length() >= len(lost), "everything is published")
    world.flush_broker()
    worker = world.start_worker()
    world.wait_for_effects(lost)
    world.flush_broker()
    world.wait_for_effects([*lost, *(later := world.send(5))])
    world.wait_until_settled()
    assert sorted(world.effects()) == sorted([*lost, *later])
    assert worker.is_running


def test_relay_and_worker_outlive_a_killed_broker(world: World) -> None:
    relay, worker = world.start_relay(), world.start_worker()
    world.wait_for_effects(before := world.send(5))
    caught = world.send(5)
    world.servers.stop_redis(signal.SIGKILL)
    meanwhile = world.send(5)
    wait_until(lambda: "relay waits" in relay.said(), "the relay notices")
    world.servers.start_redis()
    world.wait_for_effects([*before, *caught, *meanwhile, *(after := world.send(5))])
    world.wait_until_settled()
    assert sorted(world.effects()) == sorted([*before, *caught, *meanwhile, *after])
    assert (relay.is_running, worker.is_running) == (True, True)


def test_relay_and_worker_outlive_a_frozen_broker(world: World) -> None:
    relay, worker = world.start_relay(), world.start_worker()
    world.wait_for_effects(before := world.send(5))
    broker = world.servers.redis
    assert broker is not None
    broker.send_signal(signal.SIGSTOP)
    meanwhile = world.send(5)
    time.sleep(LONGER_THAN_THE_SOCKET_TIMEOUT)  # the fault itself, not a wait for its end
    broker.send_signal(signal.SIGCONT)
    world.wait_for_effects([*before, *meanwhile, *(after := world.send(5))])
    world.wait_until_settled()
    assert sorted(world.effects()) == sorted([*before, *meanwhile, *after])
    assert (relay.is_running, worker.is_running) == (True, True)


def test_housekeeping_outlives_a_broker_that_dies_while_it_is_asked_for_its_length(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody would notice a relay that publishes but never again looks for what was lost."""
    asked_again, ask = threading.Event(), redis.Redis.llen
    deaths = iter([world.servers.stop_redis])

    def ask_the_dying(client: Any, queue: str) -> Any:
        for kill in deaths:
            kill(signal.SIGKILL)
        length = ask(client, queue)
        asked_again.set()
        return length

    monkeypatch.setattr(redis.Redis, "llen", ask_the_dying)
    monkeypatch.setattr(relays, "HOUSEKEEPING_SECONDS", 0.1)
    relay = relays.make_relay(world.settings)
    keeper = threading.Thread(target=relay._keep_house)
    keeper.start()
    wait_until(lambda: world.servers.redis is None, "the broker is dead")
    world.servers.start_redis()
    wait_until(lambda: asked_again.is_set() or not keeper.is_alive(), "the broker is asked again")
    relay.stopping.set()
    keeper.join()
    relay.database.dispose()
    relay.celery.close()
    assert asked_again.is_set()


def test_a_task_that_ends_while_the_broker_is_away_leaves_its_slot_free(world: World) -> None:
    """Else a worker that takes one task at a time would wait for it forever, and nobody would notice."""
    celery = make_celery("taker", world.environment["BELAY_REDIS_URL"])
    celery.send_task(RECEIVE_TASK, args=[{}], queue=Queue.MATCHER)
    channel = celery.connection_for_read().default_channel
    channel.basic_qos(0, 1, False)
    taken = channel.basic_get(Queue.MATCHER)
    assert not channel.qos.can_consume()
    world.servers.stop_redis(signal.SIGKILL)
    with pytest.raises(redis.RedisError):
        channel.basic_ack(taken.delivery_tag)
    assert channel.qos.can_consume()
    celery.close()
