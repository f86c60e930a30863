"""Who may learn from a program's outcomes, and decide on what was learned: its leads."""

from services.api.policies import ALLOW, Decision, hidden
from services.api.visitor import Visitor
from shared.models.programs import Program


def may_learn(visitor: Visitor, program: Program | None) -> Decision:
    if program is None:
        return hidden("no such program")
    return ALLOW if visitor.leads(program.id) else hidden("not a lead of this program")
