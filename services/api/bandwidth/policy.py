"""May this visitor see and change this bandwidth, this week?"""

from uuid import UUID

from services.api.policies import ALLOW, Decision, deny, hidden
from services.api.visitor import Visitor
from services.api.web.translations import gettext as _


def may_state_bandwidth(visitor: Visitor, participant_id: UUID) -> Decision:
    """Bandwidth is the mentor's own word; nobody states it for them."""
    mine = {one.participant_id for one in visitor.participates("mentor")}
    return ALLOW if participant_id in mine else hidden("not their own bandwidth")


def may_see_bandwidth_page(visitor: Visitor) -> Decision:
    if visitor.participates("mentor"):
        return ALLOW
    return deny(_("Only mentors have bandwidth. You can join a program as a mentor."))


def may_state_availability(visitor: Visitor) -> Decision:
    if visitor.participations:
        return ALLOW
    return deny(_("Your week is asked once you have joined a program."))
