"""Who may learn from outcomes and decide on models: the program's leads."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared.models.learning import ModelState, OutcomeModel
from tests.factories import learning
from tests.factories.cast import Cast
from tests.integration.access.matrix import Prepared, Row, answers

LEAD_ONLY = answers(404, lead=200, stranger=401)
LEAD_CHANGES = answers(404, lead=303, stranger=401)
REASON = {"reason": "The cards of three cycles agree."}


def the_program(_session: Session, cast: Cast) -> Prepared:
    return {"slug": cast.program.slug}


def nothing_being_learned(session: Session, cast: Cast) -> Prepared:
    """Each role asks anew: what the one before asked for is answered by now."""
    for model in session.scalars(select(OutcomeModel).filter_by(state=ModelState.REQUESTED)):
        model.state = ModelState.FAILED
    return the_program(session, cast)


def a_model(session: Session, cast: Cast) -> Prepared:
    version = (session.scalar(select(func.max(OutcomeModel.version))) or 0) + 1
    model = learning.make_model(session, cast.policy, version)
    return {"slug": cast.program.slug, "model_id": model.id, "_form": REASON}


def a_model_as_json(session: Session, cast: Cast) -> Prepared:
    asked = a_model(session, cast)
    return {"slug": asked["slug"], "model_id": asked["model_id"], "_json": REASON}


def a_setting(_session: Session, cast: Cast) -> Prepared:
    return {"slug": cast.program.slug, "_form": {"epsilon": "0.01", "draws": "20"}}


def a_setting_as_json(_session: Session, cast: Cast) -> Prepared:
    return {"slug": cast.program.slug, "_json": {"epsilon": 0.02, "draws": 10}}


PAGE = "/lead/{slug}/learning"
API = "/api/v1/programs/{slug}/models"

ROWS = [
    Row("GET", PAGE, LEAD_ONLY, the_program),
    Row("POST", PAGE, LEAD_CHANGES, nothing_being_learned),
    Row("GET", f"{PAGE}/{{model_id}}", LEAD_ONLY, a_model),
    Row("GET", f"{PAGE}/{{model_id}}/progress", LEAD_ONLY, a_model),
    Row("POST", f"{PAGE}/{{model_id}}/adopt", LEAD_CHANGES, a_model),
    Row("POST", f"{PAGE}/{{model_id}}/refuse", LEAD_CHANGES, a_model),
    Row("GET", f"{PAGE}/exploration", LEAD_ONLY, the_program),
    Row("POST", f"{PAGE}/exploration", LEAD_CHANGES, a_setting),
    Row("GET", "/api/v1/programs/{slug}/exploration", LEAD_ONLY, the_program),
    Row("PUT", "/api/v1/programs/{slug}/exploration", LEAD_ONLY, a_setting_as_json),
    Row("GET", f"{PAGE}/comments", LEAD_ONLY, the_program),
    Row("GET", "/api/v1/programs/{slug}/survey-comments", LEAD_ONLY, the_program),
    Row("GET", API, LEAD_ONLY, the_program),
    Row("POST", API, answers(404, lead=201, stranger=401), nothing_being_learned),
    Row("GET", f"{API}/{{model_id}}", LEAD_ONLY, a_model),
    Row("POST", f"{API}/{{model_id}}/adopt", LEAD_ONLY, a_model_as_json),
    Row("POST", f"{API}/{{model_id}}/refuse", LEAD_ONLY, a_model_as_json),
]
