"""Who may see dashboards, a site's page, and the front door."""

from sqlalchemy.orm import Session

from tests.factories.cast import Cast
from tests.integration.access.matrix import Prepared, Row, answers

LEAD_ONLY = answers(404, lead=200, stranger=401)


def the_program(_session: Session, cast: Cast) -> Prepared:
    return {"slug": cast.program.slug}


def the_site(_session: Session, cast: Cast) -> Prepared:
    return {"institution_id": cast.institution.id}


ROWS = [
    Row("GET", "/", answers(200)),
    Row("GET", "/programs/{slug}", answers(200), the_program),
    Row("GET", "/lead/{slug}", LEAD_ONLY, the_program),
    Row("GET", "/lead/{slug}/supply", LEAD_ONLY, the_program),
    Row("GET", "/lead/{slug}/mentors-without-bandwidth", LEAD_ONLY, the_program),
    Row("GET", "/site/{institution_id}", answers(404, coordinator=200, stranger=401), the_site),
    Row("GET", "/api/v1/programs/{slug}/dashboard", LEAD_ONLY, the_program),
]
