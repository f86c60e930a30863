"""The engine is compiled ahead once, and again only when it changed."""

from pathlib import Path

from infra.local.compiling import compile_ahead, fingerprint_of
from infra.local.layout import PROJECT, Layout


def test_the_stamp_is_left_when_compiling_is_done_and_spares_the_next_start(tmp_path: Path) -> None:
    layout = Layout(PROJECT, tmp_path)
    compiling = compile_ahead(layout)
    assert compiling is not None
    assert compiling.wait() == 0, (tmp_path / "log" / "compiling.log").read_text()
    assert (tmp_path / "compiled").read_text() == fingerprint_of(PROJECT)
    assert compile_ahead(layout) is None


def test_another_engine_has_another_fingerprint(tmp_path: Path) -> None:
    engine = tmp_path / "services" / "matcher"
    engine.mkdir(parents=True)
    (engine / "kernel.py").write_text("one = 1\n")
    before = fingerprint_of(tmp_path)
    (engine / "kernel.py").write_text("one = 2\n")
    assert fingerprint_of(tmp_path) != before
