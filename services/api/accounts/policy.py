"""Who may do what with accounts. One's own is one's own: all else is decided by the queries, which name the account."""

from services.api.policies import ALLOW, Decision, hidden
from shared.settings import Environment, Settings


def may_use_demo_logins(settings: Settings) -> Decision:
    """Only the synthetic demo lets anybody in as somebody."""
    if settings.demo and settings.environment is not Environment.PRODUCTION:
        return ALLOW
    return hidden("this is not a demo")
