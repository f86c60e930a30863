"""The lines of the audit trail that are about oneself."""

from dataclasses import dataclass
from datetime import datetime

from services.api.accounts import queries
from services.api.oversight.wording import action_label, role_label
from services.api.visitor import Visitor
from shared.db.engine import ReadSession


@dataclass(frozen=True)
class HistoryLine:
    at: datetime
    action: str
    by: str
    is_own: bool


def lines_about(session: ReadSession, visitor: Visitor) -> list[HistoryLine]:
    """What was done to this visitor's account and participations, newest first; by which role, never by whom."""
    own = [visitor.account_id, *(one.participant_id for one in visitor.participations)]
    events = queries.audit_events_about(session, [one for one in own if one])
    return [
        HistoryLine(one.at, action_label(one.action), role_label(one.actor_role), one.actor_id == visitor.account_id)
        for one in events
    ]
