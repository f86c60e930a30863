"""Bringing Belay up and down, step by step. Each step says what it does and how long it took."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console

from infra.local import postgres, redis, supervision
from infra.local.compiling import compile_ahead
from infra.local.errors import LocalError
from infra.local.ports import is_free, listens
from infra.local.programs import DATA, SERVICES, all_programs
from infra.local.supervision import Supervisor
from infra.local.surroundings import (
    DATABASE,
    PORT_NAMES,
    PORTS,
    Surroundings,
    keep,
    move_off_taken_ports,
)

SERVICES_TIMEOUT_SECONDS = 180  # a machine that is busy, at its first start; a program that falls is told at once
LOG_LINES_SHOWN = 15
PORT_LINES = 6
READY = ""


class StepFailedError(LocalError):
    """A step of bringing Belay up did not succeed."""


@dataclass(frozen=True)
class Stage:
    """What the steps work on."""

    console: Console
    surroundings: Surroundings
    supervisor: Supervisor
    launched: bool


@contextmanager
def step(console: Console, title: str) -> Iterator[None]:
    begun = time.monotonic()
    with console.status(f"{title} …"):
        yield
    console.print(f"[green]✓[/green] {title} [dim]{time.monotonic() - begun:.1f} s[/dim]", highlight=False)


def bring_up(console: Console, surroundings: Surroundings) -> Surroundings:
    """Everything running and ready; what runs already keeps running."""
    from infra.local.checking import check_settings  # imports numpy, which no other command needs

    check_settings(surroundings)
    stage = prepare(console, surroundings)
    with _ended_on_failure(stage):
        compile_ahead(stage.surroundings.layout)
        start_data(stage)
        migrate(stage)
        start_services(stage)
    return stage.surroundings


def bring_up_database(console: Console, surroundings: Surroundings) -> None:
    """The database with its newest schema."""
    stage = prepare(console, surroundings)
    with _ended_on_failure(stage):
        start_data(stage)
        migrate(stage)


@contextmanager
def _ended_on_failure(stage: Stage) -> Iterator[None]:
    """Half a system helps nobody: what this command started ends with it; what ran before goes on."""
    try:
        yield
    except BaseException:  # Ctrl-C and SIGTERM, too
        if stage.launched:
            stop(stage.console, stage.surroundings)
        raise


def prepare(console: Console, surroundings: Surroundings) -> Stage:
    """A supervisor that knows our programs. Ports move only while nothing of ours runs."""
    supervisor = Supervisor(surroundings.layout)
    if not supervisor.is_running():
        supervision.end_orphans(surroundings.layout)
        surroundings, sentences = move_off_taken_ports(surroundings)
        for sentence in sentences:
            console.print(f"[yellow]![/yellow] {sentence}", highlight=False)
    keep(surroundings)
    programs = all_programs(surroundings)
    configuration = supervision.render_configuration(surroundings.layout, programs, surroundings.settings())
    if supervisor.is_running() and not supervisor.runs_with(configuration):
        with step(console, "Settings changed: stopping what ran"):
            supervisor.shut_down()
    launched = not supervisor.is_running()
    if launched:
        supervisor.launch(configuration)
    return Stage(console, surroundings, supervisor, launched)


def start_data(stage: Stage) -> None:
    surroundings = stage.surroundings
    if not surroundings.own_database:
        postgres.initialize(surroundings.cluster())
    if not surroundings.own_redis:
        redis.initialize(surroundings.broker())
    stage.supervisor.start_group(DATA)
    with step(stage.console, _data_title(surroundings)):
        _wait_for_data(stage)


def _data_title(surroundings: Surroundings) -> str:
    database = "your PostgreSQL" if surroundings.own_database else f"PostgreSQL on {surroundings.cluster().port}"
    broker = "your Redis" if surroundings.own_redis else f"Redis on {surroundings.broker().port}"
    return f"{database}, {broker}"


def _wait_for_data(stage: Stage) -> None:
    surroundings = stage.surroundings
    try:
        if not surroundings.own_database:
            postgres.wait_until_ready(surroundings.cluster())
            postgres.ensure_owner(surroundings.cluster(), DATABASE, surroundings.kept["LOCAL_OWNER_PASSWORD"])
        if not surroundings.own_redis:
            redis.wait_until_ready(surroundings.broker())
    except (postgres.PostgresFailedError, redis.RedisFailedError) as error:
        because = f"{_taken_meanwhile(stage)} {error}".strip()
        raise StepFailedError(f"{because}\n{_last_lines(stage, ['postgres', 'redis'])}") from error


def migrate(stage: Stage) -> None:
    with step(stage.console, "Database schema"):
        run_module(stage.surroundings, "shared.migrations")


def start_services(stage: Stage) -> None:
    with step(stage.console, "api, matcher, notifier, relay"):
        stage.supervisor.start_group(SERVICES)
        wait_until_serving(stage)


def wait_until_serving(stage: Stage) -> None:
    begun = time.time()
    while not (_all_run(stage) and _is_ours(stage) and _readiness(stage) == READY):
        failed = [one.name for one in stage.supervisor.states() if one.fell_since(begun)]
        if failed or time.time() > begun + SERVICES_TIMEOUT_SECONDS:
            names = failed or ["api"]
            because = _taken_meanwhile(stage) or _readiness(stage)
            raise StepFailedError(f"{', '.join(names)} did not start. {because}\n{_last_lines(stage, names)}")
        time.sleep(0.1)


def _all_run(stage: Stage) -> bool:
    return all(one.runs for one in stage.supervisor.states())


def _is_ours(stage: Stage) -> bool:
    """Whether our own API holds its port: another Belay that was faster would say that it is ready, too."""
    return any(one.name == "api" and listens(one.pid, stage.surroundings.api_port) for one in stage.supervisor.states())


def _taken_meanwhile(stage: Stage) -> str:
    """Somebody else took a port between our look at it and the start; empty where all ports are ours or free."""
    for name in PORTS:
        program, port = name.split("_")[1].lower(), int(stage.surroundings.kept[name])
        if "in use" in _last_lines(stage, [program], PORT_LINES) and not is_free(port):
            return f"Another program took port {port} in the meantime. Try again: {PORT_NAMES[name]} moves elsewhere."
    return ""


def _readiness(stage: Stage) -> str:
    """What the API itself says is missing."""
    url = f"http://127.0.0.1:{stage.surroundings.api_port}/readyz"
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except urllib.error.HTTPError as error:
        with error:
            return _in_sentences(error.read().decode(errors="replace"))
    except OSError:
        return "It does not answer."
    return READY


def _in_sentences(answer: str) -> str:
    try:
        checks = json.loads(answer)
        return " ".join(str(said) for said in checks.values() if said != "well")
    except (ValueError, AttributeError):
        return answer


def _last_lines(stage: Stage, names: list[str], count: int = LOG_LINES_SHOWN) -> str:
    parts = []
    for name in names:
        log = stage.surroundings.layout.log_of(name)
        lines = log.read_text(errors="replace").splitlines()[-count:] if log.exists() else []
        parts.append(f"The end of {log}:\n" + "\n".join(lines))
    return "\n".join(parts)


def run_module(surroundings: Surroundings, module: str, *arguments: str, quiet: bool = True) -> None:
    """`python -m module` with every setting, for one-shot work such as migrations."""
    environment = {**os.environ, **surroundings.settings()}
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(  # noqa: S603 - our own interpreter and modules
        command, env=environment, cwd=surroundings.layout.project, capture_output=quiet, text=True, check=False
    )
    if done.returncode != 0:
        last_lines = (done.stdout + done.stderr).strip().splitlines()[-LOG_LINES_SHOWN:] if quiet else []
        said = "\n".join([" It said:", *last_lines]) if last_lines else ""
        raise StepFailedError(f"`python -m {module}` ended with {done.returncode}.{said}")


def stop(console: Console, surroundings: Surroundings) -> bool:
    """End everything; False where nothing ran."""
    supervisor = Supervisor(surroundings.layout)
    if supervisor.is_running():
        with step(console, "Stopped"):
            supervisor.shut_down()
            supervision.end_orphans(surroundings.layout)
        return True
    return supervision.end_orphans(surroundings.layout) > 0
