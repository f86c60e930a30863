"""Passages → vectors, each computed once: by content hash, in batches of like length, resumable."""

from collections.abc import Callable, MutableMapping, Sequence

import numpy as np
from numpy.typing import NDArray

from services.matcher.interests.model import BATCH, EmbeddingModel
from services.matcher.interests.records import Vectors
from services.matcher.interests.texts import content_hash

Progress = Callable[[int, int], None]
VectorCache = MutableMapping[bytes, NDArray[np.float32]]


def ignore_progress(_done: int, _total: int) -> None:
    """Nobody is watching."""


def embed_texts(texts: Sequence[str], model: EmbeddingModel, cache: VectorCache,
                progress: Progress = ignore_progress) -> Vectors:
    """float32[len(texts), width]: the vectors of passages, unit rows; the cache is filled as work goes on.

    `progress(done, total)` counts distinct texts, those already in the cache as done. Stop at any time: what is in
    the cache is not computed again. Raises ModelMissingError if vectors are missing and the model cannot be loaded.
    """
    keys = [content_hash(text) for text in texts]
    distinct = dict(zip(keys, texts, strict=True))
    missing = sorted((key for key in distinct if key not in cache), key=lambda key: (-len(distinct[key]), key))
    done = len(distinct) - len(missing)
    progress(done, len(distinct))
    for at in range(0, len(missing), BATCH):
        batch = missing[at : at + BATCH]
        for key, vector in zip(batch, model.encode([distinct[key] for key in batch]), strict=True):
            cache[key] = vector
        done += len(batch)
        progress(done, len(distinct))
    return np.stack([cache[key] for key in keys]) if keys else np.zeros((0, 1), np.float32)
