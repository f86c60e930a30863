"""The one command on real servers: from a path with spaces, twice, beside taken ports, after a crash."""

import os
import signal
import socket
import sys
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from infra.local.ports import LOOPBACK, any_free_port
from infra.local.postgres import SUPERUSER
from tests.integration.local.conftest import PORTS, Belay


def applied_migration(belay: Belay) -> str:
    kept = belay.kept()
    place = f"{LOOPBACK}:{kept['LOCAL_POSTGRES_PORT']}/belay"
    url = f"postgresql://{SUPERUSER}:{kept['LOCAL_POSTGRES_PASSWORD']}@{place}"
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT version_num FROM messaging.schema_version").fetchone()
    assert row is not None
    return str(row[0])


def test_data_outlives_a_second_start_and_a_stop_but_not_the_cleaning_up(belay: Belay) -> None:
    assert belay("migrate").returncode == 0
    first = applied_migration(belay)
    assert belay("migrate").returncode == 0
    assert applied_migration(belay) == first
    assert "Stopped" in belay("down").stdout
    assert "Nothing was running" in belay("down").stdout
    assert belay("migrate").returncode == 0
    assert applied_migration(belay) == first
    assert belay("demo-clean").returncode == 0
    assert not belay.home.exists()


def test_taken_ports_are_left_to_their_holder(belay: Belay) -> None:
    with ExitStack() as held:
        wanted = belay.kept()
        for name in PORTS:
            held.enter_context(socket.create_server((LOOPBACK, int(wanted[name]))))
        said = belay("migrate").stdout
        chosen = belay.kept()
        assert applied_migration(belay)
    assert [name for name in PORTS if f"Port {wanted[name]} is taken" not in said] == []
    assert [name for name in PORTS if chosen[name] == wanted[name]] == []


def test_what_a_killed_supervisor_left_behind_is_cleared_away(belay: Belay) -> None:
    belay("migrate")
    os.kill(int((belay.home / "supervisord.pid").read_text()), signal.SIGKILL)
    again = belay("migrate")
    assert again.returncode == 0, again.stderr
    assert "is taken" not in again.stdout
    assert applied_migration(belay)


def test_a_home_closed_to_everybody_else_is_no_obstacle(belay: Belay) -> None:
    belay.home.parent.chmod(0o700)
    done = belay("migrate")
    assert done.returncode == 0, done.stderr
    assert applied_migration(belay)
    assert (belay.home.parent.stat().st_mode & 0o777) == 0o700


def test_status_tells_what_to_do_when_nothing_runs(belay: Belay) -> None:
    here = Path(sys.executable).parent
    for path, command in ((f"{here}:{os.environ['PATH']}", "`belay up`"), ("/usr/bin:/bin", "`make up`")):
        done = belay("status", PATH=path)
        assert done.returncode == 1
        assert command in done.stdout


def test_the_demo_does_not_touch_a_database_of_ones_own(belay: Belay) -> None:
    done = belay("demo-clean", BELAY_OWNER_DATABASE_URL="postgresql+psycopg://o@db.example.org/x")
    assert done.returncode == 1
    assert "BELAY_OWNER_DATABASE_URL" in done.stderr
    assert belay.home.exists()


@pytest.mark.parametrize("command", [("migrate",), ("up", "--detach")], ids=" ".join)
def test_what_was_started_ends_with_a_command_that_fails(belay: Belay, command: tuple[str, ...]) -> None:
    dead = f"postgresql+psycopg://owner:secret@{LOOPBACK}:{any_free_port()}/belay"
    done = belay(*command, BELAY_OWNER_DATABASE_URL=dead)
    assert done.returncode == 1
    assert "shared.migrations" in done.stderr
    assert "Nothing is running" in belay("status").stdout
    assert "Nothing was running" in belay("down").stdout
