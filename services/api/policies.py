"""What a policy answers: yes, or no and a reason. Each slice's `policy.py` decides; routes never do."""

from dataclasses import dataclass

import structlog

from services.api.errors import ForbiddenError, NotFoundError

log = structlog.get_logger()


@dataclass(frozen=True)
class Decision:
    allowed: bool
    reason: str = ""
    hide: bool = False


ALLOW = Decision(allowed=True)


def deny(reason: str) -> Decision:
    """No, and the visitor may know why."""
    return Decision(allowed=False, reason=reason)


def hidden(reason: str) -> Decision:
    """No, and it looks as if the thing did not exist; the reason is for tests and logs."""
    return Decision(allowed=False, reason=reason, hide=True)


def require(decision: Decision) -> None:
    """Go on only if the policy said yes. Raises NotFoundError or ForbiddenError."""
    if decision.allowed:
        return
    log.info("access refused", reason=decision.reason, hidden=decision.hide)
    if decision.hide:
        raise NotFoundError
    raise ForbiddenError(decision.reason)
