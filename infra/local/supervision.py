"""Supervisor (supervisord) keeps the programs running; we write its configuration and talk to it."""

import contextlib
import io
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from configparser import RawConfigParser
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, cast
from xmlrpc.client import Fault, ServerProxy

import psutil

from infra.local.errors import LocalError
from infra.local.layout import Layout
from infra.local.programs import DATA, SERVICES, Program, settings_of

MARK = "BELAY_LOCAL_MARK"
SHUTDOWN_SECONDS = 90


class SupervisionError(LocalError):
    """The supervisor cannot do what it is asked."""


@dataclass(frozen=True)
class ProgramState:
    name: str
    state: str
    description: str
    pid: int = 0
    ended_at: int = 0

    @property
    def runs(self) -> bool:
        return self.state == "RUNNING"

    def fell_since(self, moment: float) -> bool:
        """Whether it ended, or could not even begin, since then (seconds of the epoch)."""
        return self.state in {"FATAL", "BACKOFF"} or self.ended_at >= int(moment)


# --- the configuration ---


def render_configuration(layout: Layout, programs: Iterable[Program], settings: Mapping[str, str]) -> str:
    parser = RawConfigParser()
    socket = layout.supervisor_socket
    parser["unix_http_server"] = {"file": _text(socket), "chmod": "0700"}
    parser["rpcinterface:supervisor"] = {
        "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
    }
    parser["supervisord"] = _supervisord(layout)
    by_group: dict[str, list[str]] = {DATA: [], SERVICES: []}
    for program in programs:
        parser[f"program:{program.name}"] = _program(layout, program, settings)
        by_group[program.group].append(program.name)
    for priority, (group, names) in enumerate(by_group.items(), start=1):
        if names:
            parser[f"group:{group}"] = {"programs": ",".join(names), "priority": str(priority)}
    text = io.StringIO()
    parser.write(text)
    return text.getvalue()


def _supervisord(layout: Layout) -> dict[str, str]:
    as_root = {"user": "root"} if os.geteuid() == 0 else {}
    return {
        "logfile": _text(layout.log_of("supervisord")),
        "pidfile": _text(layout.var / "supervisord.pid"),
        "directory": _text(layout.project),
        "childlogdir": _text(layout.logs),
        "nocleanup": "true",
        **as_root,
    }


def _program(layout: Layout, program: Program, settings: Mapping[str, str]) -> dict[str, str]:
    variables = {**settings_of(program, settings), MARK: str(layout.var), "PYTHONUNBUFFERED": "1"}
    as_user = {"user": program.user} if program.user else {}
    return {
        "command": _text(shlex.join(program.command)),
        "directory": _text(program.directory or layout.project),
        "environment": ",".join(f"{name}={_quoted(value)}" for name, value in variables.items()),
        "autostart": "false",
        "autorestart": "true",
        "startsecs": "1",
        "startretries": "30",
        "stopsignal": program.stop_signal,
        "stopwaitsecs": str(program.stop_seconds),
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": _text(layout.log_of(program.name)),
        "stdout_logfile_maxbytes": "10MB",
        "stdout_logfile_backups": "2",
        **as_user,
    }


def _text(value: object) -> str:
    text = str(value)
    if any(mark in text for mark in (" #", " ;", "\n")):
        raise SupervisionError(f"The supervisor cannot read {text!r}: use a path and settings without ' #' and ' ;'.")
    return text.replace("%", "%%")


def _quoted(value: str) -> str:
    """The supervisor knows quotes but no escapes within them."""
    mark = "'" if '"' in value else '"'
    if mark in value:
        raise SupervisionError("A setting may not contain both kinds of quotes.")
    return mark + _text(value) + mark


# --- the running supervisor ---


class Supervisor:
    """The supervisor of one checkout."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def is_running(self) -> bool:
        try:
            self._call("getState")
        except Fault:  # it is there, on its way down
            return True
        except (OSError, HTTPException):
            return False
        return True

    def launch(self, configuration: str) -> None:
        """Start the supervisor in the background, with none of its programs yet."""
        layout = self._layout
        layout.logs.mkdir(parents=True, exist_ok=True)
        layout.supervisor_socket.parent.mkdir(mode=0o700, exist_ok=True)
        _write_private(layout, configuration)
        command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(layout.supervisor_config)]
        done = subprocess.run(  # noqa: S603 - our own interpreter
            command, env=_plain_environment(), capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise SupervisionError(f"The supervisor did not start: {(done.stderr or done.stdout).strip()}")
        self._wait_until(self.is_running, 10, "The supervisor does not answer.")

    def runs_with(self, configuration: str) -> bool:
        return self._layout.supervisor_config.read_text() == configuration

    def start_group(self, group: str) -> None:
        """Start what does not run yet. Where a program fails, `states` tells."""
        with contextlib.suppress(Fault):
            self._call("startProcessGroup", group, False)

    def stop_group(self, group: str) -> None:
        with contextlib.suppress(Fault):
            self._call("stopProcessGroup", group, True)

    def states(self) -> list[ProgramState]:
        try:
            found = self._call("getAllProcessInfo")
        except (Fault, OSError, HTTPException):  # on its way down, or not there
            return []
        return [
            ProgramState(one["name"], one["statename"], one["description"], one["pid"], one["stop"]) for one in found
        ]

    def shut_down(self) -> None:
        """End every program, then the supervisor; one that is already on its way down is waited for."""
        with contextlib.suppress(Fault):
            self._call("shutdown")
        self._wait_until(lambda: not self.is_running(), SHUTDOWN_SECONDS, "The supervisor does not end.")
        with contextlib.suppress(OSError):
            self._layout.supervisor_socket.parent.rmdir()

    def _call(self, method: str, *arguments: str | bool) -> Any:
        from supervisor.xmlrpc import SupervisorTransport

        transport = SupervisorTransport(None, None, f"unix://{self._layout.supervisor_socket}")
        try:
            server = ServerProxy("http://127.0.0.1", transport=transport)
            return getattr(server.supervisor, method)(*arguments)
        finally:
            transport.close()

    @staticmethod
    def _wait_until(done: Any, seconds: float, sentence: str) -> None:
        deadline = time.monotonic() + seconds
        while not done():
            if time.monotonic() > deadline:
                raise SupervisionError(sentence)
            time.sleep(0.05)


def end_orphans(layout: Layout) -> int:
    """End what a killed supervisor left behind: our programs are known by a mark in their environment."""
    orphans = [process for process in psutil.process_iter() if _is_marked(process, layout)]
    for process in orphans:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    _, alive = psutil.wait_procs(orphans, timeout=15)
    for process in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    return len(orphans)


def _is_marked(process: psutil.Process, layout: Layout) -> bool:
    try:
        return cast("str | None", process.environ().get(MARK)) == str(layout.var)
    except (psutil.Error, OSError):
        return False


def _write_private(layout: Layout, configuration: str) -> None:
    path = layout.supervisor_config
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(configuration)


def _plain_environment() -> dict[str, str]:
    """The caller's environment without our settings, since each program is given its own.

    Byte code may be written: keeping it halves the next start.
    """
    dropped = ("BELAY_", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
