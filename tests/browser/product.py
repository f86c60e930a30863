"""The product as it runs anywhere: every program a process of its own, with the settings it may see and no others."""

import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from infra.local.ports import LOOPBACK, any_free_port
from infra.local.programs import Program, service_programs, settings_of

PATIENCE_SECONDS = 180
LEAVING_SECONDS = 40


@dataclass
class RunningProduct:
    """api, its inbox, both matchers, notifier and relay; the log of each lies in `folder`."""

    settings: Mapping[str, str]
    folder: Path
    port: int = field(default_factory=any_free_port)
    _processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def start(self) -> None:
        for program in service_programs(self.port):
            self._processes[program.name] = self._launch(program)
        self._wait_until_serving()

    def stop(self) -> None:
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            _await_end(process)

    def _launch(self, program: Program) -> subprocess.Popen[bytes]:
        settings = settings_of(program, {**self.settings, "BELAY_PUBLIC_URL": self.url})
        plain = {name: value for name, value in os.environ.items() if not name.startswith("BELAY_")}
        with (self.folder / f"{program.name}.log").open("wb") as log:
            return subprocess.Popen(program.command, env={**plain, **settings}, stdout=log, stderr=log)

    def _wait_until_serving(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._is_serving():
            fallen = [name for name, process in self._processes.items() if process.poll() is not None]
            if fallen or time.monotonic() > deadline:
                raise RuntimeError(f"{fallen or 'api'} did not start:\n{self.said(*(fallen or ['api']))}")
            time.sleep(0.2)

    def _is_serving(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.url}/readyz", timeout=10).close()  # noqa: S310 — our own address
        except urllib.error.HTTPError as error:
            error.close()
            return False
        except OSError:
            return False
        return True

    def said(self, *names: str) -> str:
        return "\n".join((self.folder / f"{name}.log").read_text(errors="replace")[-3000:] for name in names)


def _await_end(process: subprocess.Popen[bytes]) -> None:
    """Workers finish what they have begun; one that cannot is not left behind."""
    try:
        process.wait(timeout=LEAVING_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
