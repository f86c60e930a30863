"""When a start counts as one."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from rich.console import Console

from infra.local import steps
from infra.local.layout import PROJECT, Layout
from infra.local.ports import LOOPBACK
from infra.local.supervision import ProgramState, Supervisor
from infra.local.surroundings import load_surroundings, with_kept


@dataclass
class OneProgram:
    """A supervisor whose API has this process id, and falls at the second look."""

    pid: int
    looks: int = 0

    def states(self) -> list[ProgramState]:
        self.looks += 1
        return [ProgramState("api", "RUNNING" if self.looks < 3 else "BACKOFF", "", self.pid)]


def stage_at(port: int, pid: int, home: Path) -> steps.Stage:
    surroundings = with_kept(load_surroundings(Layout(PROJECT, home)), LOCAL_API_PORT=str(port))
    return steps.Stage(Console(quiet=True), surroundings, cast("Supervisor", OneProgram(pid)), launched=True)


def test_another_belay_that_answers_on_our_port_is_not_taken_for_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "_readiness", lambda _stage: steps.READY)
    with socket.create_server((LOOPBACK, 0)) as server:
        port = server.getsockname()[1]
        steps.wait_until_serving(stage_at(port, os.getpid(), tmp_path))
        with pytest.raises(steps.StepFailedError, match="api did not start"):
            steps.wait_until_serving(stage_at(port, os.getppid(), tmp_path))
