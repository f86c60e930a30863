"""Vectors of texts in a file, so that the same texts are not read again by the next command."""

import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from services.matcher.tables.writing import write_whole

Vectors = dict[bytes, NDArray[np.float32]]


def read_cache(path: Path | None, model: str) -> Vectors:
    """The vectors that a model once made; empty if there is no such file or it is another model's."""
    if path is None or not path.is_file():
        return {}
    try:
        with np.load(path, allow_pickle=False) as file:
            if str(file["model"]) != model:
                return {}
            return {key.tobytes(): vector for key, vector in zip(file["keys"], file["vectors"], strict=True)}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}


def write_cache(path: Path | None, model: str, vectors: Vectors) -> None:
    """Keep vectors for the next time; raises OSError."""
    if path is None or not vectors:
        return
    keys = np.array([np.frombuffer(key, np.uint8) for key in vectors])
    together = np.stack(list(vectors.values()))
    write_whole(path, lambda target: np.savez(target, model=model, keys=keys, vectors=together))
