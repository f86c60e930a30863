"""All SQL of the notifier: its own mails, and the views that say whom to write to and what happened."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from services.notifier.messages import PlannedMail
from services.notifier.schedule import LEASE
from shared.db.engine import ReadSession, WriteSession
from shared.models.base import Json
from shared.models.notification import Mail, MailState, Unsubscription

VIEWS = {
    "account_contact": "account_id",
    "participant_contact": "participant_id",
    "challenge_mail": "challenge_id",
    "proposal_card": "proposal_id",
    "request_card": "request_id",
    "mentorship_card": "mentorship_id",
    "meeting_card": "meeting_id",
    "survey_card": "survey_id",
}


def read_view(session: ReadSession, view: str, key: UUID) -> Json | None:
    """The row of a view, or None if it is gone."""
    statement = text(f"SELECT * FROM notification.{view} WHERE {VIEWS[view]} = :key")  # noqa: S608 — names from VIEWS
    row = session.execute(statement, {"key": key}).mappings().one_or_none()
    return None if row is None else dict(row)


def add_mail(session: WriteSession, event_id: UUID, planned: PlannedMail, message_id: str) -> UUID | None:
    """Queue a mail unless this event already has it; its id, or None."""
    statement = insert(Mail).values(
        event_id=event_id,
        template=planned.template,
        recipient_id=planned.recipient_id,
        subject_ids=planned.about,
        message_id=message_id,
    )
    return session.scalar(statement.on_conflict_do_nothing().returning(Mail.id))


def claim_mail(session: WriteSession, mail_id: UUID) -> Mail | None:
    """1. queued (or abandoned in flight) → inflight, for as long as the lease lasts. None: nothing to do now."""
    abandoned = (Mail.state == MailState.INFLIGHT) & (Mail.due_at < func.now())
    statement = (
        update(Mail)
        .where(Mail.id == mail_id, or_(Mail.state == MailState.QUEUED, abandoned))
        .values(state=MailState.INFLIGHT, attempts=Mail.attempts + 1, due_at=func.now() + LEASE)
        .returning(Mail)
    )
    return session.scalar(statement)


def mail_is_in_flight(session: ReadSession, mail_id: UUID) -> bool:
    return session.scalar(select(Mail.state).where(Mail.id == mail_id)) == MailState.INFLIGHT


def end_mail(session: WriteSession, mail_id: UUID, state: MailState, reason: str | None = None) -> None:
    """2. inflight → sent, bounced, dead or unwanted."""
    values: dict[str, Any] = {"state": state, "last_error": reason}
    if state is MailState.SENT:
        values["sent_at"] = func.now()
    _from_inflight(session, mail_id, values)


def postpone_mail(session: WriteSession, mail_id: UUID, due_at: datetime, reason: str) -> None:
    """3. inflight → queued again, due later."""
    _from_inflight(session, mail_id, {"state": MailState.QUEUED, "due_at": due_at, "last_error": reason})


def _from_inflight(session: WriteSession, mail_id: UUID, values: dict[str, Any]) -> None:
    session.execute(update(Mail).where(Mail.id == mail_id, Mail.state == MailState.INFLIGHT).values(**values))


def is_unwanted(session: ReadSession, mail: Mail) -> bool:
    return session.get(Unsubscription, (mail.recipient_id, mail.template)) is not None


def forget_challenge_secret(session: WriteSession, challenge_id: UUID) -> None:
    session.execute(select(func.notification.forget_challenge_secret(challenge_id)))
