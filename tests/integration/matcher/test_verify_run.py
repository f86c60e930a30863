"""A stored run is checked against the database, with no solver: today, after publication, and after tampering."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from rich.console import Console
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.matcher.interests.model import HashingModel
from services.matcher.verify_run import NothingToCheckError, check_run, tell
from shared.contracts.messages import MatchRunRequested, Message
from shared.db.engine import Database
from shared.models.bandwidth import BandwidthPeriod
from shared.models.enrollment import Participant
from shared.models.matching import DraftPair, MatchRun, OfferState
from shared.outbox.inbox import Outcome
from tests.factories import rows
from tests.integration.matcher.conftest import Nation

Receive = Callable[[Message], Outcome]


def failures(database: Database, nation: Nation) -> set[str]:
    return {check.name for check in check_run(database, HashingModel(), nation.run_id) if not check.passed}


@pytest.fixture
def done(nation: Nation, receive: Receive) -> Nation:
    receive(MatchRunRequested(run_id=nation.run_id))
    return nation


def test_a_stored_run_passes_every_check(done: Nation, as_matcher: Database) -> None:
    checks = check_run(as_matcher, HashingModel(), done.run_id)
    assert [check for check in checks if not check.passed] == []
    assert {"inputs", "total is optimal", "coverage is optimal", "highest floor", "draft"} <= {c.name for c in checks}
    assert tell(Console(quiet=True), checks)


def test_it_still_passes_when_its_proposals_are_out_and_one_is_accepted(
    done: Nation, as_matcher: Database, owner: Session
) -> None:
    run = owner.get_one(MatchRun, done.run_id)
    for pair in owner.scalars(select(DraftPair).filter_by(run_id=done.run_id)).all():
        people = owner.get_one(Participant, pair.mentee_id), owner.get_one(Participant, pair.mentor_id)
        proposal = rows.make_proposal(owner, run, *people)
    proposal.state, proposal.decided_at = OfferState.ACCEPTED, datetime.now(UTC)
    rows.make_mentorship(owner, *people)
    owner.commit()
    assert failures(as_matcher, done) == set()


def test_a_draft_that_was_tampered_with_is_found(done: Nation, as_matcher: Database, owner: Session) -> None:
    free = next(m for m in done.mentees if not owner.scalars(select(DraftPair).filter_by(mentee_id=m)).first())
    one = owner.scalars(select(DraftPair).filter_by(run_id=done.run_id)).first()
    assert one is not None
    owner.execute(update(DraftPair).where(DraftPair.mentee_id == one.mentee_id).values(mentee_id=free))
    owner.commit()
    assert failures(as_matcher, done) == {"draft"}


def test_bandwidth_that_changed_since_is_said_to_have_changed(
    done: Nation, as_matcher: Database, owner: Session
) -> None:
    owner.execute(update(BandwidthPeriod).values(mentee_slots=3))
    owner.commit()
    assert "inputs" in failures(as_matcher, done)


def test_a_run_without_a_draft_has_nothing_to_check(nation: Nation, as_matcher: Database) -> None:
    for unknown in (nation.run_id, uuid4()):
        with pytest.raises(NothingToCheckError):
            check_run(as_matcher, HashingModel(), unknown)
