"""Who may see a program's dashboard: its leads. Who may see a site's: that site's coordinators."""

from uuid import UUID

from services.api.policies import ALLOW, Decision, hidden
from services.api.visitor import Visitor
from shared.models.programs import Program


def may_see_dashboard(visitor: Visitor, program: Program | None) -> Decision:
    if program is None:
        return hidden("no such program")
    return ALLOW if visitor.leads(program.id) else hidden("not a lead of this program")


def may_see_site(visitor: Visitor, institution_id: UUID) -> Decision:
    return ALLOW if visitor.coordinates(institution_id) else hidden("not a coordinator of this site")
