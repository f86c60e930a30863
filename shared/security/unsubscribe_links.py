"""Links that end one kind of mail for one person, with one click and without logging in (RFC 8058).

A token is `account.template.signature`: HMAC-SHA-256 under a key derived from the deployment's secret. It does not
expire: an old mail must still let its reader unsubscribe.
"""

from dataclasses import dataclass
from uuid import UUID

from shared.security.signatures import sign, verify
from shared.settings import Settings

PURPOSE = "unsubscribe link"


@dataclass(frozen=True)
class Unwanted:
    """Who does not want which kind of mail."""

    account_id: UUID
    template: str


def unsubscribe_token(secret: str, unwanted: Unwanted) -> str:
    text = f"{unwanted.account_id.hex}.{unwanted.template}"
    return f"{text}.{sign(secret, PURPOSE, text)}"


def unsubscribe_link(settings: Settings, account_id: UUID, template: str) -> str:
    """The address for List-Unsubscribe; a GET asks, a POST does it."""
    token = unsubscribe_token(settings.secret_key.get_secret_value(), Unwanted(account_id, template))
    return f"{settings.public_url.rstrip('/')}/unsubscribe/{token}"


def read_unsubscribe_token(secret: str, token: str) -> Unwanted | None:
    """What a token says, or None if we did not write it."""
    text, _, signature = token.rpartition(".")
    account, _, template = text.partition(".")
    if not verify(secret, PURPOSE, text, signature):
        return None
    return Unwanted(UUID(hex=account), template)
