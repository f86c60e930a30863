"""Who may see suggestions and ask: mentees, for themselves."""

from uuid import UUID

from services.api.policies import ALLOW, Decision, deny
from services.api.visitor import Visitor
from services.api.web.translations import gettext as _
from shared.vocabulary.mentoring import Role


def is_mentee(visitor: Visitor) -> Decision:
    return ALLOW if visitor.participates(Role.MENTEE) else deny(_("This page is for mentees."))


def may_ask_as(visitor: Visitor, mentee_id: UUID) -> Decision:
    """Only somebody who takes part right now asks mentors."""
    mine = [one for one in visitor.participates(Role.MENTEE) if one.participant_id == mentee_id]
    if not mine:
        return deny(_("This page is for mentees."))
    return ALLOW if mine[0].state == "active" else deny(_("You are taking a break; come back first, then ask."))
