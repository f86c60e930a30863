"""The cast with something to see on each of their pages, and the addresses of those pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from services.api.cookies import REGISTRATION
from services.api.enrollment import drafts
from services.api.enrollment.schemas import Answers, Matters, Meeting, Place, Want, Who
from shared.contracts.model_card import Verdict
from shared.db.engine import WriteSession
from shared.models.bandwidth import BandwidthPeriod
from shared.models.enrollment import Participant
from shared.models.learning import ModelState
from shared.models.matching import MatchRun, RunState
from shared.models.mentorships import SurveyResponse
from shared.security.keyring import Keyring
from shared.security.unsubscribe_links import Unwanted, unsubscribe_token
from shared.settings import DEVELOPMENT_KEYS, DEVELOPMENT_SECRET
from tests.factories import learning, matching, meetings, rows
from tests.factories.cast import Cast, make_cast

LONG_NAME = "Maximiliane Konstantinopoulou-Featherstonehaugh y Echeverría"


@dataclass(frozen=True)
class World:
    """`pages` and `cookies` (beside the log-in) by the part somebody plays."""

    cast: Cast
    pages: Mapping[str, list[str]]
    cookies: Mapping[str, Mapping[str, str]]


def build_world(session: WriteSession) -> World:
    cast = make_cast(session)
    draft, failed = _make_runs(session, cast)
    offer = _give_mentor_an_offer(session, cast)
    suggested = _suggest_mentors(session, cast)
    meetings.make_meeting(session, cast.mentorship)
    ask_how_it_goes(session, cast)
    rows.make_bandwidth(session, cast.participants["mentor"], cast.cycle, occasion="rotation", hours_per_month=4)
    pages = {
        "stranger": _pages_for_everybody(cast),
        "registering": [f"/register/{cast.program.slug}", *(f"/register/step/{number}" for number in range(1, 7))],
        "mentee": [*_pages_of_all(cast, "mentee"), "/mentee", "/mentorships", f"/mentorships/{cast.mentorship.id}"],
        "outsider": ["/mentee", f"/mentee/ask/{suggested.id}", "/register/again"],
        "mentor": [*_pages_of_all(cast, "mentor"), *_pages_of_the_mentor(session, cast), f"/answer/request/{offer}"],
        "coordinator": ["/home", f"/site/{cast.institution.id}"],
        "lead": [*_pages_of_the_lead(cast, draft, failed), *_pages_of_the_workbench(session, cast, draft),
                 *_pages_of_learning(session, cast)],
        "operator": ["/home", "/operations"],
    }
    token = _begin_registration(session, cast).token
    _register_again(session, cast)
    return World(cast, pages, {"registering": {REGISTRATION: token}})


def ask_how_it_goes(session: Session, cast: Cast) -> None:
    """The survey of week eight, open on both their pages."""
    pair = cast.mentorship
    for side in ("mentee", "mentor"):
        rows.save(session, SurveyResponse(program_id=pair.program_id, mentorship_id=pair.id, side=side))


def _pages_for_everybody(cast: Cast) -> list[str]:
    unwanted = Unwanted(cast.accounts["mentee"].id, "proposal_to_mentee")
    return [
        "/", f"/programs/{cast.program.slug}", f"/register/{cast.program.slug}", "/privacy", "/login",
        "/login/link/unknown", "/demo", "/demo/mail", "/nowhere",
        f"/unsubscribe/{unsubscribe_token(DEVELOPMENT_SECRET, unwanted)}",
    ]  # fmt: skip


def _pages_of_all(cast: Cast, part: str) -> list[str]:
    return [f"/profile/{cast.participants[part].id}", "/availability", "/settings", "/settings/history"]


def _pages_of_the_mentor(session: Session, cast: Cast) -> list[str]:
    me = cast.participants["mentor"]
    period = session.query(BandwidthPeriod).filter_by(participant_id=me.id).first()
    assert period is not None
    steps = [f"/profile/{me.id}/{key}" for key in ("who", "want", "matters", "meeting")]
    return [*steps, "/mentor", f"/mentor/bandwidth/{me.id}", f"/mentor/bandwidth/periods/{period.id}",
            f"/mentorships/{cast.mentorship.id}"]  # fmt: skip


def _pages_of_the_lead(cast: Cast, draft: MatchRun, failed: MatchRun) -> list[str]:
    lead, other = f"/lead/{cast.program.slug}", cast.participants["outsider"]
    run, mentor = f"{lead}/runs/{draft.id}", cast.participants["mentor"]
    return ["/home", lead, f"{lead}/supply", f"{lead}/mentors-without-bandwidth", f"{lead}/runs",
            f"{lead}/runs/new", run, f"{run}/pairs", f"{run}/pairs/{other.id}/{mentor.id}", f"{run}/unmatched",
            f"{run}/equity", f"{lead}/runs/{failed.id}"]  # fmt: skip


def _pages_of_learning(session: Session, cast: Cast) -> list[str]:
    """A model to be decided on, one that found no signal, one of too few pairs, and one being learned."""
    verdicts = (Verdict.FITTED_IS_BETTER, Verdict.NO_SIGNAL, Verdict.TOO_FEW)
    told = [learning.make_model(session, cast.policy, n, told=learning.card(v)) for n, v in enumerate(verdicts, 1)]
    told.append(learning.make_model(session, cast.policy, 4, ModelState.REQUESTED))
    _write_comments(session, cast)
    url = f"/lead/{cast.program.slug}/learning"
    return [url, f"{url}/exploration", f"{url}/comments", f"{url}/comments?side=mentor",
            *(f"{url}/{model.id}" for model in told)]  # fmt: skip


def _write_comments(session: Session, cast: Cast) -> None:
    """Two mentees of one mentor wrote in the survey, one of them at length; leads may read both."""
    for number, comment in enumerate(("We laughed.", f"Write to me@example.org. {LONG_NAME * 12}\n\nAnd {LONG_NAME}.")):
        mentee = _newcomer(session, cast, "mentee", f"Writer {number}")
        pair = rows.make_mentorship(session, mentee, cast.participants["mentor"])
        told = {"satisfaction": 4, "answered_at": pair.started_at, "told_at": pair.started_at}
        rows.save(session, SurveyResponse(program_id=pair.program_id, mentorship_id=pair.id, side="mentee",
                                          comment=comment, **told))  # fmt: skip


def _pages_of_the_workbench(session: Session, cast: Cast, draft: MatchRun) -> list[str]:
    """A draft revised with two decisions, a published match, and a question with its answer."""
    lead, mentor = f"/lead/{cast.program.slug}", cast.participants["mentor"]
    waiting = _newcomer(session, cast, "mentee", f"Ann {LONG_NAME}")
    revised = rows.make_run(session, cast.cycle, cast.policy, state=RunState.DRAFT, base_run_id=draft.id)
    matching.make_draft(session, revised, [(waiting, mentor)])
    matching.make_unmatched(session, revised, cast.participants["outsider"])
    matching.make_rule(session, revised, waiting, mentor, "pin")
    matching.make_rule(session, revised, cast.participants["outsider"], mentor, "forbid")
    published = rows.make_run(
        session, cast.cycle, cast.policy, state=RunState.PUBLISHED, published_at=datetime.now(UTC),
        notices_at=datetime.now(UTC) + timedelta(hours=1),
    )  # fmt: skip
    matching.make_draft(session, published, [])
    question, run = matching.make_answered_question(session, cast.cycle, cast.policy), f"{lead}/runs/{revised.id}"
    return [run, f"{run}/compare?with={draft.id}", f"{run}/unmatched/{cast.participants['outsider'].id}/0?mentor=a",
            f"{run}/pairs/{waiting.id}/{mentor.id}?mentor=a", f"{lead}/runs/{published.id}", f"{lead}/what-if",
            f"{lead}/what-if/{question.id}"]  # fmt: skip


def _newcomer(session: Session, cast: Cast, role: str, name: str) -> Participant:
    return rows.make_participant(session, cast.cycle, role, cast.institution, rows.make_account(session, name=name))


def _make_runs(session: Session, cast: Cast) -> tuple[MatchRun, MatchRun]:
    draft = rows.make_run(session, cast.cycle, cast.policy, state=RunState.DRAFT)
    matching.make_draft(session, draft, [(cast.participants["outsider"], cast.participants["mentor"])])
    matching.make_unmatched(session, draft, _newcomer(session, cast, "mentee", LONG_NAME))
    matching.make_equity_report(session, draft)
    return draft, rows.make_run(session, cast.cycle, cast.policy, state=RunState.FAILED)


def _give_mentor_an_offer(session: Session, cast: Cast) -> object:
    asking = _newcomer(session, cast, "mentee", f"Dr. {LONG_NAME}")
    return rows.make_request(session, asking, cast.participants["mentor"], message="May I ask you for an hour?").id


def _suggest_mentors(session: Session, cast: Cast) -> Participant:
    mentors = [_newcomer(session, cast, "mentor", name) for name in (f"Prof. {LONG_NAME}", "Dr. Ruth Adeyemi")]
    matching.make_suggestions(session, cast.participants["outsider"], mentors)
    return mentors[0]


def _register_again(session: WriteSession, cast: Cast) -> None:
    """The outsider, a mentee already, has answered everything anew."""
    started = _begin_registration(session, cast, cast.accounts["outsider"].email)
    started.registration.state = "submitted"


def _begin_registration(session: WriteSession, cast: Cast, email: str = "") -> drafts.Started:
    """A registration with every step answered, to be reviewed."""
    answers = Answers(
        who=Who(role="both", name="Noor Haddad", email=email or f"{uuid4().hex}@example.org", stage="pgy2"),
        place=Place(institution_id=cast.institution.id),
        want=Want(wish="Away rotations.", offer="Ultrasound.", specialties=["emergency_medicine"]),
        matters=Matters(),
        meeting=Meeting(hours=["1-18", "1-19"], hours_per_month=4, mentee_slots=1),
    )
    now, keyring = datetime.now(UTC) - timedelta(minutes=5), Keyring.parse(DEVELOPMENT_KEYS)
    started = drafts.start(session, keyring, cast.cycle.id, answers, now)
    drafts.save_step(started.registration, keyring, answers, 5)
    return started
