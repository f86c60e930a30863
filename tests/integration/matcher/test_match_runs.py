"""A match run from its message to a draft: complete, bounded by bandwidth, blind, repeatable, resumable."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from services.matcher import queries
from services.matcher.assignment.certificate import load_certificate
from services.matcher.ledger import LEASE, RunLedger
from services.matcher.runs import MOST_ATTEMPTS
from shared.contracts.messages import MatchRunRequested, Message
from shared.contracts.run_report import RunReport
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.models.bandwidth import BandwidthPeriod
from shared.models.enrollment import Exclusion, Participant
from shared.models.equity import MenteeStanding
from shared.models.matching import DraftPair, DraftUnmatched, Embedding, MatchRun, MentorPrice, RunResult
from shared.models.messaging import OutboxMessage
from shared.models.programs import Policy
from shared.outbox.inbox import Outcome
from tests.factories import rows
from tests.integration.matcher.conftest import Nation

Receive = Callable[[Message], Outcome]


def _pairs(owner: Session, run_id: UUID) -> list[tuple[UUID, UUID, float]]:
    found = owner.execute(select(DraftPair.mentee_id, DraftPair.mentor_id, DraftPair.score).filter_by(run_id=run_id))
    return sorted((a, b, score) for a, b, score in found)


def _result(owner: Session, run_id: UUID) -> RunResult:
    owner.expire_all()
    return owner.get_one(RunResult, run_id)


def test_a_requested_run_becomes_a_draft_with_report_certificate_and_prices(
    nation: Nation, receive: Receive, owner: Session
) -> None:
    assert receive(MatchRunRequested(run_id=nation.run_id)) is Outcome.DONE
    result = _result(owner, nation.run_id)
    report = RunReport.model_validate(result.report)
    assert (report.coverage.slots_wanted, report.coverage.slots_filled, report.gap) == (12, 10, 0)
    assert load_certificate(BytesIO(result.certificate or b"")).mentor.size == 12
    assert owner.scalar(select(func.count()).select_from(MentorPrice)) == 5
    assert owner.scalar(select(OutboxMessage.name)) == "MatchRunDrafted"


def test_nobody_gets_more_mentees_than_their_bandwidth(nation: Nation, receive: Receive, owner: Session) -> None:
    receive(MatchRunRequested(run_id=nation.run_id))
    loads = Counter(mentor for _, mentor, _ in _pairs(owner, nation.run_id))
    assert set(loads.values()) == {2}


def test_hours_bound_the_slots_of_a_mentor(nation: Nation, receive: Receive, owner: Session) -> None:
    owner.execute(
        update(BandwidthPeriod).where(BandwidthPeriod.participant_id == nation.mentors[0]).values(hours_per_month=3)
    )
    owner.commit()
    receive(MatchRunRequested(run_id=nation.run_id))
    loads = Counter(mentor for _, mentor, _ in _pairs(owner, nation.run_id))
    assert loads[nation.mentors[0]] == 1


def test_open_slots_come_with_a_reason(nation: Nation, receive: Receive, owner: Session) -> None:
    receive(MatchRunRequested(run_id=nation.run_id))
    unmatched = owner.scalars(select(DraftUnmatched).filter_by(run_id=nation.run_id)).all()
    assert [row.reasons[0]["code"] for row in unmatched] == ["all_full", "all_full"]


def test_contributions_add_up_to_the_score(nation: Nation, receive: Receive, owner: Session) -> None:
    receive(MatchRunRequested(run_id=nation.run_id))
    for pair in owner.scalars(select(DraftPair).filter_by(run_id=nation.run_id)):
        points = 0.0
        for contribution in pair.explanation["contributions"]:
            points += contribution["points"]
        assert points == pair.score


def test_held_offers_and_active_mentorships_take_slots_and_are_not_proposed_again(
    nation: Nation, receive: Receive, owner: Session
) -> None:
    mentee, mentor = (owner.get_one(Participant, p) for p in (nation.mentees[0], nation.mentors[0]))
    rows.make_mentorship(owner, mentee, mentor)
    other = owner.get_one(Participant, nation.mentees[1])
    rows.make_proposal(owner, owner.get_one(MatchRun, nation.run_id), other, mentor)
    owner.commit()
    receive(MatchRunRequested(run_id=nation.run_id))
    pairs = _pairs(owner, nation.run_id)
    assert nation.mentors[0] not in {b for _, b, _ in pairs}
    assert not {nation.mentees[0], nation.mentees[1]} & {a for a, _, _ in pairs}


def test_excluded_pairs_and_paused_people_are_left_out(nation: Nation, receive: Receive, owner: Session) -> None:
    program = owner.get_one(Participant, nation.mentees[0]).program_id
    for mentor in nation.mentors:
        owner.add(Exclusion(program_id=program, mentee_id=nation.mentees[0], mentor_id=mentor, reason="evaluator"))
    owner.execute(update(Participant).where(Participant.id == nation.mentees[1]).values(state="paused"))
    owner.commit()
    receive(MatchRunRequested(run_id=nation.run_id))
    assert not {nation.mentees[0], nation.mentees[1]} & {a for a, _, _ in _pairs(owner, nation.run_id)}


def test_the_same_run_asked_twice_is_done_once(nation: Nation, receive: Receive, owner: Session) -> None:
    receive(MatchRunRequested(run_id=nation.run_id))
    first = _result(owner, nation.run_id).finished_at
    receive(MatchRunRequested(run_id=nation.run_id))
    assert _result(owner, nation.run_id).finished_at == first


def test_two_runs_over_the_same_people_make_the_same_pairs(
    nation: Nation, another_run: UUID, receive: Receive, owner: Session
) -> None:
    receive(MatchRunRequested(run_id=nation.run_id))
    receive(MatchRunRequested(run_id=another_run))
    one, other = (RunReport.model_validate(_result(owner, run).report) for run in (nation.run_id, another_run))
    assert (one.total_score, one.floor, one.coverage) == (other.total_score, other.floor, other.coverage)
    assert _pairs(owner, nation.run_id) == _pairs(owner, another_run)


def test_a_run_in_other_hands_is_left_alone_until_its_heartbeat_goes_stale(
    nation: Nation, receive: Receive, owner: Session, as_matcher: Database
) -> None:
    dead_worker = RunLedger(as_matcher, nation.run_id)
    assert dead_worker.claim()
    assert receive(MatchRunRequested(run_id=nation.run_id)) is Outcome.POSTPONED
    stale = func.now() - LEASE - timedelta(seconds=1)
    owner.execute(update(RunResult).values(heartbeat_at=stale))
    owner.commit()
    assert receive(MatchRunRequested(run_id=nation.run_id)) is Outcome.DONE
    assert len(_pairs(owner, nation.run_id)) == 10


def test_what_a_killed_worker_embedded_is_not_embedded_again(
    nation: Nation, another_run: UUID, receive: Receive, owner: Session
) -> None:
    receive(MatchRunRequested(run_id=nation.run_id))
    before = owner.execute(select(Embedding.content_hash, Embedding.created_at)).all()
    receive(MatchRunRequested(run_id=another_run))
    assert owner.execute(select(Embedding.content_hash, Embedding.created_at)).all() == before
    assert len(before) == 17 - 5  # mentors 0 to 4 wrote what mentees 0 to 4 wrote


def test_a_discarded_run_leaves_no_draft(nation: Nation, receive: Receive, owner: Session) -> None:
    owner.execute(update(MatchRun).where(MatchRun.id == nation.run_id).values(state="discarded"))
    owner.commit()
    assert receive(MatchRunRequested(run_id=nation.run_id)) is Outcome.DONE
    assert _pairs(owner, nation.run_id) == []


def test_a_run_that_cannot_be_done_fails_with_a_sentence(nation: Nation, receive: Receive, owner: Session) -> None:
    owner.execute(update(Policy).values(document={"no_such_key": 1}))
    owner.commit()
    receive(MatchRunRequested(run_id=nation.run_id))
    result = _result(owner, nation.run_id)
    assert result.phase == "failed"
    assert "no_such_key" in str(result.error)
    assert owner.scalar(select(OutboxMessage.name)) == "MatchRunFailed"


def test_the_matcher_reads_nothing_that_names_a_person(nation: Nation, as_matcher: Database) -> None:
    with as_matcher.reading(SYSTEM) as session:
        columns = {
            key for view in ("participant", "token", "commitment", "bandwidth", "availability", "exclusion")
            for row in queries.read_view(session, view, nation.cycle_id)[:1] for key in row
        }  # fmt: skip
    assert not columns & {"name", "email", "account_id", "pronouns", "sealed", "answer"}
    assert "participant_id" in columns


def test_a_run_that_takes_down_every_worker_fails_with_a_sentence(
    nation: Nation, receive: Receive, owner: Session, as_matcher: Database
) -> None:
    for _ in range(MOST_ATTEMPTS):
        assert RunLedger(as_matcher, nation.run_id).claim()
        owner.execute(update(RunResult).values(heartbeat_at=func.now() - LEASE - timedelta(seconds=1)))
        owner.commit()
    receive(MatchRunRequested(run_id=nation.run_id))
    result = _result(owner, nation.run_id)
    assert (result.phase, result.attempts) == ("failed", MOST_ATTEMPTS + 1)
    assert "died 3 times" in str(result.error)


def test_a_run_notes_how_each_mentee_fares(nation: Nation, receive: Receive, owner: Session) -> None:
    receive(MatchRunRequested(run_id=nation.run_id))
    standings = {s.mentee_id: s for s in owner.scalars(select(MenteeStanding).filter_by(run_id=nation.run_id))}
    given = {mentee: score for mentee, _mentor, score in _pairs(owner, nation.run_id)}
    assert set(standings) == set(nation.mentees)
    assert {mentee for mentee, one in standings.items() if one.given} == set(given)
    assert {m: one.mean_score for m, one in standings.items() if one.given} == pytest.approx(given, abs=1e-6)
    assert not any(one.first_choice for one in standings.values() if not one.given)
    assert any(one.first_choice for one in standings.values())
