"""Opaque secrets: what a person carries is random, what we store is its hash."""

import hashlib
import hmac
import secrets
import unicodedata
from uuid import UUID

CODE_DIGITS = 6


def new_token() -> str:
    """256 random bits, URL-safe."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> bytes:
    """SHA-256 of a high-entropy token; no salt needed."""
    return hashlib.sha256(token.encode()).digest()


def new_code() -> str:
    """A short code that a person can type, e.g. 042917."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def hash_code(code: str, key: str) -> bytes:
    """Keyed hash of a short code: without the key, a million guesses would not help a thief of the table."""
    return hmac.digest(key.encode(), code.encode(), "sha256")


def same(one: bytes, other: bytes) -> bool:
    return hmac.compare_digest(one, other)


def match_token(cycle_key: bytes, dimension_id: UUID, answer: str) -> bytes:
    """HMAC-SHA-256 of an exact answer: equal tokens mean equal answers, and nothing else can be read from one.

    The key is the cycle's, so tokens of two cycles cannot be joined.
    """
    exact = unicodedata.normalize("NFKC", answer).strip().casefold()
    return hmac.digest(cycle_key, dimension_id.bytes + exact.encode(), "sha256")
