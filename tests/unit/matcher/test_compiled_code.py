"""Changed sources are never answered by code that was compiled before."""

import shutil
from pathlib import Path

import numba
import pytest

from services.matcher import compiled_code
from services.matcher.compiled_code import HERE, SOURCES, fingerprint, folder


def test_a_change_in_any_source_of_the_loops_is_another_folder(tmp_path: Path) -> None:
    for name in SOURCES:
        shutil.copytree(HERE / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    assert fingerprint(tmp_path) == fingerprint()
    source = tmp_path / "scoring" / "numbers.py"
    source.write_text("LEAST = 0.5\n")
    assert fingerprint(tmp_path) != fingerprint()


def test_numba_keeps_its_code_there() -> None:
    assert vars(numba.config)["CACHE_DIR"] == str(folder())


def test_what_was_compiled_from_other_sources_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    for name in (folder().name, "kernels-of-yesterday"):
        (tmp_path / name).mkdir()
    compiled_code.forget_others()
    assert [path.name for path in tmp_path.iterdir()] == [folder().name]
