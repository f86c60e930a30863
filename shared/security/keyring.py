"""Authenticated encryption of single values: AES-256-GCM (NIST SP 800-38D), key id in front, bound to its row."""

import base64
import binascii
import os
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
KEY_BYTES = 32
KEY_ID = re.compile(r"[A-Za-z0-9._-]+")


class KeyringError(Exception):
    """A key is unknown or malformed, or a sealed value does not belong where it was found."""


@dataclass(frozen=True)
class Keyring:
    """Keys by id; the first one seals, all of them open."""

    keys: dict[str, bytes]

    @classmethod
    def parse(cls, setting: str) -> "Keyring":
        """Keys from `id:base64[,id:base64…]`, newest first."""
        keys: dict[str, bytes] = {}
        for key_id, key in map(_parse_key, setting.split(",")):
            if key_id in keys:
                raise KeyringError(f"BELAY_DIMENSION_KEYS names {key_id!r} twice; each key needs an id of its own")
            keys[key_id] = key
        return cls(keys)

    @property
    def primary(self) -> str:
        return next(iter(self.keys))

    def seal(self, plain: bytes, bound_to: str) -> bytes:
        """Encrypt; the result opens only with the same `bound_to` (table and row)."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(self.keys[self.primary]).encrypt(nonce, plain, bound_to.encode())
        return self.primary.encode() + b":" + nonce + sealed

    def open(self, sealed: bytes, bound_to: str) -> bytes:
        key_id, _, rest = bytes(sealed).partition(b":")
        key = self.keys.get(key_id.decode(errors="replace"))
        if key is None:
            raise KeyringError(f"no key {key_id!r} in BELAY_DIMENSION_KEYS; add it back to read older values")
        try:
            return AESGCM(key).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], bound_to.encode())
        except InvalidTag as error:
            raise KeyringError(f"the sealed value was changed or moved (bound to {bound_to})") from error

    def is_current(self, sealed: bytes) -> bool:
        """Whether the newest key sealed this value (else a rotation should seal it again)."""
        return bytes(sealed).partition(b":")[0].decode(errors="replace") == self.primary


def new_key(key_id: str) -> str:
    """A fresh key in the form the setting takes. Raises KeyringError for an id that the setting could not hold."""
    if not KEY_ID.fullmatch(key_id):
        raise KeyringError(f"{key_id!r} is no id of a key: use letters, digits, dots, dashes and underscores")
    return f"{key_id}:{base64.b64encode(os.urandom(KEY_BYTES)).decode()}"


def _parse_key(part: str) -> tuple[str, bytes]:
    key_id, _, encoded = part.strip().partition(":")
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise KeyringError(f"the key {key_id!r} in BELAY_DIMENSION_KEYS is not base64") from error
    if not key_id or len(key) != KEY_BYTES:
        raise KeyringError(f"BELAY_DIMENSION_KEYS wants id:base64 of {KEY_BYTES} bytes; {key_id!r} is not")
    return key_id, key
