"""Everything together, in the foreground: it comes up, heals, and leaves with one Ctrl-C."""

import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from infra.local.layout import PROJECT, Layout
from infra.local.supervision import MARK, ProgramState, Supervisor
from tests.integration.local.conftest import Belay

PATIENCE_SECONDS = 300


def wait_until(fulfilled: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not fulfilled():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.2)


@contextmanager
def foreground(belay: Belay, output: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`belay up`, once it has said where it is; left with Ctrl-C, whatever happened."""
    with output.open("wb") as sink:
        process = subprocess.Popen(belay.command("up"), env=belay.environment({}), stdout=sink, stderr=sink)
    with process:
        try:
            wait_until(lambda: process.poll() is not None or "Ctrl-C" in output.read_text(), "belay up is ready")
            yield process
        finally:
            process.send_signal(signal.SIGINT)


def program(belay: Belay, name: str) -> ProgramState:
    supervisor = Supervisor(Layout(PROJECT, belay.home))
    return next(one for one in supervisor.states() if one.name == name)


def left_over(belay: Belay) -> list[int]:
    marked = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == str(belay.home):
                marked.append(process.pid)
        except psutil.Error:
            continue
    return marked


def test_everything_comes_up_heals_and_leaves(belay: Belay, tmp_path: Path) -> None:
    output = tmp_path / "output"
    with foreground(belay, output) as process:
        assert process.poll() is None, output.read_text()
        ready = urllib.request.urlopen(f"http://127.0.0.1:{belay.kept()['LOCAL_API_PORT']}/readyz")
        assert ready.status == 200
        ready.close()
        assert belay("status").returncode == 0
        wait_until(lambda: "matcher" in belay("logs", "matcher", "--once").stdout, "the matcher says something")

        killed = program(belay, "matcher")
        psutil.Process(killed.pid).kill()
        wait_until(lambda: program(belay, "matcher").pid not in {0, killed.pid}, "the matcher is back")
        wait_until(lambda: program(belay, "matcher").runs, "the matcher runs")
    assert process.returncode == 0
    assert "matcher:" in output.read_text()
    assert left_over(belay) == []
