"""What a lead decides before a run: pairs that must be made, pairs that must not, and questions."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shared.contracts.alternatives import Alternative
from shared.contracts.messages import MatchRunRequested, Message
from shared.contracts.run_report import RunReport
from shared.contracts.what_if import WhatIfAnswer, WhatIfQuestion
from shared.models.enrollment import Participant
from shared.models.matching import DraftPair, DraftUnmatched, MatchRun, RunPurpose, RunResult, RunRule
from shared.models.messaging import OutboxMessage
from shared.models.programs import Policy
from shared.outbox.inbox import Outcome
from tests.factories import rows
from tests.integration.matcher.conftest import Nation

Receive = Callable[[Message], Outcome]


def decide(owner: Session, run_id: UUID, mentee: UUID, mentor: UUID, rule: str) -> None:
    program = owner.get_one(Participant, mentee).program_id
    owner.add(RunRule(run_id=run_id, mentee_id=mentee, mentor_id=mentor, program_id=program, rule=rule))
    owner.commit()


def report_of(owner: Session, run_id: UUID) -> RunReport:
    owner.expire_all()
    return RunReport.model_validate(owner.get_one(RunResult, run_id).report)


def pairs_of(owner: Session, run_id: UUID) -> dict[UUID, UUID]:
    found = owner.execute(select(DraftPair.mentee_id, DraftPair.mentor_id).filter_by(run_id=run_id))
    return {row.mentee_id: row.mentor_id for row in found}


def unlucky_pair(owner: Session, nation: Nation) -> tuple[UUID, UUID]:
    """A mentee whom the first run leaves out, and the mentor who would cost least."""
    left_out = owner.scalars(select(DraftUnmatched).filter_by(run_id=nation.run_id)).first()
    assert left_out is not None
    return left_out.mentee_id, Alternative.model_validate(left_out.alternatives[0]).mentor_id


def test_a_pinned_pair_is_made_and_costs_what_was_told_or_more(
    nation: Nation, another_run: UUID, receive: Receive, owner: Session
) -> None:
    receive(MatchRunRequested(run_id=nation.run_id))
    before = report_of(owner, nation.run_id)
    mentee, mentor = unlucky_pair(owner, nation)
    decide(owner, another_run, mentee, mentor, "pin")
    receive(MatchRunRequested(run_id=another_run))
    after = report_of(owner, another_run)
    assert pairs_of(owner, another_run)[mentee] == mentor
    assert after.coverage == before.coverage
    assert (after.pinned, after.gap, after.checked) == (1, 0, True)
    assert after.people_hash == before.people_hash
    assert after.input_hash != before.input_hash


def test_a_forbidden_pair_is_not_made(nation: Nation, another_run: UUID, receive: Receive, owner: Session) -> None:
    receive(MatchRunRequested(run_id=nation.run_id))
    mentee, mentor = next(iter(pairs_of(owner, nation.run_id).items()))
    decide(owner, another_run, mentee, mentor, "forbid")
    receive(MatchRunRequested(run_id=another_run))
    assert pairs_of(owner, another_run).get(mentee) != mentor
    assert report_of(owner, another_run).forbidden == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"state": "paused"}, "no longer takes part"), ({"stage": "faculty"}, "does not offer what the mentee asks")],
)
def test_a_pin_that_cannot_be_kept_fails_with_a_sentence(
    nation: Nation, receive: Receive, owner: Session, change: dict[str, str], sentence: str
) -> None:
    decide(owner, nation.run_id, nation.mentees[0], nation.mentors[0], "pin")
    owner.execute(update(Participant).where(Participant.id == nation.mentees[0]).values(**change))
    owner.commit()
    receive(MatchRunRequested(run_id=nation.run_id))
    owner.expire_all()
    assert sentence in str(owner.get_one(RunResult, nation.run_id).error)


def test_more_pins_than_places_fail_with_a_sentence(nation: Nation, receive: Receive, owner: Session) -> None:
    for mentee in nation.mentees[:3]:
        decide(owner, nation.run_id, mentee, nation.mentors[0], "pin")
    receive(MatchRunRequested(run_id=nation.run_id))
    owner.expire_all()
    assert "More pairs are pinned" in str(owner.get_one(RunResult, nation.run_id).error)


def ask(owner: Session, run_id: UUID, receive: Receive, **question: object) -> RunResult:
    asked = WhatIfQuestion.model_validate(question).model_dump(mode="json")
    owner.execute(update(MatchRun).where(MatchRun.id == run_id).values(purpose=RunPurpose.WHAT_IF, asked=asked))
    owner.commit()
    receive(MatchRunRequested(run_id=run_id))
    owner.expire_all()
    return owner.get_one(RunResult, run_id)


def test_two_more_mentors_serve_the_two_who_wait(nation: Nation, receive: Receive, owner: Session) -> None:
    answer = WhatIfAnswer.model_validate(ask(owner, nation.run_id, receive, mentors=2).report)
    assert (answer.before.coverage.slots_filled, answer.after.coverage.slots_filled) == (10, 12)
    assert answer.newly_served == {"emergency_medicine": 2}
    assert (answer.before.gap, answer.after.gap) == (0, 0)
    assert owner.scalars(select(OutboxMessage.name)).all() == ["WhatIfAnswered"]


def test_what_if_leaves_draft_and_prices_alone(nation: Nation, receive: Receive, owner: Session) -> None:
    ask(owner, nation.run_id, receive, more_places=1)
    assert pairs_of(owner, nation.run_id) == {}


def test_without_the_load_cost_the_total_is_no_smaller(nation: Nation, receive: Receive, owner: Session) -> None:
    answer = WhatIfAnswer.model_validate(ask(owner, nation.run_id, receive, load_weight=0, floor="none").report)
    assert answer.after.total_score >= answer.before.total_score
    assert answer.after.load_cost == 0


def test_a_question_about_mentors_of_whom_there_are_none_fails_with_a_sentence(
    nation: Nation, receive: Receive, owner: Session
) -> None:
    result = ask(owner, nation.run_id, receive, mentors=1, specialty="dermatology")
    assert "nobody to model the further ones on" in str(result.error)


def test_running_mentorships_count_as_load(
    nation: Nation, another_run: UUID, receive: Receive, owner: Session
) -> None:
    """Who guides one already, of two places, pays for the second one: others of the same score come first."""
    receive(MatchRunRequested(run_id=nation.run_id))
    before = report_of(owner, nation.run_id)
    mentor = owner.get_one(Participant, nation.mentors[0])
    rows.make_mentorship(owner, owner.get_one(Participant, nation.mentees[0]), mentor)
    owner.commit()
    receive(MatchRunRequested(run_id=another_run))
    after = report_of(owner, another_run)
    policy = owner.scalars(select(Policy)).one()
    assert policy.document == {}
    weight, places = 0.05, 2
    first_place = weight * 1 / (2 * places)
    assert before.load_cost - after.load_cost == pytest.approx(first_place)


def test_a_run_says_where_one_more_place_would_help(nation: Nation, receive: Receive, owner: Session) -> None:
    receive(MatchRunRequested(run_id=nation.run_id))
    worth = {(one.grouping, one.group): one for one in report_of(owner, nation.run_id).worth}
    specialty = worth["specialty", "emergency_medicine"]
    assert (specialty.mentors, specialty.coverage) == (5, 1.0)
    assert {grouping for grouping, _ in worth} == {"specialty", "state", "stage", "institution"}


def test_a_made_match_says_what_would_change_it(nation: Nation, receive: Receive, owner: Session) -> None:
    receive(MatchRunRequested(run_id=nation.run_id))
    pairs = owner.scalars(select(DraftPair).filter_by(run_id=nation.run_id)).all()
    told = [{change["code"] for change in pair.explanation["changes"]} for pair in pairs]
    assert all("more_places" in codes for codes in told)
    assert any("closest" in codes for codes in told)
