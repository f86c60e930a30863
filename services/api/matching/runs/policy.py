"""Who may see and steer match runs: the leads of the program, nobody else."""

from services.api.policies import ALLOW, Decision, hidden
from services.api.visitor import Visitor
from shared.models.programs import Program


def may_steer_runs(visitor: Visitor, program: Program | None) -> Decision:
    """Start, study, publish and discard match runs of a program."""
    if program is None:
        return hidden("no such program")
    return ALLOW if visitor.leads(program.id) else hidden("not a lead of this program")
