"""The matcher is killed in the middle of a match run: the run is taken up again, and nobody ever sees half a draft."""

import pytest

from shared.contracts.messages import MatchRunDrafted, Queue
from tests.faults.ambush import Moment, Target
from tests.faults.nation import PAIRS, is_concluded, pairs_of, request_run, state_of, worker_of
from tests.faults.processes import wait_until
from tests.faults.world import World

EMBEDDING = ("INSERT INTO matching.embedding", Moment.AFTER_COMMIT)
DRAFT = ("INSERT INTO matching.draft_pair", Moment.AFTER_STATEMENT)


@pytest.mark.parametrize(("words", "moment"), [EMBEDDING, DRAFT], ids=["while embedding", "while writing the draft"])
def test_a_run_whose_worker_was_killed_is_taken_up_again(world: World, words: str, moment: Moment) -> None:
    run_id = request_run(world.api)
    world.start_relay()
    ambush = world.ambush(words, moment, target=Target.GROUP)
    world.start_matcher(Queue.MATCHER_RUNS, ambush).wait_for_death()
    held_by = worker_of(world.owner, run_id)
    assert held_by is not None
    assert (is_concluded(world.owner, run_id), pairs_of(world.owner, run_id)) == (False, 0)
    assert world.outbox(MatchRunDrafted.name()) == []

    world.start_matcher(Queue.MATCHER_RUNS)
    wait_until(lambda: is_concluded(world.owner, run_id), "the run is concluded")
    assert worker_of(world.owner, run_id) != held_by
    assert pairs_of(world.owner, run_id) == PAIRS
    assert len(world.outbox(MatchRunDrafted.name())) == 1


def test_the_lead_gets_the_draft_when_a_process_died_on_the_way(world: World) -> None:
    """All the way: the worker replaces its dead process, and the API hears of the draft."""
    run_id = request_run(world.api)
    ambush = world.ambush(*DRAFT)
    world.start_relay()
    world.start_service("api", Queue.API)
    world.start_matcher(Queue.MATCHER_RUNS, ambush)
    wait_until(lambda: state_of(world.owner, run_id) == "draft", "the lead sees the draft")
    assert ambush.left == []
    assert pairs_of(world.owner, run_id) == PAIRS
