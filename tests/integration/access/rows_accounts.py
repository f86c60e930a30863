"""Who may do what with accounts, log-ins and the platform's own pages."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from shared.models.accounts import LoginSession
from shared.security.tokens import hash_token, new_token
from shared.security.unsubscribe_links import Unwanted, unsubscribe_token
from shared.settings import DEVELOPMENT_SECRET
from tests.factories import rows
from tests.factories.cast import Cast
from tests.integration.access.matrix import Prepared, Row, answers

EVERYBODY = answers(200)
SIGNED_IN = answers(200, stranger=401)
CHANGES = answers(303, stranger=401)
OWN_ONLY_PAGE = answers(404, mentee=303, stranger=401)
OWN_ONLY_API = answers(404, mentee=204, stranger=401)


def a_log_in_of_the_mentee(session: Session, cast: Cast) -> Prepared:
    now = datetime.now(UTC)
    login = LoginSession(
        account_id=cast.accounts["mentee"].id,
        token_hash=hash_token(new_token()),
        seen_at=now,
        expires_at=now + timedelta(days=1),
    )
    return {"session_id": rows.save(session, login).id}


def an_unsubscribe_link_of_the_mentee(_session: Session, cast: Cast) -> Prepared:
    unwanted = Unwanted(cast.accounts["mentee"].id, "proposal_to_mentee")
    return {"token": unsubscribe_token(DEVELOPMENT_SECRET, unwanted)}


def an_unknown_link(_session: Session, _cast: Cast) -> Prepared:
    return {"token": "unknown"}


def a_person(_session: Session, _cast: Cast) -> Prepared:
    return {"_form": {"name": "Robin", "language": "en", "time_zone": "America/Chicago"}}


def a_change(_session: Session, _cast: Cast) -> Prepared:
    return {"_json": {"pronouns": "they/them"}}


def a_template(_session: Session, _cast: Cast) -> Prepared:
    return {"template": "meeting_scheduled"}


def somebody_outside_the_cast(_session: Session, cast: Cast) -> Prepared:
    return {"account_id": cast.accounts["mentee"].id}


def an_address(_session: Session, _cast: Cast) -> Prepared:
    return {"_form": {"email": f"{new_token()}@example.org"}}


def a_code(_session: Session, _cast: Cast) -> Prepared:
    return {"_form": {"code": "000000"}}


ROWS = [
    Row("GET", "/healthz", EVERYBODY),
    Row("GET", "/readyz", EVERYBODY),
    Row("GET", "/metrics", EVERYBODY),
    Row("POST", "/csp-reports", answers(204)),
    Row("GET", "/operations", answers(404, operator=200, stranger=401)),
    Row("GET", "/login", answers(303, stranger=200)),
    Row("POST", "/login", answers(303), an_address),
    # Without a challenge of this browser's own, these begin at the log-in.
    Row("GET", "/login/sent", answers(401)),
    Row("POST", "/login/again", answers(401)),
    Row("POST", "/login/code", answers(401), a_code),
    Row("GET", "/login/link/{token}", EVERYBODY, an_unknown_link),
    Row("POST", "/login/link/{token}", answers(409), an_unknown_link),
    Row("POST", "/logout", answers(303)),
    Row("GET", "/home", answers(303, stranger=401)),
    Row("GET", "/settings", SIGNED_IN),
    Row("POST", "/settings", CHANGES, a_person),
    Row("POST", "/settings/sessions/others/revoke", CHANGES),
    Row("POST", "/settings/sessions/{session_id}/revoke", OWN_ONLY_PAGE, a_log_in_of_the_mentee),
    Row("POST", "/settings/mails/{template}/wanted", CHANGES, a_template),
    Row("GET", "/settings/history", SIGNED_IN),
    Row("GET", "/unsubscribe/{token}", EVERYBODY, an_unsubscribe_link_of_the_mentee),
    Row("POST", "/unsubscribe/{token}", EVERYBODY, an_unsubscribe_link_of_the_mentee),
    Row("GET", "/demo", EVERYBODY),
    Row("POST", "/demo/login/{account_id}", answers(404), somebody_outside_the_cast),
    Row("GET", "/api/v1/me", SIGNED_IN),
    Row("PATCH", "/api/v1/me", SIGNED_IN, a_change),
    Row("GET", "/api/v1/me/sessions", SIGNED_IN),
    Row("DELETE", "/api/v1/me/sessions/{session_id}", OWN_ONLY_API, a_log_in_of_the_mentee),
]
