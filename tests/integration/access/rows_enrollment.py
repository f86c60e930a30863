"""Who may register, and whose profile, bandwidth and week anybody may see and change."""

from sqlalchemy.orm import Session

from tests.factories import rows
from tests.factories.cast import Cast
from tests.integration.access.matrix import Prepared, Row, answers

EVERYBODY = answers(200)
OPEN_TO_ALL = answers(303)
WITHOUT_A_DRAFT = answers(404)
PARTICIPANTS = answers(403, mentee=200, mentor=200, outsider=200, stranger=401)
PARTICIPANTS_CHANGE = answers(403, mentee=303, mentor=303, outsider=303, stranger=401)
MENTORS = answers(403, mentor=200, stranger=401)
OWN = answers(404, mentor=200, stranger=401)
OWN_CHANGE = answers(404, mentor=303, stranger=401)
SIGNED_IN = answers(200, stranger=401)


def the_program(_session: Session, cast: Cast) -> Prepared:
    return {"slug": cast.program.slug, "_form": {"role": "mentee"}}


def the_first_step(_session: Session, _cast: Cast) -> Prepared:
    return {"number": 1}


def a_start(_session: Session, cast: Cast) -> Prepared:
    return {"_json": {"program": cast.program.slug}}


def who(_session: Session, _cast: Cast) -> Prepared:
    return {"_json": {"role": "mentee", "name": "Robin", "email": "robin@example.org", "stage": "m1"}}


def place(_session: Session, cast: Cast) -> Prepared:
    return {"_json": {"institution_id": str(cast.institution.id)}}


def empty(_session: Session, _cast: Cast) -> Prepared:
    return {"_json": {}}


def of_the_mentor(_session: Session, cast: Cast) -> Prepared:
    return {"participant_id": cast.participants["mentor"].id}


def stage_of_the_mentor(_session: Session, cast: Cast) -> Prepared:
    return {"participant_id": cast.participants["mentor"].id, "key": "who", "_form": {"stage": "fellow"}}


PERIOD = {
    "occasion": "rotation",
    "starts_on": "2027-01-04",
    "ends_on": "2027-02-14",
    "hours_per_month": "4",
    "mentee_slots": "2",
}


def a_new_period(_session: Session, cast: Cast) -> Prepared:
    return {"participant_id": cast.participants["mentor"].id, "_form": PERIOD}


def a_new_period_as_json(_session: Session, cast: Cast) -> Prepared:
    return {"participant_id": cast.participants["mentor"].id, "_json": PERIOD}


def a_period(session: Session, cast: Cast) -> Prepared:
    mentor = cast.participants["mentor"]
    return {"period_id": rows.make_bandwidth(session, mentor, cast.cycle).id, "_form": PERIOD}


def a_period_as_json(session: Session, cast: Cast) -> Prepared:
    return {"period_id": a_period(session, cast)["period_id"], "_json": PERIOD}


def the_least(_session: Session, cast: Cast) -> Prepared:
    return {"participant_id": cast.participants["mentor"].id, "_form": {"min_mentees": "1"}}


def the_least_as_json(_session: Session, cast: Cast) -> Prepared:
    return {"participant_id": cast.participants["mentor"].id, "_json": {"min_mentees": 1}}


def a_week(_session: Session, _cast: Cast) -> Prepared:
    return {"_form": {"time_zone": "America/Chicago", "hours": ["1-18", "1-19"]}}


def a_week_as_json(_session: Session, _cast: Cast) -> Prepared:
    return {"_json": {"time_zone": "America/Chicago", "hours": ["1-18"]}}


BANDWIDTH = "/mentor/bandwidth/{participant_id}"
PERIODS = "/mentor/bandwidth/periods/{period_id}"
API = "/api/v1/me/bandwidth"

ROWS = [
    Row("GET", "/privacy", EVERYBODY),
    Row("GET", "/register/again", answers(303, stranger=401)),
    Row("POST", "/register/again", answers(303, stranger=401)),
    Row("GET", "/register/{slug}", EVERYBODY, the_program),
    Row("POST", "/register/{slug}", OPEN_TO_ALL, the_program),
    # Steps belong to the browser that carries the registration's token.
    Row("GET", "/register/step/{number}", WITHOUT_A_DRAFT, the_first_step),
    Row("POST", "/register/step/{number}", WITHOUT_A_DRAFT, the_first_step),
    Row("GET", "/api/v1/programs", EVERYBODY),
    Row("GET", "/api/v1/programs/{slug}", EVERYBODY, the_program),
    Row("GET", "/api/v1/institutions", EVERYBODY),
    Row("POST", "/api/v1/registrations", answers(201), a_start),
    Row("GET", "/api/v1/registrations/current", WITHOUT_A_DRAFT),
    Row("PUT", "/api/v1/registrations/current/who", WITHOUT_A_DRAFT, who),
    Row("PUT", "/api/v1/registrations/current/place", WITHOUT_A_DRAFT, place),
    Row("PUT", "/api/v1/registrations/current/want", WITHOUT_A_DRAFT, empty),
    Row("PUT", "/api/v1/registrations/current/matters", WITHOUT_A_DRAFT, empty),
    Row("PUT", "/api/v1/registrations/current/meeting", WITHOUT_A_DRAFT, empty),
    Row("POST", "/api/v1/registrations/current/submission", WITHOUT_A_DRAFT, empty),
    Row("GET", "/profile", answers(200, mentee=303, mentor=303, outsider=303, stranger=401)),
    Row("GET", "/profile/{participant_id}", OWN, of_the_mentor),
    Row("GET", "/profile/{participant_id}/{key}", OWN, stage_of_the_mentor),
    Row("POST", "/profile/{participant_id}/{key}", OWN_CHANGE, stage_of_the_mentor),
    Row("GET", "/mentor/bandwidth", MENTORS),
    Row("GET", BANDWIDTH, OWN, of_the_mentor),
    Row("POST", f"{BANDWIDTH}/periods", OWN_CHANGE, a_new_period),
    Row("GET", PERIODS, OWN, a_period),
    Row("POST", PERIODS, OWN_CHANGE, a_period),
    Row("POST", f"{PERIODS}/removal", OWN_CHANGE, a_period),
    Row("POST", f"{BANDWIDTH}/least", OWN_CHANGE, the_least),
    Row("POST", f"{BANDWIDTH}/pause", OWN_CHANGE, of_the_mentor),
    Row("POST", f"{BANDWIDTH}/return", OWN_CHANGE, of_the_mentor),
    Row("GET", "/availability", PARTICIPANTS),
    Row("POST", "/availability", PARTICIPANTS_CHANGE, a_week),
    Row("GET", API, SIGNED_IN),
    Row("POST", f"{API}/{{participant_id}}/periods", answers(404, mentor=201, stranger=401), a_new_period_as_json),
    Row("PUT", f"{API}/periods/{{period_id}}", OWN, a_period_as_json),
    Row("DELETE", f"{API}/periods/{{period_id}}", answers(404, mentor=204, stranger=401), a_period_as_json),
    Row("PUT", f"{API}/{{participant_id}}/least", OWN, the_least_as_json),
    Row("POST", f"{API}/{{participant_id}}/pause", OWN, of_the_mentor),
    Row("POST", f"{API}/{{participant_id}}/return", OWN, of_the_mentor),
    Row("GET", "/api/v1/me/availability", PARTICIPANTS),
    Row("PUT", "/api/v1/me/availability", PARTICIPANTS, a_week_as_json),
]
