"""`belay` as a person runs it, in a home of the test's own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.local.ports import any_free_port
from infra.local.settings_file import read_settings, write_settings
from tests import embedded

PORTS = ("LOCAL_API_PORT", "LOCAL_POSTGRES_PORT", "LOCAL_REDIS_PORT")


@dataclass(frozen=True)
class Belay:
    """The command with one `var/`; calling it runs it to its end."""

    home: Path

    def __call__(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        environment = self.environment(settings)
        return subprocess.run(self.command(*words), env=environment, capture_output=True, text=True, check=False)

    def kept(self) -> dict[str, str]:
        return read_settings(self.home / "local.env")

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "infra.local", *words]

    def environment(self, settings: Mapping[str, str]) -> dict[str, str]:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("BELAY_")}
        return {**plain, "BELAY_LOCAL_DIRECTORY": str(self.home), "COLUMNS": "200", **settings}


@pytest.fixture
def belay() -> Iterator[Belay]:
    """Its `var/` has a space in its path and ports of its own; cleaning up leaves nothing of what it started."""
    parent = embedded.new_home()
    command = Belay(parent / "my belay")
    command.home.mkdir()
    write_settings(command.home / "local.env", {name: str(any_free_port()) for name in PORTS})
    yield command
    if (command.home / "supervisord.conf").exists():
        assert command("demo-clean").returncode == 0
        assert not command.home.exists()
    shutil.rmtree(parent, ignore_errors=True)
