"""Programs that a test starts, kills and waits for."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 90.0
POLL_SECONDS = 0.05


def wait_until(fulfilled: Callable[[], object], what: str) -> None:
    """Raises TimeoutError; how long it takes is nobody's business otherwise."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not fulfilled():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(POLL_SECONDS)


class Program:
    """A running Python program, in a process group of its own."""

    def __init__(self, words: list[str], environment: Mapping[str, str], log: Path) -> None:
        self.log = log
        variables = {**os.environ, **environment, "PYTHONPATH": str(ROOT)}
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *words], env=variables, cwd=ROOT, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            )  # fmt: skip

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def kill(self) -> None:
        """SIGKILL, with all its children."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=PATIENCE_SECONDS)

    def wait_for_death(self) -> None:
        wait_until(lambda: not self.is_running, f"{self.log.name} dies")
        self.kill()
