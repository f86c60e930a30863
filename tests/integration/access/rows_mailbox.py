"""The demo's mailbox is open to everybody; it exists in the demo alone."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from tests.factories.cast import Cast
from tests.integration.access.matrix import Row, answers


def a_mail_nobody_wrote(_session: Session, _cast: Cast) -> Mapping[str, Any]:
    return {"mail_id": uuid4()}


ROWS = [
    Row("GET", "/demo/mail", answers(200)),
    Row("GET", "/demo/mail/{mail_id}", answers(404), a_mail_nobody_wrote),
    Row("GET", "/demo/mail/{mail_id}/html", answers(404), a_mail_nobody_wrote),
    Row("GET", "/demo/mail/{mail_id}/invite.ics", answers(404), a_mail_nobody_wrote),
]
