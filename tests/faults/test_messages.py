"""Messages that come too often, that no release knows, that nobody can digest harm no other; none is forgotten."""

from uuid import UUID

from sqlalchemy import select, text, update

from shared.contracts.messages import ParticipantChanged
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.models.messaging import OutboxMessage, OutboxState
from shared.outbox.inbox import MAX_ATTEMPTS, Envelope
from shared.outbox.queue import RECEIVE_TASK, make_celery
from shared.outbox.replay import replay
from tests.faults.ambush import Moment
from tests.faults.processes import wait_until
from tests.faults.world import World

COPIES = 5


def test_five_copies_of_a_message_have_one_effect_in_whatever_order_they_come(world: World) -> None:
    sent = world.send(4)
    celery = make_celery("copier", world.environment["BELAY_REDIS_URL"])
    envelopes = [envelope_of(row) for row in world.outbox(ParticipantChanged.name())]
    for number in range(COPIES):
        for envelope in envelopes if number % 2 else reversed(envelopes):
            celery.send_task(RECEIVE_TASK, args=[envelope.model_dump(mode="json")], queue=envelope.queue)
    celery.close()
    assert world.queue_length() == COPIES * len(sent)
    world.start_worker(processes=2)
    world.wait_for_effects(sent)
    world.wait_until_queue_is_empty()
    assert sorted(world.effects()) == sorted(sent)


def test_what_no_release_knows_and_what_nobody_can_digest_is_set_aside_and_can_be_replayed(world: World) -> None:
    poisonous, unknown, sound = world.send(3)
    set_version(world.owner, unknown, 99)
    with world.owner.writing(SYSTEM) as session:
        session.execute(text("INSERT INTO matching.poison VALUES (:id)"), {"id": poisonous})
    world.start_relay()
    world.start_worker()
    wait_until(lambda: len(dead(world)) == 2, "both are set aside")
    assert "nobody can digest this" in str(dead(world)[poisonous].last_error)
    assert dead(world)[poisonous].attempts == MAX_ATTEMPTS
    assert "no contract ParticipantChanged version 99" in str(dead(world)[unknown].last_error)
    assert world.effects() == [sound]

    mend(world, unknown)
    world.wait_for_effects([poisonous, unknown, sound])
    assert dead(world) == {}


def test_a_message_that_kills_every_process_is_set_aside_and_holds_nobody_up(world: World) -> None:
    (deadly,) = world.send()
    with world.owner.writing(SYSTEM) as session:  # a process takes seconds to be replaced: most attempts are over
        session.execute(update(OutboxMessage).values(attempts=MAX_ATTEMPTS - 2))
    relay = world.start_relay()
    wait_until(lambda: world.outbox(ParticipantChanged.name())[0].state == OutboxState.PUBLISHED, "it is published")
    relay.kill()  # no sweeper sends further copies, so that deaths can be counted
    ambush = world.ambush("INSERT INTO matching.effect", *[Moment.BEFORE_STATEMENT] * 4)
    worker = world.start_worker(ambush)
    wait_until(lambda: deadly in dead(world) or not ambush.left, "it is set aside")
    assert "died over it" in str(dead(world)[deadly].last_error)
    world.wait_until_queue_is_empty()
    assert (len(ambush.left), worker.is_running) == (2, True)


def mend(world: World, unknown: UUID) -> None:
    """The antidote is found, the newer release is back; `belay replay`."""
    set_version(world.owner, unknown, ParticipantChanged.version)
    with world.owner.writing(SYSTEM) as session:
        session.execute(text("DELETE FROM matching.poison"))
        assert replay(session) == 2


def envelope_of(row: OutboxMessage) -> Envelope:
    return Envelope(message_id=row.id, queue=row.queue, name=row.name, version=row.version, payload=row.payload)


def set_version(database: Database, participant: UUID, version: int) -> None:
    about = OutboxMessage.payload["participant_id"].astext == str(participant)
    with database.writing(SYSTEM) as session:
        session.execute(update(OutboxMessage).where(about).values(version=version))


def dead(world: World) -> dict[UUID, OutboxMessage]:
    """What was set aside, by participant."""
    with world.owner.reading(SYSTEM) as session:
        found = session.scalars(select(OutboxMessage).where(OutboxMessage.state == OutboxState.DEAD)).all()
    return {UUID(row.payload["participant_id"]): row for row in found}
