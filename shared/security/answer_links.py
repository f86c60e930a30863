"""Links in an e-mail that let a mentor answer one proposal or request without logging in.

A token is `expiry.signature`, signed over kind, id and expiry. It opens a page that asks; only the POST from that page
answers.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.security.signatures import sign, verify
from shared.settings import Settings

PURPOSE = "answer link"


class OfferKind(StrEnum):
    """What waits for a mentor's answer."""

    PROPOSAL = "proposal"
    REQUEST = "request"


def answer_token(secret: str, kind: OfferKind, offer_id: UUID, expires_at: datetime) -> str:
    """The token that lets its bearer answer this offer until `expires_at`."""
    expiry = int(expires_at.timestamp())
    return f"{expiry:x}.{sign(secret, PURPOSE, f'{kind}:{offer_id}:{expiry}')}"


def answer_link(settings: Settings, kind: OfferKind, offer_id: UUID, expires_at: datetime) -> str:
    """The address for the e-mail; the page behind it asks first and works without a log-in."""
    token = answer_token(settings.secret_key.get_secret_value(), kind, offer_id, expires_at)
    return f"{settings.public_url.rstrip('/')}/answer/{kind}/{offer_id}?token={token}"


def may_answer(secret: str, kind: OfferKind, offer_id: UUID, token: str, now: datetime) -> bool:
    """Whether the token belongs to this very offer and has not expired."""
    written, _, signature = token.partition(".")
    expiry = _parse_expiry(written)
    if expiry is None:
        return False
    genuine = verify(secret, PURPOSE, f"{kind}:{offer_id}:{expiry}", signature)
    return genuine and now.timestamp() < expiry


def _parse_expiry(written: str) -> int | None:
    # int() would also take signs, spaces and underscores: one spelling per token.
    if not written or len(written) > 12 or any(letter not in "0123456789abcdef" for letter in written):
        return None
    return int(written, 16)
