"""Fresh settings for a deployment of one's own."""

import secrets
from urllib.parse import urlsplit

from infra.local.errors import LocalError
from infra.local.postgres import new_password
from shared.security.keyring import new_key

PASSWORDS = ("POSTGRES", "OWNER", "API", "MATCHER", "NOTIFIER", "RELAY", "REDIS")


def new_settings(public_url: str, smtp_url: str) -> dict[str, str]:
    """Everything that docker-compose.yml asks for; no value occurs twice."""
    parts = urlsplit(public_url)
    if parts.scheme != "https" or not parts.hostname:
        raise LocalError(f"{public_url!r} is not an https address. Example: https://mentoring.example.org")
    return {
        "BELAY_PUBLIC_URL": public_url.rstrip("/"),
        "BELAY_MAIL_FROM": f"Belay <belay@{parts.hostname}>",
        "BELAY_SMTP_URL": smtp_url,
        "BELAY_SECRET_KEY": secrets.token_urlsafe(48),
        "BELAY_DIMENSION_KEYS": new_key("first"),
        **{f"BELAY_{name}_PASSWORD": new_password() for name in PASSWORDS},
    }
