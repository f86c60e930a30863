"""The one command on real servers: from a path with spaces, twice, beside taken ports, after a crash."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from infra.local.ports import LOOPBACK, any_free_port
from infra.local.postgres import SUPERUSER
from infra.local.settings_file import read_settings, write_settings
from tests import embedded

Belay = Callable[..., subprocess.CompletedProcess[str]]
CODE = "from infra.local.cli import main; main()"
PORTS = ("LOCAL_API_PORT", "LOCAL_POSTGRES_PORT", "LOCAL_REDIS_PORT")


@pytest.fixture
def home() -> Iterator[Path]:
    """Where a checkout's `var/` would be: with a space, on ports of its own."""
    parent = embedded.new_home()
    directory = parent / "my belay"
    directory.mkdir()
    write_settings(directory / "local.env", {name: str(any_free_port()) for name in PORTS})
    yield directory
    shutil.rmtree(parent, ignore_errors=True)


@pytest.fixture
def belay(home: Path) -> Iterator[Belay]:
    """Run `belay …`; whatever it started is gone afterwards."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("BELAY_")}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        environment = {**variables, "BELAY_LOCAL_DIRECTORY": str(home), "COLUMNS": "200"}
        command = [sys.executable, "-c", CODE, *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    yield run
    run("demo-clean")


def applied_migration(home: Path) -> str:
    kept = read_settings(home / "local.env")
    place = f"{LOOPBACK}:{kept['LOCAL_POSTGRES_PORT']}/belay"
    url = f"postgresql://{SUPERUSER}:{kept['LOCAL_POSTGRES_PASSWORD']}@{place}"
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT version_num FROM messaging.schema_version").fetchone()
    assert row is not None
    return str(row[0])


def test_data_outlives_a_second_start_and_a_stop(belay: Belay, home: Path) -> None:
    assert belay("migrate").returncode == 0
    first = applied_migration(home)
    assert belay("migrate").returncode == 0
    assert applied_migration(home) == first
    assert "Stopped" in belay("down").stdout
    assert "Nothing was running" in belay("down").stdout
    assert belay("migrate").returncode == 0
    assert applied_migration(home) == first


def test_taken_ports_are_left_to_their_holder(belay: Belay, home: Path) -> None:
    with ExitStack() as held:
        wanted = read_settings(home / "local.env")
        for name in PORTS:
            held.enter_context(socket.create_server((LOOPBACK, int(wanted[name]))))
        said = belay("migrate").stdout
        chosen = read_settings(home / "local.env")
        assert applied_migration(home)
    assert [name for name in PORTS if f"Port {wanted[name]} is taken" not in said] == []
    assert [name for name in PORTS if chosen[name] == wanted[name]] == []


def test_what_a_killed_supervisor_left_behind_is_cleared_away(belay: Belay, home: Path) -> None:
    belay("migrate")
    os.kill(int((home / "supervisord.pid").read_text()), signal.SIGKILL)
    again = belay("migrate")
    assert again.returncode == 0, again.stderr
    assert "is taken" not in again.stdout
    assert applied_migration(home)


def test_a_home_closed_to_everybody_else_is_no_obstacle(belay: Belay, home: Path) -> None:
    home.parent.chmod(0o700)
    done = belay("migrate")
    assert done.returncode == 0, done.stderr
    assert applied_migration(home)
    assert (home.parent.stat().st_mode & 0o777) == 0o700


def test_status_tells_what_to_do_when_nothing_runs(belay: Belay) -> None:
    done = belay("status")
    assert done.returncode == 1
    assert "belay up" in done.stdout


def test_cleaning_up_leaves_nothing(belay: Belay, home: Path) -> None:
    belay("migrate")
    assert belay("demo-clean").returncode == 0
    assert not home.exists()


def test_the_demo_does_not_touch_a_database_of_ones_own(belay: Belay, home: Path) -> None:
    command = [sys.executable, "-c", CODE, "demo-clean"]
    foreign = {
        **os.environ,
        "BELAY_LOCAL_DIRECTORY": str(home),
        "BELAY_OWNER_DATABASE_URL": "postgresql://o@db.example.org/x",
    }
    done = subprocess.run(command, env=foreign, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "BELAY_OWNER_DATABASE_URL" in done.stderr
    assert home.exists()
