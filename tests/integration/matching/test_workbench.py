"""Leads change a draft, compare drafts, take a publication back, match late arrivals, and ask what would be."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, update

from services.api.matching.runs import service
from services.api.services import Services
from shared.contracts.messages import MatchRunDrafted, WhatIfAnswered
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.models.enrollment import Participant
from shared.models.matching import (
    DraftPair,
    MatchRun,
    OfferState,
    PairRule,
    Proposal,
    RunPurpose,
    RunResult,
    RunRule,
    RunState,
)
from shared.models.messaging import OutboxMessage, OutboxState
from shared.models.oversight import AuditEvent
from shared.settings import Settings
from tests.factories import matching, rows
from tests.factories.browser import Browser
from tests.factories.cast import Cast
from tests.integration.matching.scene import new_draft, new_person, sent

Pairs = list[tuple[Participant, Participant]]


@pytest.fixture
def runs(cast: Cast) -> str:
    return f"/lead/{cast.program.slug}/runs"


@pytest.fixture
def pairs(as_owner: Database, cast: Cast) -> Pairs:
    with as_owner.writing(SYSTEM) as session:
        mentees = [new_person(session, cast, "mentee", name=f"Mentee {letter}") for letter in "AB"]
        mentors = [new_person(session, cast, "mentor", name=f"Mentor {letter}") for letter in "XY"]
        return list(zip(mentees, mentors, strict=True))


@pytest.fixture
def draft(as_owner: Database, cast: Cast, pairs: Pairs) -> UUID:
    """Mentee A with mentor X (who could have had mentor Y), B with Y; the outsider has nobody."""
    with as_owner.writing(SYSTEM) as session:
        run = new_draft(session, cast, pairs)
        matching.make_unmatched(session, run, cast.participants["outsider"])
        other = [{"mentor_id": str(pairs[1][1].id), "score": 0.71, "costs": 0.042}]
        session.execute(update(DraftPair).where(DraftPair.mentee_id == pairs[0][0].id).values(alternatives=other))
        return run.id


def newest_run(database: Database) -> MatchRun:
    with database.reading(SYSTEM) as session:
        return session.scalars(select(MatchRun).order_by(MatchRun.requested_at.desc())).first()  # type: ignore[return-value]


def rules_of(database: Database, run_id: UUID) -> dict[tuple[UUID, UUID], str]:
    with database.reading(SYSTEM) as session:
        return {(r.mentee_id, r.mentor_id): r.rule for r in session.scalars(select(RunRule).filter_by(run_id=run_id))}


def state_of(database: Database, run_id: UUID) -> str:
    with database.reading(SYSTEM) as session:
        return session.get_one(MatchRun, run_id).state


# --- deciding about pairs ---


def test_a_pair_shows_its_alternatives_with_what_they_cost(lead: Browser, runs: str, draft: UUID, pairs: Pairs) -> None:
    page = lead.page(f"{runs}/{draft}/pairs/{pairs[0][0].id}/{pairs[0][1].id}")
    assert "Mentor Y" in page
    assert "0.042" in page
    assert "Keep this pair" in page
    assert re.search(r'id="another-mentor"[^>]* action="[^"]*#another-mentor"', page), "Find comes back to its answer"


def test_keeping_a_pair_makes_a_further_run_and_leaves_the_draft(
    lead: Browser, runs: str, draft: UUID, pairs: Pairs, as_owner: Database
) -> None:
    mentee, mentor = pairs[0]
    lead.submit(f"{runs}/{draft}/revise", {"change": "pin", "mentee_id": mentee.id, "mentor_id": mentor.id})
    run = newest_run(as_owner)
    assert (run.base_run_id, run.state, run.purpose) == (draft, RunState.REQUESTED, RunPurpose.MATCH)
    assert rules_of(as_owner, run.id) == {(mentee.id, mentor.id): PairRule.PIN}
    assert state_of(as_owner, draft) == RunState.DRAFT
    assert {row["run_id"] for row in sent(as_owner, "MatchRunRequested")} == {str(run.id)}
    with as_owner.reading(SYSTEM) as session:
        detail = session.scalar(select(AuditEvent.detail).where(AuditEvent.action == "match_run.revised"))
    assert (detail["change"], detail["base_run_id"]) == ("pin", str(draft))  # type: ignore[index]


def test_a_decision_beside_a_run_under_way_leads_to_that_run(
    lead: Browser, runs: str, draft: UUID, pairs: Pairs, as_owner: Database
) -> None:
    mentee, mentor = pairs[0]
    decision = {"change": "pin", "mentee_id": mentee.id, "mentor_id": mentor.id}
    first = lead.submit(f"{runs}/{draft}/revise", decision)
    assert lead.submit(f"{runs}/{draft}/revise", decision).headers["location"] == first.headers["location"]
    assert newest_run(as_owner).base_run_id == draft


def test_moving_keeps_apart_from_the_mentor_left_behind_and_decisions_add_up(
    lead: Browser, runs: str, draft: UUID, pairs: Pairs, as_owner: Database, services: Services
) -> None:
    (mentee, mentor), (other_mentee, to) = pairs
    lead.submit(f"{runs}/{draft}/revise", {"change": "forbid", "mentee_id": other_mentee.id, "mentor_id": mentor.id})
    second = finish(as_owner, services, pairs)
    moving = {"change": "move", "mentee_id": mentee.id, "mentor_id": mentor.id, "to_id": to.id}
    lead.submit(f"{runs}/{second}/revise", moving)
    assert rules_of(as_owner, newest_run(as_owner).id) == {
        (other_mentee.id, mentor.id): PairRule.FORBID,
        (mentee.id, mentor.id): PairRule.FORBID,
        (mentee.id, to.id): PairRule.PIN,
    }


def finish(as_owner: Database, services: Services, pairs: Pairs) -> UUID:
    """The matcher has done the newest run."""
    with as_owner.writing(SYSTEM) as session:
        run = session.scalars(select(MatchRun).order_by(MatchRun.requested_at.desc())).first()
        assert run is not None
        matching.make_draft(session, run, pairs)
    with services.database.writing(SYSTEM) as session:
        service.note_drafted(session, MatchRunDrafted(run_id=run.id))
    return run.id


def test_a_decision_can_be_released(
    lead: Browser, runs: str, draft: UUID, pairs: Pairs, as_owner: Database, services: Services
) -> None:
    who = {"mentee_id": pairs[0][0].id, "mentor_id": pairs[0][1].id}
    lead.submit(f"{runs}/{draft}/revise", {"change": "pin", **who})
    revised = finish(as_owner, services, pairs)
    page = lead.page(f"{runs}/{revised}")
    assert "Your decisions in this draft" in page
    assert "What your decision changes" in page
    lead.submit(f"{runs}/{revised}/revise", {"change": "release", **who})
    assert rules_of(as_owner, newest_run(as_owner).id) == {}


def test_an_open_place_is_given_to_somebody_by_name(
    lead: Browser, runs: str, draft: UUID, cast: Cast, as_owner: Database, pairs: Pairs
) -> None:
    outsider, mentor = cast.participants["outsider"], pairs[0][1]
    place = f"{runs}/{draft}/unmatched/{outsider.id}/0"
    assert place in lead.page(f"{runs}/{draft}/unmatched")
    assert "Mentor X" in lead.page(f"{place}?mentor=tor+x")
    assert "No mentor of this cycle" in lead.page(f"{place}?mentor=nobody")
    lead.submit(f"{runs}/{draft}/revise", {"change": "move", "mentee_id": outsider.id, "to_id": mentor.id})
    assert rules_of(as_owner, newest_run(as_owner).id) == {(outsider.id, mentor.id): PairRule.PIN}


@pytest.mark.parametrize("change", ["pin", "move"])
def test_people_of_another_program_cannot_be_put_together(
    lead: Browser, runs: str, draft: UUID, cast: Cast, as_owner: Database, change: str
) -> None:
    with as_owner.writing(SYSTEM) as session:
        site = rows.make_institution(session)
        foreign = rows.make_participant(session, cast.other_cycle, "mentor", site, rows.make_account(session))
    outsider = cast.participants["outsider"]
    asked = {"change": change, "mentee_id": outsider.id, "to_id" if change == "move" else "mentor_id": foreign.id}
    assert lead.submit(f"{runs}/{draft}/revise", asked).status_code == 422
    assert sent(as_owner, "MatchRunRequested") == []


def test_what_is_published_cannot_be_revised(lead: Browser, runs: str, draft: UUID, pairs: Pairs) -> None:
    lead.submit(f"{runs}/{draft}/publish")
    asked = {"change": "pin", "mentee_id": pairs[0][0].id, "mentor_id": pairs[0][1].id}
    assert "Only a draft can be changed." in lead.checked(lead.submit(f"{runs}/{draft}/revise", asked), 409)


def test_each_reader_is_told_what_would_change_the_match_in_their_own_hands(
    lead: Browser, runs: str, cast: Cast, as_owner: Database, mentor: Browser, outsider: Browser
) -> None:
    people = cast.participants["outsider"], cast.participants["mentor"]
    with as_owner.writing(SYSTEM) as session:
        run = new_draft(session, cast, [people])
    page = lead.page(f"{runs}/{run.id}/pairs/{people[0].id}/{people[1].id}")
    assert "costs the whole 0.012 points or more" in page
    lead.submit(f"{runs}/{run.id}/publish")
    with as_owner.reading(SYSTEM) as session:
        offer = session.scalars(select(Proposal.id).filter_by(run_id=run.id)).one()
    answering, waiting = mentor.page(f"/answer/proposal/{offer}"), outsider.page("/mentee")
    assert "With one more place of yours" in answering
    assert "With weekday evenings, 5 more mentors would fit." in waiting
    assert "0.012" not in answering + waiting


# --- comparing ---


def test_two_drafts_are_compared_by_figures_and_by_pairs(
    lead: Browser, runs: str, draft: UUID, cast: Cast, as_owner: Database, pairs: Pairs
) -> None:
    with as_owner.writing(SYSTEM) as session:
        swapped = [(pairs[0][0], pairs[1][1]), pairs[1]]
        other = new_draft(session, cast, swapped[:1])
    page = lead.page(f"{runs}/{other.id}/compare?with={draft}")
    assert "2 mentees fare differently" in page
    assert "nobody" in page
    assert "Wishes filled" in page
    assert "\N{MINUS SIGN}1" in page
    assert "Interests: closer than 93" in page


def test_a_draft_alone_has_nothing_to_be_compared_with(lead: Browser, runs: str, draft: UUID) -> None:
    assert "No other draft to compare with" in lead.page(f"{runs}/{draft}/compare")


# --- taking back ---


@pytest.fixture
def patient_lead(app_with: Callable[[Settings], FastAPI], api_settings: Settings, cast: Cast) -> Browser:
    """The lead, where notices wait for an hour."""
    application = app_with(api_settings.model_copy(update={"publish_grace_seconds": 3600.0}))
    return Browser(application).log_in(cast.accounts["lead"].id)


def test_a_match_is_taken_back_before_its_first_notice_leaves(
    patient_lead: Browser, runs: str, draft: UUID, as_owner: Database
) -> None:
    patient_lead.submit(f"{runs}/{draft}/publish")
    page = patient_lead.page(f"{runs}/{draft}")
    assert "Nobody has been told yet" in page
    answer = patient_lead.submit(f"{runs}/{draft}/take-back")
    assert "It is a draft again" in patient_lead.page(answer.headers["location"])
    assert state_of(as_owner, draft) == RunState.DRAFT
    with as_owner.reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(Proposal).filter_by(run_id=draft)) == 0
        told = session.execute(select(OutboxMessage.name, OutboxMessage.state).where(
            OutboxMessage.name.in_(("ProposalPublished", "MatchRunPublished")))).all()  # fmt: skip
    assert len(told) == 3
    assert {state for _, state in told} == {OutboxState.WITHDRAWN}


def test_what_was_taken_back_can_be_published_again(
    patient_lead: Browser, runs: str, draft: UUID, as_owner: Database
) -> None:
    for _ in range(2):
        patient_lead.submit(f"{runs}/{draft}/publish")
        patient_lead.submit(f"{runs}/{draft}/take-back")
    patient_lead.submit(f"{runs}/{draft}/publish")
    with as_owner.reading(SYSTEM) as session:
        states = session.scalars(select(OutboxMessage.state).filter_by(name="ProposalPublished")).all()
    assert sorted(states) == ["pending"] * 2 + ["withdrawn"] * 4


def test_nothing_is_taken_back_once_one_notice_has_left(
    patient_lead: Browser, runs: str, draft: UUID, as_owner: Database
) -> None:
    patient_lead.submit(f"{runs}/{draft}/publish")
    with as_owner.writing(SYSTEM) as session:
        one = session.scalars(select(OutboxMessage).filter_by(name="ProposalPublished")).first()
        assert one is not None
        one.state = OutboxState.PUBLISHED
    refused = patient_lead.submit(f"{runs}/{draft}/take-back")
    assert "The first notice has left" in patient_lead.checked(refused, 409)
    assert state_of(as_owner, draft) == RunState.PUBLISHED
    with as_owner.reading(SYSTEM) as session:
        states = session.scalars(select(OutboxMessage.state).filter_by(name="ProposalPublished")).all()
        proposals = session.scalars(select(Proposal.state).filter_by(run_id=draft)).all()
    assert sorted(states) == ["pending", "published"]
    assert proposals == [OfferState.OPEN, OfferState.OPEN]


def test_a_notice_that_is_just_leaving_is_waited_for_and_then_missed(
    patient_lead: Browser, runs: str, draft: UUID, as_owner: Database, as_relay: Database
) -> None:
    """The relay holds one notice while the lead takes the match back: the relay wins, and nothing is half undone."""
    patient_lead.submit(f"{runs}/{draft}/publish")
    with ThreadPoolExecutor(1) as thread:
        with as_relay.writing(SYSTEM) as session:
            leaving = select(OutboxMessage).filter_by(name="ProposalPublished").limit(1).with_for_update()
            held = session.scalars(leaving).one()
            answer = thread.submit(patient_lead.submit, f"{runs}/{draft}/take-back")
            assert wait([answer], timeout=0.5).not_done
            held.state = OutboxState.PUBLISHED
        assert answer.result().status_code == 409
    assert state_of(as_owner, draft) == RunState.PUBLISHED
    with as_owner.reading(SYSTEM) as session:
        states = session.scalars(select(OutboxMessage.state).filter_by(name="ProposalPublished")).all()
    assert sorted(states) == ["pending", "published"]


def test_nothing_is_taken_back_once_one_proposal_is_answered(
    patient_lead: Browser, runs: str, draft: UUID, as_owner: Database
) -> None:
    patient_lead.submit(f"{runs}/{draft}/publish")
    with as_owner.writing(SYSTEM) as session:
        one = session.scalars(select(Proposal).filter_by(run_id=draft)).first()
        assert one is not None
        one.state = OfferState.ACCEPTED
    assert patient_lead.submit(f"{runs}/{draft}/take-back").status_code == 409
    assert state_of(as_owner, draft) == RunState.PUBLISHED


def test_mentors_see_a_proposal_when_its_notice_leaves_not_before(
    patient_lead: Browser, runs: str, cast: Cast, as_owner: Database, mentor: Browser
) -> None:
    with as_owner.writing(SYSTEM) as session:
        mentee = new_person(session, cast, "mentee", name="Mentee Unseen")
        run = new_draft(session, cast, [(mentee, cast.participants["mentor"])])
    patient_lead.submit(f"{runs}/{run.id}/publish")
    assert "Mentee Unseen" not in mentor.page("/mentor")
    with as_owner.writing(SYSTEM) as session:
        session.execute(update(Proposal).values(opens_at=datetime.now(UTC) - timedelta(seconds=1)))
    assert "Mentee Unseen" in mentor.page("/mentor")


def test_a_late_word_of_the_matcher_does_not_unpublish(
    lead: Browser, runs: str, draft: UUID, as_owner: Database, services: Services
) -> None:
    lead.submit(f"{runs}/{draft}/publish")
    with services.database.writing(SYSTEM) as session:
        service.note_drafted(session, MatchRunDrafted(run_id=draft))
    assert state_of(as_owner, draft) == RunState.PUBLISHED


# --- late arrivals ---


def test_late_arrivals_get_a_run_of_their_own_that_adds_to_the_published_one(
    lead: Browser, runs: str, draft: UUID, as_owner: Database
) -> None:
    lead.submit(f"{runs}/{draft}/publish")
    assert "Match late arrivals" in lead.page(f"{runs}/{draft}")
    lead.submit(f"{runs}/{draft}/additions")
    run = newest_run(as_owner)
    assert (run.purpose, run.base_run_id, run.state) == (RunPurpose.ADDITIONS, draft, RunState.REQUESTED)


def test_a_draft_without_a_pair_offers_nothing_to_publish(
    lead: Browser, runs: str, cast: Cast, as_owner: Database
) -> None:
    with as_owner.writing(SYSTEM) as session:
        empty = new_draft(session, cast, [])
    page = lead.page(f"{runs}/{empty.id}")
    assert "Nothing to propose" in page
    assert "Publish this match" not in page


def test_additions_need_a_published_match(lead: Browser, runs: str, draft: UUID) -> None:
    refused = lead.submit(f"{runs}/{draft}/additions")
    assert "Additions belong to a published match." in lead.checked(refused, 409)


# --- what if ---


def answer_the_question(as_owner: Database, services: Services) -> UUID:
    with as_owner.writing(SYSTEM) as session:
        run = session.scalars(select(MatchRun).filter_by(purpose=RunPurpose.WHAT_IF)).one()
        answer = matching.answer().model_dump(mode="json")
        session.add(RunResult(run_id=run.id, phase="done", progress=1.0, report=answer))
    with services.database.writing(SYSTEM) as session:
        service.note_answered(session, WhatIfAnswered(run_id=run.id))
    return run.id


def test_a_lead_asks_and_comes_back_for_the_answer(
    lead: Browser, cast: Cast, as_owner: Database, services: Services
) -> None:
    home = f"/lead/{cast.program.slug}/what-if"
    asked = lead.submit(home, {"mentors": "3", "specialty": "emergency_medicine", "places": "2"})
    assert "Working it out" in lead.page(asked.headers["location"])
    assert lead.get(f"{asked.headers['location']}/progress").status_code == 200
    run = answer_the_question(as_owner, services)
    assert lead.get(f"{home}/{run}/progress").headers["HX-Refresh"] == "true"
    page = lead.page(f"{home}/{run}")
    assert "3 more mentees get a mentor" in page
    assert "+1.500" in page
    assert "Emergency medicine" in page
    assert "3 more mentors of Emergency medicine, 2 places each" in lead.page(home)
    assert "3 more mentees get a mentor" in lead.page(home)


def test_a_program_of_the_leads_own_asks_and_reads_the_answer(
    lead: Browser, cast: Cast, as_owner: Database, services: Services
) -> None:
    home, headers = f"/api/v1/programs/{cast.program.slug}/what-ifs", {"X-CSRF-Token": lead.csrf_token}
    asked = lead.request("POST", home, json={"mentors": 2, "places": 3}, headers=headers)
    waiting = lead.get(f"{home}/{asked.json()['id']}").json()
    assert (waiting["state"], waiting["answer"], waiting["question"]["mentors"]) == ("requested", None, 2)
    answer_the_question(as_owner, services)
    told = lead.get(f"{home}/{asked.json()['id']}").json()
    assert told["answer"]["after"]["coverage"]["slots_filled"] == 9
    refused = lead.request("POST", home, json={"mentors": 2, "plces": 3}, headers=headers)
    assert refused.status_code == 422


def test_a_question_is_no_match_run_and_the_other_way_round(
    lead: Browser, cast: Cast, runs: str, as_owner: Database, draft: UUID
) -> None:
    home = f"/lead/{cast.program.slug}/what-if"
    lead.submit(home, {"more_places": "1"})
    run = newest_run(as_owner)
    assert lead.get(f"{runs}/{run.id}").status_code == 404
    assert str(run.id) not in lead.page(runs)
    assert lead.get(f"{home}/{draft}").status_code == 404


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({}, "Change at least one thing"),
        ({"mentors": "many"}, "Enter a whole number."),
        ({"mentors": "-1"}, "Enter 0 or more."),
        ({"floor": "fixed"}, "Say what the weakest match must score"),
        ({"load_weight": "nan"}, "Please check this answer."),
    ],
)
def test_what_is_wrong_with_a_question_is_said_and_nothing_typed_is_lost(
    lead: Browser, cast: Cast, as_owner: Database, asked: dict[str, str], sentence: str
) -> None:
    page = lead.checked(lead.submit(f"/lead/{cast.program.slug}/what-if", {"places": "4", **asked}), 422)
    assert sentence in page
    assert 'value="4"' in page
    assert sent(as_owner, "MatchRunRequested") == []
