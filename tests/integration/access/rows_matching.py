"""Who may do what with match runs, drafts, suggestions, offers."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from shared.contracts.messages import Queue
from shared.models.enrollment import Participant
from shared.models.matching import MatchRun, OfferState, RunPurpose, RunState
from shared.models.messaging import OutboxMessage
from tests.factories import matching, rows
from tests.factories.cast import Cast
from tests.integration.access.matrix import Prepared, Row, answers

LEAD_ONLY = answers(404, lead=200, stranger=401)
LEAD_CHANGES = answers(404, lead=303, stranger=401)
MENTEES = answers(403, mentee=200, outsider=200, stranger=401)
MENTEES_CHANGE = answers(403, mentee=303, outsider=303, stranger=401)
MENTOR_ONLY = answers(404, mentor=200, stranger=401)


def the_program(_session: Session, cast: Cast) -> Prepared:
    return {"slug": cast.program.slug}


def a_new_mentor(session: Session, cast: Cast) -> Participant:
    return rows.make_participant(session, cast.cycle, "mentor", cast.institution, rows.make_account(session))


def a_new_mentee(session: Session, cast: Cast) -> Participant:
    return rows.make_participant(session, cast.cycle, "mentee", cast.institution, rows.make_account(session))


def a_wish_for_a_run(session: Session, cast: Cast) -> Prepared:
    cycle = rows.make_cycle(session, cast.program)
    wanted = {"cycle_id": str(cycle.id), "policy_id": str(cast.policy.id)}
    return {"slug": cast.program.slug, "_form": wanted}


def a_wish_for_a_run_as_json(session: Session, cast: Cast) -> Prepared:
    asked = a_wish_for_a_run(session, cast)
    return {"slug": asked["slug"], "_json": asked["_form"]}


def a_run_under_way(session: Session, cast: Cast) -> Prepared:
    run = rows.make_run(session, rows.make_cycle(session, cast.program), cast.policy)
    return {"slug": cast.program.slug, "run_id": run.id}


def a_draft(session: Session, cast: Cast) -> Prepared:
    run = rows.make_run(session, cast.cycle, cast.policy, state=RunState.DRAFT)
    mentee, mentor = a_new_mentee(session, cast), a_new_mentor(session, cast)
    matching.make_draft(session, run, [(mentee, mentor)])
    matching.make_unmatched(session, run, cast.participants["outsider"])
    return {"slug": cast.program.slug, "run_id": run.id, "mentee_id": mentee.id, "mentor_id": mentor.id, "_json": {}}


def a_page_of_a_draft(session: Session, cast: Cast) -> Prepared:
    return {key: value for key, value in a_draft(session, cast).items() if key != "_json"}


def a_draft_with_an_equity_report(session: Session, cast: Cast) -> Prepared:
    draft = a_page_of_a_draft(session, cast)
    matching.make_equity_report(session, session.get_one(MatchRun, draft["run_id"]))
    return draft


def a_suggested_mentor(session: Session, cast: Cast) -> Prepared:
    """Suggested to a mentee who is not in the cast's other hands: the outsider."""
    mentor, outsider = a_new_mentor(session, cast), cast.participants["outsider"]
    matching.forget_suggestions(session, outsider)
    matching.make_suggestions(session, outsider, [mentor])
    return {"mentor_id": mentor.id, "_form": {"message": "Hello"}}


def a_suggested_mentor_as_json(session: Session, cast: Cast) -> Prepared:
    mentor = a_suggested_mentor(session, cast)["mentor_id"]
    return {"_json": {"mentor_id": str(mentor), "message": "Hello"}}


def a_page_about_a_suggested_mentor(session: Session, cast: Cast) -> Prepared:
    return {"mentor_id": a_suggested_mentor(session, cast)["mentor_id"]}


def a_request_of_the_mentee(session: Session, cast: Cast) -> Prepared:
    request = rows.make_request(session, cast.participants["mentee"], a_new_mentor(session, cast))
    return {"kind": "request", "offer_id": request.id}


def a_request_to_the_mentor(session: Session, cast: Cast) -> Prepared:
    request = rows.make_request(session, a_new_mentee(session, cast), cast.participants["mentor"])
    return {"kind": "request", "offer_id": request.id}


def a_declined_request(session: Session, cast: Cast) -> Prepared:
    return {**a_request_to_the_mentor(session, cast), "_form": {"choice": "decline", "reason": "no_time"}}


def a_request_declined_as_json(session: Session, cast: Cast) -> Prepared:
    return {**a_request_to_the_mentor(session, cast), "_json": {"choice": "decline", "reason": "no_time"}}


def a_proposal_declined_as_json(session: Session, cast: Cast) -> Prepared:
    run = rows.make_run(session, cast.cycle, cast.policy, state=RunState.PUBLISHED)
    proposal = rows.make_proposal(
        session, run, a_new_mentee(session, cast), cast.participants["mentor"], state=OfferState.OPEN
    )
    return {"offer_id": proposal.id, "_json": {"choice": "decline", "reason": "no_time"}}


def a_decision(session: Session, cast: Cast) -> Prepared:
    """In a cycle of its own: one run at a time is asked for in a cycle."""
    cycle = rows.make_cycle(session, cast.program)
    mentee, mentor = (
        rows.make_participant(session, cycle, role, cast.institution, rows.make_account(session))
        for role in ("mentee", "mentor")
    )
    run = rows.make_run(session, cycle, cast.policy, state=RunState.DRAFT)
    matching.make_draft(session, run, [(mentee, mentor)])
    decided = {"change": "pin", "mentee_id": str(mentee.id), "mentor_id": str(mentor.id)}
    return {"slug": cast.program.slug, "run_id": run.id, "_form": decided}


def a_decision_as_json(session: Session, cast: Cast) -> Prepared:
    decided = a_decision(session, cast)
    return {"slug": decided["slug"], "run_id": decided["run_id"], "_json": decided["_form"]}


def a_published_match(session: Session, cast: Cast) -> Prepared:
    cycle = rows.make_cycle(session, cast.program)
    run = rows.make_run(session, cycle, cast.policy, state=RunState.PUBLISHED)
    return {"slug": cast.program.slug, "run_id": run.id}


def a_match_published_a_moment_ago(session: Session, cast: Cast) -> Prepared:
    published = a_published_match(session, cast)
    session.add(
        OutboxMessage(
            name="MatchRunPublished", version=1, queue=Queue.MATCHER_RUNS, request_id="",
            payload={"run_id": str(published["run_id"])}, available_at=datetime.now(UTC) + timedelta(hours=1),
        )
    )  # fmt: skip
    return published


def an_open_place(session: Session, cast: Cast) -> Prepared:
    return {**a_page_of_a_draft(session, cast), "mentee_id": cast.participants["outsider"].id, "slot": 0}


def a_question(session: Session, cast: Cast) -> Prepared:
    rows.make_cycle(session, cast.program, starts_on=rows.TODAY + timedelta(days=30))
    return {"slug": cast.program.slug, "_form": {"more_places": "1"}}


def a_question_as_json(session: Session, cast: Cast) -> Prepared:
    asked = a_question(session, cast)
    return {"slug": asked["slug"], "_json": {"more_places": 1}}


def a_question_under_way(session: Session, cast: Cast) -> Prepared:
    run = rows.make_run(
        session, rows.make_cycle(session, cast.program), cast.policy, purpose=RunPurpose.WHAT_IF,
        asked={"more_places": 1},
    )  # fmt: skip
    return {"slug": cast.program.slug, "run_id": run.id}


RUNS = "/lead/{slug}/runs"
API = "/api/v1/programs/{slug}/runs"

ROWS = [
    Row("GET", RUNS, LEAD_ONLY, the_program),
    Row("GET", f"{RUNS}/new", LEAD_ONLY, the_program),
    Row("POST", f"{RUNS}/new", LEAD_CHANGES, a_wish_for_a_run),
    Row("GET", f"{RUNS}/{{run_id}}", LEAD_ONLY, a_page_of_a_draft),
    Row("GET", f"{RUNS}/{{run_id}}/progress", LEAD_ONLY, a_run_under_way),
    Row("POST", f"{RUNS}/{{run_id}}/publish", LEAD_CHANGES, a_page_of_a_draft),
    Row("POST", f"{RUNS}/{{run_id}}/discard", LEAD_CHANGES, a_run_under_way),
    Row("GET", f"{RUNS}/{{run_id}}/pairs", LEAD_ONLY, a_page_of_a_draft),
    Row("GET", f"{RUNS}/{{run_id}}/pairs/{{mentee_id}}/{{mentor_id}}", LEAD_ONLY, a_page_of_a_draft),
    Row("GET", f"{RUNS}/{{run_id}}/unmatched", LEAD_ONLY, a_page_of_a_draft),
    Row("GET", f"{RUNS}/{{run_id}}/certificate", LEAD_ONLY, a_page_of_a_draft),
    Row("GET", f"{RUNS}/{{run_id}}/equity", LEAD_ONLY, a_draft_with_an_equity_report),
    Row("POST", f"{RUNS}/{{run_id}}/revise", LEAD_CHANGES, a_decision),
    Row("POST", f"{RUNS}/{{run_id}}/additions", LEAD_CHANGES, a_published_match),
    Row("POST", f"{RUNS}/{{run_id}}/take-back", LEAD_CHANGES, a_match_published_a_moment_ago),
    Row("GET", f"{RUNS}/{{run_id}}/unmatched/{{mentee_id}}/{{slot}}", LEAD_ONLY, an_open_place),
    Row("GET", f"{RUNS}/{{run_id}}/compare", LEAD_ONLY, a_page_of_a_draft),
    Row("GET", "/lead/{slug}/what-if", LEAD_ONLY, the_program),
    Row("POST", "/lead/{slug}/what-if", LEAD_CHANGES, a_question),
    Row("GET", "/lead/{slug}/what-if/{run_id}", LEAD_ONLY, a_question_under_way),
    Row("GET", "/lead/{slug}/what-if/{run_id}/progress", LEAD_ONLY, a_question_under_way),
    Row("POST", "/lead/{slug}/what-if/{run_id}/discard", LEAD_CHANGES, a_question_under_way),
    Row("POST", "/api/v1/programs/{slug}/what-ifs", answers(404, lead=201, stranger=401), a_question_as_json),
    Row("GET", "/api/v1/programs/{slug}/what-ifs/{run_id}", LEAD_ONLY, a_question_under_way),
    Row("GET", API, LEAD_ONLY, the_program),
    Row("GET", "/api/v1/programs/{slug}/policies", LEAD_ONLY, the_program),
    Row("GET", f"{API}/{{run_id}}/equity", LEAD_ONLY, a_draft_with_an_equity_report),
    Row("POST", API, answers(404, lead=201, stranger=401), a_wish_for_a_run_as_json),
    Row("GET", f"{API}/{{run_id}}", LEAD_ONLY, a_page_of_a_draft),
    Row("GET", f"{API}/{{run_id}}/pairs", LEAD_ONLY, a_page_of_a_draft),
    Row("GET", f"{API}/{{run_id}}/unmatched", LEAD_ONLY, a_page_of_a_draft),
    Row("POST", f"{API}/{{run_id}}/publish", LEAD_ONLY, a_draft),
    Row("POST", f"{API}/{{run_id}}/discard", LEAD_ONLY, a_draft),
    Row("POST", f"{API}/{{run_id}}/take-back", LEAD_ONLY, a_match_published_a_moment_ago),
    Row("POST", f"{API}/{{run_id}}/revise", answers(404, lead=201, stranger=401), a_decision_as_json),
    Row("POST", f"{API}/{{run_id}}/additions", answers(404, lead=201, stranger=401), a_published_match),
    Row("GET", "/mentee", MENTEES),
    Row("GET", "/mentee/suggestions", MENTEES),
    Row("GET", "/mentee/ask/{mentor_id}", answers(403, mentee=404, outsider=200, stranger=401),
        a_page_about_a_suggested_mentor),
    Row("POST", "/mentee/ask/{mentor_id}", answers(403, mentee=404, outsider=303, stranger=401), a_suggested_mentor),
    Row("POST", "/mentee/choose-for-me", MENTEES_CHANGE),
    Row("POST", "/mentee/offers/{kind}/{offer_id}/withdraw", answers(404, mentee=303, stranger=401),
        a_request_of_the_mentee),
    Row("GET", "/mentor", answers(403, mentor=200, stranger=401)),
    Row("GET", "/answer/{kind}/{offer_id}", MENTOR_ONLY, a_request_to_the_mentor),
    Row("POST", "/answer/{kind}/{offer_id}", answers(404, mentor=303, stranger=401), a_declined_request),
    Row("GET", "/api/v1/me/suggestions", MENTEES),
    Row("POST", "/api/v1/me/requests", answers(403, mentee=404, outsider=201, stranger=401),
        a_suggested_mentor_as_json),
    Row("GET", "/api/v1/me/offers", answers(200, stranger=401)),
    Row("POST", "/api/v1/proposals/{offer_id}/answer", MENTOR_ONLY, a_proposal_declined_as_json),
    Row("POST", "/api/v1/requests/{offer_id}/answer", MENTOR_ONLY, a_request_declined_as_json),
]  # fmt: skip
