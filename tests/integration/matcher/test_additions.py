"""Late arrivals: additions to a published match leave it alone and are the best for what is free."""

from collections.abc import Callable, Sequence
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.matcher.assignment.extend import LiveRun
from services.matcher.assignment.instance import Instance
from services.matcher.assignment.problem import Problem, Rules
from services.matcher.assignment.solve import measure, solve
from services.matcher.assignment.sources import DenseScores
from services.matcher.interests.embedding import ignore_progress
from services.matcher.interests.model import HashingModel
from services.matcher.order_scores import read_interests, score_order
from services.matcher.orders import read_order
from services.matcher.posing import pose_problem
from shared.contracts.messages import MatchRunRequested, Message
from shared.contracts.run_report import RunReport
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.models.enrollment import Participant, Profile
from shared.models.matching import DraftPair, MatchRun, OfferState, Proposal, RunPurpose, RunResult, RunState
from shared.models.programs import Cycle, Institution, Policy
from shared.outbox.inbox import Outcome
from tests.factories import rows
from tests.integration.matcher.conftest import Nation

Receive = Callable[[Message], Outcome]


@pytest.fixture
def published(nation: Nation, receive: Receive, owner: Session) -> Nation:
    """The match is out; one mentor has accepted, one has declined, the others have time to answer."""
    receive(MatchRunRequested(run_id=nation.run_id))
    run = owner.get_one(MatchRun, nation.run_id)
    run.state = RunState.PUBLISHED
    proposals = [
        rows.make_proposal(owner, run, *(owner.get_one(Participant, p) for p in (pair.mentee_id, pair.mentor_id)))
        for pair in owner.scalars(select(DraftPair).filter_by(run_id=run.id).order_by(DraftPair.mentee_id)).all()
    ]
    proposals[0].state, proposals[1].state = OfferState.ACCEPTED, OfferState.DECLINED
    rows.make_mentorship(
        owner, owner.get_one(Participant, proposals[0].mentee_id), owner.get_one(Participant, proposals[0].mentor_id)
    )
    owner.commit()
    return nation


def newcomer(owner: Session, nation: Nation, role: str, words: str) -> UUID:
    cycle, site = owner.get_one(Cycle, nation.cycle_id), owner.scalars(select(Institution)).first()
    assert site is not None
    person = rows.make_participant(owner, cycle, role, site, rows.make_account(owner))
    owner.get_one(Profile, person.id).statements = {"wish": words}
    owner.commit()
    return person.id


@pytest.fixture
def additions(owner: Session, published: Nation) -> UUID:
    cycle, policy = owner.get_one(Cycle, published.cycle_id), owner.scalars(select(Policy)).one()
    run: MatchRun = rows.make_run(owner, cycle, policy, purpose=RunPurpose.ADDITIONS, base_run_id=published.run_id)
    owner.commit()
    return run.id


def pairs_of(owner: Session, run_id: UUID) -> list[tuple[UUID, UUID]]:
    found = owner.scalars(select(DraftPair).filter_by(run_id=run_id))
    return [(pair.mentee_id, pair.mentor_id) for pair in found]


def test_a_newcomer_and_whoever_was_declined_are_matched_and_nobody_else_is_moved(
    published: Nation, additions: UUID, receive: Receive, owner: Session
) -> None:
    newcomer(owner, published, "mentee", "ultrasound in emergency medicine and teaching")
    late_mentor = newcomer(owner, published, "mentor", "ultrasound in emergency medicine and teaching")
    held = {p.mentee_id for p in owner.scalars(select(Proposal)) if p.state != OfferState.DECLINED}
    declined = {(p.mentee_id, p.mentor_id) for p in owner.scalars(select(Proposal).filter_by(state="declined"))}
    receive(MatchRunRequested(run_id=additions))
    made = pairs_of(owner, additions)
    assert len(made) == 3
    assert not held & {mentee for mentee, _ in made}
    assert not declined & set(made)
    assert late_mentor in {mentor for _, mentor in made}
    report = RunReport.model_validate(owner.get_one(RunResult, additions).report)
    assert (report.gap, report.checked) == (0, True)
    assert report.coverage.slots_wanted == 4  # two left out before, one declined, one newcomer


def test_late_arrivals_are_measured_on_the_scale_of_those_before_them(
    published: Nation, additions: UUID, receive: Receive, owner: Session
) -> None:
    newcomer(owner, published, "mentee", "something else altogether, such as harbor pilots")
    receive(MatchRunRequested(run_id=additions))
    scales = [owner.get_one(RunResult, run).interest_scale for run in (published.run_id, additions)]
    assert scales[0] == scales[1]
    assert scales[0]


def problem_of(database: Database, run_id: UUID) -> Problem:
    with database.reading(SYSTEM) as session:
        order = read_order(session, run_id)
    assert order is not None
    interests = read_interests(database, HashingModel(), order, ignore_progress)
    return pose_problem(order.cycle, score_order(order, interests))


def part_of(problem: Problem, rows_: Sequence[int], mentors: Sequence[int]) -> Problem:
    """Some rows and mentors of a problem (each mentee wants one mentor here), in the order given."""
    row, mentor = np.repeat(rows_, len(mentors)), np.tile(mentors, len(rows_))
    scores = problem.source.exact(row, mentor).reshape(len(rows_), len(mentors))
    chosen = np.array(mentors)
    return Problem(
        DenseScores(scores), capacity=problem.capacity[chosen], load=problem.load[chosen], tie_key=problem.tie_key,
        row_ids=tuple(problem.row_ids[n] for n in rows_), mentor_ids=tuple(problem.mentor_ids[n] for n in mentors),
    )  # fmt: skip


def test_additions_are_worth_what_extending_a_run_on_its_own_prices_reaches(
    published: Nation, additions: UUID, owner: Session, as_matcher: Database
) -> None:
    """The free part solved anew, and the free part solved before the newcomers came, then extended by them."""
    early = problem_of(as_matcher, additions)
    newcomer(owner, published, "mentee", "rural family medicine with obstetrics")
    newcomer(owner, published, "mentor", "research in cardiology and a doctorate")
    late = problem_of(as_matcher, additions)
    everybody, rules = [*range(late.rows)], Rules(floor="none")
    row_order = sorted(everybody, key=lambda n: (late.row_ids[n] not in early.row_ids, n))
    mentor_order = sorted(range(late.mentors), key=lambda n: (late.mentor_ids[n] not in early.mentor_ids, n))
    after = part_of(late, row_order, mentor_order)
    before = part_of(late, row_order[: early.rows], mentor_order[: early.mentors])
    extended, anew = LiveRun(before, solve(before, rules)).extend(after), solve(after, rules)
    reached = measure(Instance(after, rules), extended.mentor)
    assert int((extended.mentor >= 0).sum()) == anew.slots_filled == 3
    assert (reached.points - reached.load_cost) / (2 * rules.scale) == pytest.approx(anew.objective, abs=1e-9)
