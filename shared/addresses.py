"""Addresses in settings: one that nothing could be reached at is refused with the form it should have."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr


def _require(address: str, schemes: tuple[str, ...], form: str) -> None:
    """A ValueError says the form, never the address: it may hold a password."""
    try:
        parts = urlsplit(address.strip())
        somewhere = bool(parts.hostname) or "host=" in parts.query  # the latter: PostgreSQL on a socket
        usable = parts.scheme in schemes and somewhere and parts.port != 0
    except ValueError:  # a port that is no number, brackets that do not close
        usable = False
    if not usable:
        raise ValueError(f"write it as {form}")


def _public(address: str) -> str:
    _require(address, ("http", "https"), "https://mentoring.example.org")
    return address


def _database(address: SecretStr) -> SecretStr:
    _require(address.get_secret_value(), ("postgresql+psycopg",), "postgresql+psycopg://user:password@host:5432/database")
    return address


def _redis(address: SecretStr) -> SecretStr:
    _require(address.get_secret_value(), ("redis", "rediss"), "redis://:password@host:6379/0")
    return address


def _smtp(address: SecretStr) -> SecretStr:
    form = "smtp+starttls://user:password@host:587 (or smtps://, or smtp:// inside a trusted network)"
    _require(address.get_secret_value(), ("smtp", "smtp+starttls", "smtps"), form)
    return address


PublicUrl = Annotated[str, AfterValidator(_public)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_database)]
RedisUrl = Annotated[SecretStr, AfterValidator(_redis)]
SmtpUrl = Annotated[SecretStr, AfterValidator(_smtp)]
