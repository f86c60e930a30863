"""Leads ask for runs, study drafts and publish them: all of it, or nothing."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import select

from services.api.errors import ConflictError
from services.api.matching.runs import publishing, service
from services.api.services import Services
from services.api.visitor import STRANGER
from shared.contracts.messages import MatchRunDrafted, MatchRunFailed
from shared.contracts.run_report import RunPhase
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.models.enrollment import Participant, Profile
from shared.models.matching import DraftPair, MatchRun, Proposal, RunResult, RunState
from shared.models.oversight import AuditEvent
from tests.factories import matching, rows
from tests.factories.browser import Browser
from tests.factories.cast import Cast
from tests.integration.matching.scene import new_draft, new_person, sent


@pytest.fixture
def runs(cast: Cast) -> str:
    return f"/lead/{cast.program.slug}/runs"


@pytest.fixture
def pairs(as_owner: Database, cast: Cast) -> list[tuple[Participant, Participant]]:
    """Two mentees for one new mentor with two places, one for another."""
    with as_owner.writing(SYSTEM) as session:
        mentees = [new_person(session, cast, "mentee", name=f"Mentee {letter}") for letter in "ABC"]
        first, second = (new_person(session, cast, "mentor", name=f"Mentor {letter}") for letter in "XY")
        return [(mentees[0], first), (mentees[1], first), (mentees[2], second)]


@pytest.fixture
def draft(as_owner: Database, cast: Cast, pairs: list[tuple[Participant, Participant]]) -> UUID:
    with as_owner.writing(SYSTEM) as session:
        run = new_draft(session, cast, pairs)
        matching.make_unmatched(session, run, cast.participants["outsider"])
        return run.id


def state_of(database: Database, run_id: UUID) -> str | None:
    with database.reading(SYSTEM) as session:
        return session.scalar(select(MatchRun.state).where(MatchRun.id == run_id))


def proposals_of(database: Database, run_id: UUID) -> list[Proposal]:
    with database.reading(SYSTEM) as session:
        return list(session.scalars(select(Proposal).where(Proposal.run_id == run_id)))


def test_a_lead_asks_for_a_run_and_the_matcher_is_told_once(
    lead: Browser, cast: Cast, runs: str, as_owner: Database
) -> None:
    page = lead.page(f"{runs}/new")
    assert "2 mentees wish for 2 mentors; 1 mentors take part" in page
    asked = {"cycle_id": str(cast.cycle.id), "policy_id": str(cast.policy.id)}
    answer = lead.submit(f"{runs}/new", asked)
    assert answer.headers["location"].startswith(runs)
    assert len(sent(as_owner, "MatchRunRequested")) == 1
    again = lead.submit(f"{runs}/new", asked)
    assert again.headers["location"] == answer.headers["location"], "a second click leads to the run that is there"
    shown = lead.page(again.headers["location"])
    assert "A match run of this cycle is under way. Wait for its draft, or discard it first." in shown
    assert len(sent(as_owner, "MatchRunRequested")) == 1


def test_the_list_of_runs_stands_among_the_leads_pages_and_says_their_state_on_a_phone(
    lead: Browser, runs: str, draft: UUID
) -> None:
    page = lead.page(runs)
    assert f'href="{runs}" aria-current="page">Match runs' in page
    assert f'href="{runs.removesuffix("/runs")}/supply"' in page
    assert re.search(r'b-table--stacked.*<td data-label="State">.*Draft', page, re.DOTALL)


def test_a_foreign_cycle_is_an_error_at_its_field(lead: Browser, cast: Cast, runs: str) -> None:
    asked = {"cycle_id": str(cast.other_cycle.id), "policy_id": str(cast.policy.id)}
    page = lead.checked(lead.submit(f"{runs}/new", asked), 422)
    assert "Choose a cycle of this program that is open." in page


def test_progress_is_shown_by_phase_and_the_page_reloads_when_the_draft_is_there(
    lead: Browser, cast: Cast, runs: str, as_owner: Database, services: Services
) -> None:
    with as_owner.writing(SYSTEM) as session:
        run = rows.make_run(session, cast.cycle, cast.policy)
        session.add(RunResult(run_id=run.id, phase=RunPhase.FLOOR, progress=0.5))
    assert "Raising the weakest match" in lead.page(f"{runs}/{run.id}")
    fragment = lead.get(f"{runs}/{run.id}/progress")
    assert "b-phases__item--current" in fragment.text
    assert "<html" not in fragment.text
    with services.database.writing(SYSTEM) as session:
        service.note_drafted(session, MatchRunDrafted(run_id=run.id))
    assert lead.get(f"{runs}/{run.id}/progress").headers["HX-Refresh"] == "true"


def test_a_failed_run_says_why_and_what_to_do(
    lead: Browser, cast: Cast, runs: str, as_owner: Database, services: Services
) -> None:
    with as_owner.writing(SYSTEM) as session:
        run = rows.make_run(session, cast.cycle, cast.policy)
        session.add(RunResult(run_id=run.id, phase=RunPhase.FAILED, error="the embedding model is missing"))
    with services.database.writing(SYSTEM) as session:
        service.note_failed(session, MatchRunFailed(run_id=run.id))
    page = lead.page(f"{runs}/{run.id}")
    assert "the embedding model is missing" in page
    assert "nobody was told anything" in page


def test_a_run_that_was_discarded_does_not_come_back(
    lead: Browser, cast: Cast, runs: str, as_owner: Database, services: Services
) -> None:
    with as_owner.writing(SYSTEM) as session:
        run = rows.make_run(session, cast.cycle, cast.policy)
    lead.submit(f"{runs}/{run.id}/discard")
    with services.database.writing(SYSTEM) as session:
        service.note_drafted(session, MatchRunDrafted(run_id=run.id))
    assert state_of(as_owner, run.id) == RunState.DISCARDED
    assert "It can no longer be published, and nobody was told anything." in lead.page(f"{runs}/{run.id}")


def test_the_lead_studies_the_draft(lead: Browser, runs: str, draft: UUID) -> None:
    summary = lead.page(f"{runs}/{draft}")
    assert "75%" in summary
    assert "No other assignment of these people is better" in summary
    assert "all who fit are full" in summary
    assert "All 3 mentors who fit are full." in lead.page(f"{runs}/{draft}/unmatched")
    narrowed = lead.page(f"{runs}/{draft}/unmatched?reason=all_full")
    assert re.findall(r'aria-current="true">([^<]+)<', narrowed) == ["all who fit are full (1)"]
    proof = lead.get(f"{runs}/{draft}/certificate")
    assert (proof.content, proof.headers["cache-control"]) == (b"proof", "no-store")


def test_proposals_are_filtered_and_sorted(lead: Browser, runs: str, draft: UUID) -> None:
    assert "3 proposals" in lead.page(f"{runs}/{draft}/pairs?sort=mentor")
    found = lead.page(f"{runs}/{draft}/pairs?name=mentee+b")
    assert "Mentee B" in found
    assert "Mentee A" not in found
    assert "No proposal fits this filter" in lead.page(f"{runs}/{draft}/pairs?site=other")
    assert "No proposal fits this filter" in lead.page(f"{runs}/{draft}/pairs?name=100%25")


def test_a_pair_is_explained_with_parts_that_add_up_and_without_identity(
    lead: Browser, runs: str, draft: UUID, pairs: list[tuple[Participant, Participant]], as_owner: Database
) -> None:
    mentee, mentor = pairs[0]
    page = lead.page(f"{runs}/{draft}/pairs/{mentee.id}/{mentor.id}")
    assert "Interests: closer than 93" in page
    assert "Personal fit, kept together for privacy" in page
    assert "Shared experience" not in page
    with as_owner.reading(SYSTEM) as session:
        looks = select(AuditEvent.object_id).where(AuditEvent.action == "pair.viewed")
        assert set(session.scalars(looks)) == {mentee.id, mentor.id}


def test_publishing_proposes_every_pair_and_tells_everybody(
    lead: Browser, runs: str, draft: UUID, as_owner: Database
) -> None:
    answer = lead.submit(f"{runs}/{draft}/publish")
    assert "3 proposals are on their way" in lead.page(answer.headers["location"])
    proposals = proposals_of(as_owner, draft)
    assert len(proposals) == 3
    assert {p.state for p in proposals} == {"open"}
    assert {row["proposal_id"] for row in sent(as_owner, "ProposalPublished")} == {str(p.id) for p in proposals}
    assert sent(as_owner, "MatchRunPublished") == [{"run_id": str(draft)}]


def test_a_draft_is_published_once(lead: Browser, runs: str, draft: UUID, as_owner: Database) -> None:
    lead.submit(f"{runs}/{draft}/publish")
    refused = lead.submit(f"{runs}/{draft}/publish")
    assert "This draft is published already." in lead.checked(refused, 409)
    assert len(proposals_of(as_owner, draft)) == 3


def test_two_leads_publish_at_the_same_instant_and_one_does(
    services: Services, draft: UUID, as_owner: Database
) -> None:
    together = Barrier(2)

    def try_to_publish(_number: int) -> str:
        with services.database.writing(SYSTEM) as session:
            run = session.get_one(MatchRun, draft)
            together.wait()
            try:
                publishing.publish(session, STRANGER, run, publishing.Moment.of(services), leave_out=False)
            except ConflictError as error:
                return error.code
            return "published"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(try_to_publish, range(2))) == ["already_published", "published"]
    assert len(proposals_of(as_owner, draft)) == 3


def test_a_draft_that_no_longer_fits_publishes_nothing_until_the_lead_agrees(
    lead: Browser, runs: str, draft: UUID, as_owner: Database, cast: Cast,
    pairs: list[tuple[Participant, Participant]],
) -> None:
    """Meanwhile somebody asked mentor X (one place fewer), mentee C withdrew."""
    with as_owner.writing(SYSTEM) as session:
        rows.make_request(session, cast.participants["outsider"], pairs[0][1])
        session.get_one(Participant, pairs[2][0].id).state = "withdrawn"
    page = lead.checked(lead.submit(f"{runs}/{draft}/publish"), 409)
    assert "1: one of the two no longer takes part" in page
    assert "1: the mentor has less room than when the draft was made" in page
    assert proposals_of(as_owner, draft) == []
    assert sent(as_owner, "ProposalPublished") == []
    assert state_of(as_owner, draft) == RunState.DRAFT
    lead.submit(f"{runs}/{draft}/publish", {"leave_out": "yes"})
    assert len(proposals_of(as_owner, draft)) == 1
    assert state_of(as_owner, draft) == RunState.PUBLISHED


def test_a_draft_of_which_nothing_fits_any_more_cannot_be_published_as_an_empty_match(
    lead: Browser, runs: str, draft: UUID, as_owner: Database, pairs: list[tuple[Participant, Participant]]
) -> None:
    with as_owner.writing(SYSTEM) as session:
        for mentee, _mentor in pairs:
            session.get_one(Participant, mentee.id).state = "withdrawn"
    page = lead.checked(lead.submit(f"{runs}/{draft}/publish"), 409)
    assert "No pair is left that could be published." in page
    assert "Publish all others" not in page
    assert lead.submit(f"{runs}/{draft}/publish", {"leave_out": "yes"}).status_code == 409
    assert state_of(as_owner, draft) == RunState.DRAFT


def test_a_near_peer_of_a_draft_does_not_take_the_wish_for_a_faculty_mentor(
    services: Services, draft: UUID, as_owner: Database, cast: Cast, pairs: list[tuple[Participant, Participant]]
) -> None:
    """Since the draft was made, its mentee has asked a near-peer."""
    mentee, mentor = pairs[0]
    with as_owner.writing(SYSTEM) as session:
        session.get_one(Profile, mentee.id).kinds = ["near_peer", "faculty"]
        rows.make_request(session, mentee, new_person(session, cast, "mentor"), kind="near_peer")
        session.get_one(DraftPair, (draft, mentee.id, mentor.id)).kind = "near_peer"
        session.flush()
        found = publishing.find_obstacles(session, session.get_one(MatchRun, draft), services.clock.now())
        session.get_one(DraftPair, (draft, mentee.id, mentor.id)).kind = "faculty"
        session.flush()
        others = publishing.find_obstacles(session, session.get_one(MatchRun, draft), services.clock.now())
    assert (found, others) == ({(mentee.id, mentor.id): publishing.Obstacle.MENTEE_SERVED}, {})


def test_a_pair_that_must_not_meet_is_left_out(
    services: Services, draft: UUID, as_owner: Database, pairs: list[tuple[Participant, Participant]]
) -> None:
    mentee, mentor = pairs[0]
    with as_owner.writing(SYSTEM) as session:
        rows.make_exclusion(session, mentee, mentor)
        run = session.get_one(MatchRun, draft)
        found = publishing.find_obstacles(session, run, services.clock.now())
    assert found == {(mentee.id, mentor.id): publishing.Obstacle.EXCLUDED}


def test_when_publishing_breaks_in_the_middle_nothing_is_left_behind(
    services: Services, draft: UUID, as_owner: Database
) -> None:
    class PowerCutError(Exception):
        pass

    def publish_and_break() -> None:
        with services.database.writing(SYSTEM) as session:
            run = session.get_one(MatchRun, draft)
            publishing.publish(session, STRANGER, run, publishing.Moment.of(services), leave_out=False)
            raise PowerCutError

    with pytest.raises(PowerCutError):
        publish_and_break()
    assert proposals_of(as_owner, draft) == []
    assert sent(as_owner, "ProposalPublished") == []
    assert state_of(as_owner, draft) == RunState.DRAFT


def test_the_api_tells_a_stale_draft_apart(
    lead: Browser, draft: UUID, cast: Cast, as_owner: Database, pairs: list[tuple[Participant, Participant]]
) -> None:
    with as_owner.writing(SYSTEM) as session:
        session.get_one(Participant, pairs[2][0].id).state = "withdrawn"
    url = f"/api/v1/programs/{cast.program.slug}/runs/{draft}"
    headers = {"X-CSRF-Token": lead.csrf_token}
    refused = lead.post(f"{url}/publish", json={}, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "stale_draft")
    done = lead.post(f"{url}/publish", json={"leave_out": True}, headers=headers)
    assert done.json() == {"proposals": 2, "left_out": 1}
    assert lead.get(url).json()["report"]["coverage"]["slots_filled"] == 3


def test_a_program_of_the_leads_own_finds_all_that_a_run_is_asked_for_with(
    lead: Browser, cast: Cast, as_owner: Database
) -> None:
    api, headers = f"/api/v1/programs/{cast.program.slug}", {"X-CSRF-Token": lead.csrf_token}
    asked = {"cycle_id": lead.get(api).json()["cycle"]["id"], "policy_id": lead.get(f"{api}/policies").json()[0]["id"]}
    run = lead.post(f"{api}/runs", json=asked, headers=headers)
    assert (run.status_code, run.json()["state"], run.json()["policy_version"]) == (201, "requested", 1)
    assert len(sent(as_owner, "MatchRunRequested")) == 1


def test_a_draft_is_hidden_from_leads_of_other_programs(other_lead: Browser, draft: UUID, runs: str) -> None:
    assert other_lead.get(f"{runs}/{draft}").status_code == 404
