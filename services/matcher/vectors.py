"""Stored embeddings: read what is there, keep what is new, chunk by chunk, so that work survives a killed worker."""

from collections.abc import Iterable, Iterator, MutableMapping

import numpy as np
from numpy.typing import NDArray

from services.matcher import queries
from services.matcher.interests.texts import content_hash
from shared.db.actor import SYSTEM
from shared.db.engine import Database

FLUSH_AT = 256
Vector = NDArray[np.float32]


class StoredVectors(MutableMapping[bytes, Vector]):
    """A cache of vectors by content hash, backed by the table `matching.embedding`.

    What is set is kept in memory at once and in the database with every 256th vector and at `flush`.
    """

    def __init__(self, database: Database, model: str) -> None:
        self._database, self._model = database, model
        self._known: dict[bytes, Vector] = {}
        self._unsaved: dict[bytes, bytes] = {}

    def fetch(self, passages: Iterable[str]) -> None:
        """Read the vectors of these passages that are stored and not yet in memory."""
        wanted = {content_hash(passage) for passage in passages} - self._known.keys()
        with self._database.reading(SYSTEM) as session:
            stored = queries.read_embeddings(session, self._model, wanted)
        self._known.update((key, np.frombuffer(vector, "<f4")) for key, vector in stored.items())

    def flush(self) -> None:
        """Store what is new."""
        with self._database.writing(SYSTEM) as session:
            queries.add_embeddings(session, self._model, self._unsaved)
        self._unsaved = {}

    def __setitem__(self, key: bytes, vector: Vector) -> None:
        self._known[key] = vector
        self._unsaved[key] = vector.astype("<f4").tobytes()
        if len(self._unsaved) >= FLUSH_AT:
            self.flush()

    def __getitem__(self, key: bytes) -> Vector:
        return self._known[key]

    def __contains__(self, key: object) -> bool:
        return key in self._known

    def __delitem__(self, key: bytes) -> None:
        del self._known[key]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)
