"""A worker whose only effect can be counted: `celery -A tests.faults.victims.worker:app worker -Q matcher`."""

from datetime import timedelta

from sqlalchemy import text

from shared.contracts.messages import ParticipantChanged
from shared.db.engine import Database, WriteSession
from shared.outbox import inbox
from shared.outbox.consumer import make_worker
from shared.settings import get_settings
from tests.faults.ambush import lie_in_wait


class PoisonError(Exception):
    """This participant's message cannot be handled."""


def note_effect(session: WriteSession, message: ParticipantChanged) -> None:
    """One more row, with no constraint that would hide a second effect."""
    participant = {"participant": message.participant_id}
    poisonous = text("SELECT 1 FROM matching.poison WHERE participant_id = :participant")
    if session.execute(poisonous, participant).first():
        raise PoisonError("nobody can digest this")
    session.execute(text("INSERT INTO matching.effect (participant_id) VALUES (:participant)"), participant)


lie_in_wait()
inbox.FIRST_DELAY = timedelta(milliseconds=10)
_settings = get_settings()
_inbox = inbox.Inbox(Database(_settings.matcher_database_url))
_inbox.on(ParticipantChanged, note_effect)
app = make_worker("victim", _settings, _inbox)
