"""May this person register here, and whose profile may they change?"""

from datetime import date
from uuid import UUID

from services.api.policies import ALLOW, Decision, deny, hidden
from services.api.visitor import Visitor
from services.api.web.translations import gettext as _
from shared.models.programs import Cycle


def may_register(cycle: Cycle | None, today: date) -> Decision:
    """Anybody may, while a cycle takes registrations. What somebody is never plays a part."""
    if cycle is None or today > cycle.ends_on:
        return deny(_("This program takes no registrations at the moment."))
    if today < cycle.opens_on:
        return deny(_("Registration for this program has not opened yet."))
    return ALLOW


def may_edit_profile(visitor: Visitor, participant_id: UUID) -> Decision:
    """A profile belongs to the person it tells of; nobody else may know it is there."""
    return ALLOW if visitor.owns(participant_id) else hidden("not their own profile")
