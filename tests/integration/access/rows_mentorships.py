"""Who may see a mentorship and act in it: the two, whatever roles others hold."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from shared.models.mentorships import Meeting, SurveyResponse
from tests.factories import rows
from tests.factories.cast import Cast
from tests.integration.access.matrix import Prepared, Row, answers

THE_TWO = answers(404, mentee=200, mentor=200, stranger=401)
THE_TWO_CHANGE = answers(404, mentee=303, mentor=303, stranger=401)
THE_TWO_DONE = answers(404, mentee=204, mentor=204, stranger=401)
NOW = datetime.now(UTC)


def the_pair(_session: Session, cast: Cast) -> Prepared:
    return {"mentorship_id": cast.mentorship.id}


def a_meeting(session: Session, cast: Cast, starts_at: datetime) -> Prepared:
    where = {"program_id": cast.program.id, "mentorship_id": cast.mentorship.id}
    meeting = rows.save(session, Meeting(**where, starts_at=starts_at))
    return {"mentorship_id": cast.mentorship.id, "meeting_id": meeting.id}


def a_meeting_ahead(session: Session, cast: Cast) -> Prepared:
    return a_meeting(session, cast, NOW + timedelta(days=200))


def a_meeting_of_yesterday(session: Session, cast: Cast) -> Prepared:
    return a_meeting(session, cast, NOW - timedelta(days=1))


def a_time_to_meet(session: Session, cast: Cast) -> Prepared:
    number = session.query(Meeting).count()
    starts_at = NOW.replace(microsecond=0) + timedelta(days=3 + number)
    return {"mentorship_id": cast.mentorship.id, "_form": {"starts_at": starts_at.isoformat()}}


def a_time_to_meet_as_json(session: Session, cast: Cast) -> Prepared:
    """Each role tries another day: two meetings at once would be refused."""
    asked = a_time_to_meet(session, cast)
    a_meeting(session, cast, NOW - timedelta(days=100))
    return {"mentorship_id": asked["mentorship_id"], "_json": asked["_form"]}


def another_pair_of_the_two(session: Session, cast: Cast) -> Prepared:
    """An active mentorship in a cycle of its own, to be closed by whoever may."""
    cycle = rows.make_cycle(session, cast.program)
    two = [
        rows.make_participant(session, cycle, role, cast.institution, cast.accounts[role])
        for role in ("mentee", "mentor")
    ]
    return {"mentorship_id": rows.make_mentorship(session, *two).id, "_form": {"reason": "no_time"}}


def another_pair_as_json(session: Session, cast: Cast) -> Prepared:
    asked = another_pair_of_the_two(session, cast)
    return {"mentorship_id": asked["mentorship_id"], "_json": asked["_form"]}


def a_survey(session: Session, cast: Cast) -> Prepared:
    """Each role is asked in week eight of a pair of its own."""
    asked = another_pair_of_the_two(session, cast)
    for side in ("mentee", "mentor"):
        where = {"program_id": cast.program.id, "mentorship_id": asked["mentorship_id"]}
        rows.save(session, SurveyResponse(**where, side=side))
    return {"mentorship_id": asked["mentorship_id"], "_form": {"satisfaction": "4"}}


def a_survey_as_json(session: Session, cast: Cast) -> Prepared:
    return {"mentorship_id": a_survey(session, cast)["mentorship_id"], "_json": {"satisfaction": 4}}


PAGE = "/mentorships/{mentorship_id}"
API = "/api/v1/mentorships/{mentorship_id}"

ROWS = [
    Row("GET", "/mentorships", answers(200, stranger=401)),
    Row("GET", PAGE, THE_TWO, the_pair),
    Row("POST", f"{PAGE}/meetings", THE_TWO_CHANGE, a_time_to_meet),
    Row("POST", f"{PAGE}/meetings/{{meeting_id}}/cancel", THE_TWO_CHANGE, a_meeting_ahead),
    Row("POST", f"{PAGE}/meetings/{{meeting_id}}/held", THE_TWO_CHANGE, a_meeting_of_yesterday),
    Row("POST", f"{PAGE}/close", THE_TWO_CHANGE, another_pair_of_the_two),
    Row("POST", f"{PAGE}/survey", THE_TWO_CHANGE, a_survey),
    Row("POST", f"{API}/survey", THE_TWO_DONE, a_survey_as_json),
    Row("GET", API, THE_TWO, the_pair),
    Row("POST", f"{API}/meetings", answers(404, mentee=201, mentor=201, stranger=401), a_time_to_meet_as_json),
    Row("POST", f"{API}/meetings/{{meeting_id}}/cancel", THE_TWO_DONE, a_meeting_ahead),
    Row("POST", f"{API}/meetings/{{meeting_id}}/held", THE_TWO_DONE, a_meeting_of_yesterday),
    Row("POST", f"{API}/close", THE_TWO_DONE, another_pair_as_json),
]
