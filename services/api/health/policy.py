"""Who may see how the platform runs."""

from services.api.policies import ALLOW, Decision, hidden
from services.api.visitor import Visitor


def may_see_operations(visitor: Visitor) -> Decision:
    return ALLOW if visitor.is_operator else hidden("only operators see how the platform runs")
