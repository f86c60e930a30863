"""The audit trail: one line for each act that somebody may ask about later, in the transaction of the act."""

from typing import Any
from uuid import UUID

from services.api.visitor import Visitor
from shared.db.engine import WriteSession
from shared.models.oversight import AuditEvent


def record(  # noqa: PLR0913, PLR0917 — one flat line, as the trail has it
    session: WriteSession,
    visitor: Visitor,
    action: str,
    object_type: str,
    object_id: UUID | None,
    program_id: UUID | None = None,
    **detail: Any,
) -> None:
    """Note that this visitor did `action` (a past-tense word) to an object.

    `detail` holds counts, states and ids: never a name, an address or what somebody wrote.
    """
    session.add(
        AuditEvent(
            actor_id=visitor.account_id,
            actor_role=visitor.acts_as(program_id),
            program_id=program_id,
            action=action,
            object_type=object_type,
            object_id=object_id,
            detail=detail,
        )
    )
