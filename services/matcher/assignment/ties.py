"""Ties are broken by a keyed hash of the people's stable ids, never by the order they came in."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.matcher.assignment.jit import compiled

UInt64 = NDArray[np.uint64]
TIE_BITS = 16


def hash_names(names: Sequence[str], key: bytes, person: bytes) -> UInt64:
    """One 64-bit number per name (BLAKE2b, keyed); `person` keeps rows and mentors apart."""
    keyed = key if len(key) <= 64 else hashlib.blake2b(key).digest()
    digests = (hashlib.blake2b(n.encode(), digest_size=8, key=keyed, person=person).digest() for n in names)
    return np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64)


@compiled
def pair_hash(row: np.uint64, mentor: np.uint64) -> int:
    """A 16-bit draw for a pair (splitmix64's finalizer over both hashes)."""
    x = row ^ ((mentor << np.uint64(23)) | (mentor >> np.uint64(41)))
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.int64((x ^ (x >> np.uint64(31))) >> np.uint64(48))  # type: ignore[return-value]


@compiled
def pair_hashes(rows: UInt64, mentors: UInt64) -> NDArray[np.int64]:
    out = np.empty(len(rows), np.int64)
    for k in range(len(rows)):
        out[k] = pair_hash(rows[k], mentors[k])
    return out
