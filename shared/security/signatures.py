"""Signed texts: anyone may carry them, only we can write them. One key for each purpose (HKDF, RFC 5869)."""

import base64
import hmac
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


@lru_cache(maxsize=64)
def derive_key(secret: str, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose, from the secret of the deployment."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"belay {purpose}".encode()).derive(secret.encode())


def sign(secret: str, purpose: str, text: str) -> str:
    """HMAC-SHA-256 (RFC 2104), URL-safe, without padding."""
    digest = hmac.digest(derive_key(secret, purpose), text.encode(), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def verify(secret: str, purpose: str, text: str, signature: str) -> bool:
    return hmac.compare_digest(sign(secret, purpose, text).encode(), signature.encode())
