"""Outcomes: noted as they happen, blind; pairs kept as they were scored; a model from its message to its card."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from services.matcher.interests.records import Interests
from services.matcher.learning.card import card_hash
from services.matcher.loading import Cycle as People
from services.matcher.outcomes.gathering import observe, past_pairs
from services.matcher.outcomes.queries import note_outcomes_of
from services.matcher.policy import Policy as Rules
from shared.contracts.messages import (
    MatchRunRequested,
    Message,
    OutcomeModelRequested,
    OutcomeNoted,
    ParticipantChanged,
    RequestAccepted,
    RequestMade,
)
from shared.contracts.model_card import Caution, ModelCard, Verdict
from shared.contracts.run_report import RunReport
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.explanations.reasons import Explanation
from shared.models.bandwidth import AvailabilityHour
from shared.models.enrollment import Participant, Profile
from shared.models.learning import AskedPair, ModelFit, OutcomeModel, PairOutcome, ScoredPair
from shared.models.matching import DraftPair, MatchRun, RunResult, Suggestion
from shared.models.mentorships import Mentorship, SurveyResponse
from shared.models.messaging import OutboxMessage
from shared.models.programs import Policy, Program
from shared.outbox.inbox import Outcome
from tests.factories import rows
from tests.factories.meetings import make_meeting
from tests.integration.matcher.conftest import Nation

Receive = Callable[[Message], Outcome]
NOW = datetime.now(UTC)


@pytest.fixture
def pair(owner: Session, nation: Nation) -> Mentorship:
    """A mentorship of 70 days that met on its fifth day."""
    mentee, mentor = (owner.get_one(Participant, key) for key in (nation.mentees[0], nation.mentors[0]))
    mentorship = rows.make_mentorship(owner, mentee, mentor, started_at=NOW - timedelta(days=70))
    make_meeting(owner, mentorship, starts_at=NOW - timedelta(days=65), state="held")
    owner.commit()
    return mentorship


def _answer(owner: Session, mentorship: Mentorship, side: str, satisfaction: int | None) -> None:
    answered = NOW if satisfaction else None
    owner.add(SurveyResponse(program_id=mentorship.program_id, mentorship_id=mentorship.id, side=side,
                             satisfaction=satisfaction, comment="Between us.", answered_at=answered))  # fmt: skip
    owner.commit()


def _noted(owner: Session, mentorship: Mentorship) -> PairOutcome:
    owner.expire_all()
    return owner.get_one(PairOutcome, mentorship.id)


def test_what_became_of_a_pair_is_noted_and_noted_again(owner: Session, pair: Mentorship, receive: Receive) -> None:
    assert receive(OutcomeNoted(mentorship_id=pair.id)) is Outcome.DONE
    first = _noted(owner, pair)
    assert first.first_met_at == NOW - timedelta(days=65) or first.first_met_at is not None
    assert (first.mentee_asked, first.mentee_satisfaction) == (False, None)
    _answer(owner, pair, "mentee", 5)
    _answer(owner, pair, "mentor", None)
    receive(OutcomeNoted(mentorship_id=pair.id))
    again = _noted(owner, pair)
    assert (again.mentee_asked, again.mentor_asked) == (True, True)
    assert (again.mentee_satisfaction, again.mentor_satisfaction) == (5, None)


def test_a_pair_is_known_from_the_day_it_says_yes(owner: Session, pair: Mentorship, receive: Receive) -> None:
    mentee, mentor = owner.get_one(Participant, pair.mentee_id), owner.get_one(Participant, pair.mentor_id)
    request = rows.make_request(owner, mentee, mentor, state="accepted")
    owner.commit()
    receive(RequestAccepted(request_id=request.id, mentorship_id=pair.id))
    assert _noted(owner, pair).mentor_id == pair.mentor_id


def test_the_view_of_outcomes_has_no_comment_no_reason_and_no_name(as_matcher: Database) -> None:
    with as_matcher.reading(SYSTEM) as session:
        seen = set(session.execute(text("SELECT * FROM matching.blind_outcome LIMIT 0")).keys())
    assert "mentee_satisfaction" in seen
    assert not seen & {"comment", "closure_reason", "name", "account_id", "place"}


def test_a_draft_keeps_its_pairs_as_they_were_scored(nation: Nation, receive: Receive, owner: Session) -> None:
    receive(MatchRunRequested(run_id=nation.run_id))
    kept = owner.scalars(select(ScoredPair).filter_by(run_id=nation.run_id)).all()
    drafted = {(d.mentee_id, d.mentor_id): d for d in owner.scalars(select(DraftPair).filter_by(run_id=nation.run_id))}
    assert len(kept) == len(drafted) == 10
    for one in kept:
        told = drafted[one.mentee_id, one.mentor_id].explanation["contributions"]
        assert one.features == [part["value"] for part in told]
        assert one.score == drafted[one.mentee_id, one.mentor_id].score
        assert (one.policy_version, one.propensity) == (1, None)
        assert 1 <= (one.rank or 0) <= 5


def test_a_pair_that_is_asked_for_is_kept_as_it_stood_on_the_list(
    nation: Nation, receive: Receive, owner: Session, as_matcher: Database
) -> None:
    receive(ParticipantChanged(participant_id=nation.mentees[0]))
    listed = owner.scalars(select(Suggestion).filter_by(mentee_id=nation.mentees[0], rank=2)).one()
    mentee, mentor = owner.get_one(Participant, listed.mentee_id), owner.get_one(Participant, listed.mentor_id)
    request = rows.make_request(owner, mentee, mentor)
    owner.commit()
    receive(RequestMade(request_id=request.id))
    kept = owner.scalars(select(AskedPair)).one()
    told = Explanation.model_validate(listed.explanation)
    assert (kept.mentor_id, kept.score, kept.rank) == (mentor.id, listed.score, 2)
    assert kept.features == [part.value for part in told.contributions]
    assert [share > 0 for share in kept.applies] == [part.weight > 0 for part in told.contributions]
    rows.make_mentorship(owner, mentee, mentor)
    owner.commit()
    with as_matcher.writing(SYSTEM) as session:
        note_outcomes_of(session, mentee.program_id)
    found = _past(as_matcher, mentee.program_id)
    assert [(pair.reconstructed, pair.chosen, pair.propensity) for pair in found] == [(False, True, None)]
    assert observe(found, Rules(), NOW).chosen.tolist() == [True]


def test_a_pair_that_is_asked_for_is_kept_with_the_wish_it_fills(
    nation: Nation, receive: Receive, owner: Session
) -> None:
    mentee = owner.get_one(Participant, nation.mentees[0])
    owner.get_one(Profile, mentee.id).kinds = ["near_peer", "faculty"]
    owner.commit()
    receive(ParticipantChanged(participant_id=mentee.id))
    listed = owner.scalars(select(Suggestion).filter_by(mentee_id=mentee.id, rank=1)).one()
    request = rows.make_request(owner, mentee, owner.get_one(Participant, listed.mentor_id))
    owner.commit()
    receive(RequestMade(request_id=request.id))
    assert owner.scalars(select(AskedPair.kind)).one() == "faculty"


def test_a_report_names_the_policy_and_where_its_weights_come_from(
    nation: Nation, receive: Receive, owner: Session
) -> None:
    policy = owner.scalars(select(Policy)).one()
    later = rows.make_policy(owner, owner.get_one(Program, policy.program_id), version=2, document={"model": 3})
    run = owner.get_one(MatchRun, nation.run_id)
    run.policy_id = later.id
    owner.commit()
    receive(MatchRunRequested(run_id=nation.run_id))
    versions = (owner.get_one(RunResult, nation.run_id).report or {})["versions"]
    assert (versions["policy"], versions["weights"]) == ("2", "outcome model 3")


def test_a_run_that_explores_keeps_its_propensities_and_says_what_it_gave_up(
    nation: Nation, receive: Receive, owner: Session
) -> None:
    owner.execute(update(Policy).values(document={"exploration": {"epsilon": 0.2, "draws": 8}}))
    owner.commit()
    receive(MatchRunRequested(run_id=nation.run_id))
    report = RunReport.model_validate(owner.get_one(RunResult, nation.run_id).report)
    chances = owner.scalars(select(ScoredPair.propensity).filter_by(run_id=nation.run_id)).all()
    assert (report.coverage.slots_filled, report.checked) == (10, True)
    assert report.exploration is not None
    assert 0 <= report.exploration.lost <= 0.2
    assert report.gap == pytest.approx(report.exploration.lost * 10)
    assert len(chances) == 10
    assert all(chance is not None and 1 / 8 <= chance <= 1 for chance in chances)


# --- a whole program ---


def _people(owner: Session, cycle: Any, policy: Policy) -> tuple[list[Participant], list[Participant]]:
    site = rows.make_institution(owner)
    mentees, mentors = (
        [rows.make_participant(owner, cycle, role, site, rows.make_account(owner)) for _ in range(count)]
        for role, count in (("mentee", 90), ("mentor", 25))
    )
    for n, person in enumerate([*mentees, *mentors]):
        owner.get_one(Profile, person.id).specialties = [("emergency_medicine", "psychiatry", "pathology")[n % 3]]
    others = [mentor.id for mentor in mentors[::2]]
    owner.execute(update(AvailabilityHour).where(AvailabilityHour.participant_id.in_(others)).values(weekday=5))
    return mentees, mentors


@pytest.fixture
def model(owner: Session) -> OutcomeModel:
    """A model asked for in a program of two past cycles: pairs of one specialty get on, common hours don't matter."""
    random = np.random.default_rng(4)
    program = rows.make_program(owner)
    document = {"features": {"specialty": {"weight": 1}, "time": {"weight": 3, "enough_hours": 2}}}
    policy = rows.make_policy(owner, program, document=document)
    for age in (500, 200):
        opened = (NOW - timedelta(days=age)).date()
        dates = {"opens_on": opened, "starts_on": opened, "ends_on": opened + timedelta(days=150)}
        cycle = rows.make_cycle(owner, program, state="closed", **dates)
        mentees, mentors = _people(owner, cycle, policy)
        for n, mentee in enumerate(mentees):
            mentor = mentors[(n * 7) % 25]
            same = owner.get_one(Profile, mentee.id).specialties == owner.get_one(Profile, mentor.id).specialties
            start = NOW - timedelta(days=age - n / 10)
            _mentorship(owner, mentee, mentor, start, went_well=bool(random.random() < (0.85 if same else 0.35)))
    asked: OutcomeModel = rows.save(owner, OutcomeModel(program_id=program.id, version=1, policy_id=policy.id))
    owner.commit()
    return asked


def _mentorship(owner: Session, mentee: Participant, mentor: Participant, start: datetime, *, went_well: bool) -> None:
    ended = {} if went_well else {"state": "closed", "ended_at": start + timedelta(days=35)}
    mentorship = rows.make_mentorship(owner, mentee, mentor, started_at=start, **ended)
    if went_well:
        make_meeting(owner, mentorship, starts_at=start + timedelta(days=6), state="held")


def _card(owner: Session, model: OutcomeModel) -> ModelCard:
    owner.expire_all()
    return ModelCard.model_validate(owner.get_one(ModelFit, model.id).card)


def test_a_requested_model_ends_with_a_card(owner: Session, model: OutcomeModel, receive: Receive) -> None:
    assert receive(OutcomeModelRequested(model_id=model.id)) is Outcome.DONE
    card = _card(owner, model)
    fit = owner.get_one(ModelFit, model.id)
    assert (fit.phase, fit.progress, fit.error) == ("done", 1.0, None)
    assert (card.data.pairs, card.data.cycles, card.data.reconstructed) == (180, 2, 180)
    assert card.hash == card_hash(card)
    assert owner.scalar(select(OutboxMessage.name)) == "OutcomeModelReady"


def test_a_card_finds_what_outcomes_hang_on_and_says_what_it_rests_on(
    owner: Session, model: OutcomeModel, receive: Receive
) -> None:
    receive(OutcomeModelRequested(model_id=model.id))
    card = _card(owner, model)
    weights = {weight.feature.value: weight for weight in card.weights}
    assert set(weights) == {"specialty", "time"}
    assert weights["specialty"].fitted > weights["specialty"].hand_set
    assert card.verdict in {Verdict.FITTED_IS_BETTER, Verdict.HAND_SET_HOLDS}
    assert Caution.ONE_CYCLE not in card.cautions
    assert Caution.RECONSTRUCTED in card.cautions
    assert {o.outcome: o.known for o in card.outcomes}["met_30_days"] == 180


def test_the_same_model_asked_for_twice_is_learned_once(owner: Session, model: OutcomeModel, receive: Receive) -> None:
    receive(OutcomeModelRequested(model_id=model.id))
    finished = owner.get_one(ModelFit, model.id).finished_at
    receive(OutcomeModelRequested(model_id=model.id))
    owner.expire_all()
    assert owner.get_one(ModelFit, model.id).finished_at == finished
    assert owner.scalar(select(func.count()).select_from(OutboxMessage)) == 1


def test_a_model_in_other_hands_is_left_alone(owner: Session, model: OutcomeModel, receive: Receive) -> None:
    owner.add(ModelFit(model_id=model.id, worker="another", heartbeat_at=datetime.now(UTC)))
    owner.commit()
    assert receive(OutcomeModelRequested(model_id=model.id)) is Outcome.POSTPONED
    fit = owner.get_one(ModelFit, model.id)
    fit.heartbeat_at = NOW - timedelta(hours=1)
    owner.commit()
    assert receive(OutcomeModelRequested(model_id=model.id)) is Outcome.DONE


def test_a_program_without_a_past_gets_an_honest_card(
    owner: Session, nation: Nation, receive: Receive
) -> None:
    policy = owner.scalars(select(Policy)).one()
    asked: OutcomeModel = rows.save(
        owner, OutcomeModel(program_id=policy.program_id, version=1, policy_id=policy.id)
    )
    owner.commit()
    receive(OutcomeModelRequested(model_id=asked.id))
    card = _card(owner, asked)
    assert (card.verdict, card.data.pairs, card.may_be_adopted) == (Verdict.TOO_FEW, 0, False)


def test_a_model_that_cannot_be_learned_fails_with_a_sentence(
    owner: Session, model: OutcomeModel, receive: Receive
) -> None:
    policy = rows.make_policy(owner, owner.get_one(Program, model.program_id), version=2,
                              document={"no_such_key": 1})  # fmt: skip
    owner.get_one(OutcomeModel, model.id).policy_id = policy.id
    owner.commit()
    receive(OutcomeModelRequested(model_id=model.id))
    fit = owner.get_one(ModelFit, model.id)
    assert fit.phase == "failed"
    assert "no_such_key" in str(fit.error)
    assert owner.scalar(select(OutboxMessage.name)) == "OutcomeModelFailed"


def test_a_pair_of_a_run_is_learned_from_as_it_was_scored_then(
    nation: Nation, receive: Receive, owner: Session, as_matcher: Database
) -> None:
    """What somebody writes later does not change what was known when the pair was made."""
    receive(MatchRunRequested(run_id=nation.run_id))
    run = owner.get_one(MatchRun, nation.run_id)
    run.state = "published"
    kept = owner.scalars(select(ScoredPair).filter_by(run_id=run.id).limit(1)).one()
    mentee, mentor = owner.get_one(Participant, kept.mentee_id), owner.get_one(Participant, kept.mentor_id)
    rows.make_proposal(owner, run, mentee, mentor, state="accepted", decided_at=NOW)
    mentorship = rows.make_mentorship(owner, mentee, mentor)
    owner.get_one(Profile, mentee.id).specialties = ["pathology"]
    owner.commit()
    receive(OutcomeNoted(mentorship_id=mentorship.id))
    found = _past(as_matcher, run.program_id)
    assert [(pair.features, pair.reconstructed, pair.chosen) for pair in found] == [(kept.features, False, False)]
    assert observe(found, Rules(), NOW).outcomes.shape == (1, 4)


def _past(database: Database, program_id: UUID) -> list[Any]:
    def unread(cycle: People) -> Interests:
        return Interests.none(len(cycle.mentees), len(cycle.mentors))

    with database.reading(SYSTEM) as session:
        return past_pairs(session, program_id, Rules(), unread)
