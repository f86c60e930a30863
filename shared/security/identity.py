"""How identity rests: each answer sealed and bound to its row, each cycle's token key sealed and bound to the cycle."""

from uuid import UUID

from shared.security.keyring import KEY_BYTES, Keyring


def seal_answer(keyring: Keyring, answer_id: UUID, answer: str) -> bytes:
    """The column `dimension_answer.sealed`: opens only in the row `answer_id`."""
    return keyring.seal(answer.encode(), f"dimension_answer:{answer_id}")


def open_answer(keyring: Keyring, answer_id: UUID, sealed: bytes) -> str:
    """The exact answer; raises KeyringError if it was changed or belongs to another row."""
    return keyring.open(sealed, f"dimension_answer:{answer_id}").decode()


def seal_cycle_key(keyring: Keyring, cycle_id: UUID, key: bytes) -> bytes:
    """The column `cycle.sealed_token_key`, for a key of 32 random bytes."""
    if len(key) != KEY_BYTES:
        raise ValueError(f"a cycle's token key has {KEY_BYTES} bytes, not {len(key)}")
    return keyring.seal(key, f"cycle:{cycle_id}")


def open_cycle_key(keyring: Keyring, cycle_id: UUID, sealed: bytes) -> bytes:
    """The key of a cycle's match tokens; raises KeyringError if it was changed or belongs to another cycle."""
    return keyring.open(sealed, f"cycle:{cycle_id}")
