"""The secret of a log-in mail on its way from the api to the notifier: sealed, bound to its row, soon forgotten.

Both services know the deployment's secret; the key is derived from it (HKDF), so that neither needs the other's keys.
"""

import json
from dataclasses import dataclass
from uuid import UUID

from shared.security.keyring import Keyring
from shared.security.signatures import derive_key
from shared.settings import Settings


@dataclass(frozen=True)
class ChallengeSecret:
    """What the e-mail says: the token of its link and the short code."""

    token: str
    code: str


def seal_challenge(settings: Settings, challenge_id: UUID, secret: ChallengeSecret) -> bytes:
    """The column `login_challenge.sealed`."""
    plain = json.dumps({"token": secret.token, "code": secret.code})
    return _keyring(settings).seal(plain.encode(), _place(challenge_id))


def open_challenge(settings: Settings, challenge_id: UUID, sealed: bytes) -> ChallengeSecret:
    """Raises KeyringError if it was changed, or sealed for another row or with another secret key."""
    return ChallengeSecret(**json.loads(_keyring(settings).open(sealed, _place(challenge_id))))


def challenge_link(settings: Settings, token: str) -> str:
    """The address for the e-mail; the page behind it asks first, and only its button logs in."""
    return f"{settings.public_url.rstrip('/')}/login/link/{token}"


def _keyring(settings: Settings) -> Keyring:
    return Keyring({"c1": derive_key(settings.secret_key.get_secret_value(), "login challenge")})


def _place(challenge_id: UUID) -> str:
    return f"login_challenge:{challenge_id}"
