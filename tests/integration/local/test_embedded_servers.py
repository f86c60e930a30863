"""The servers under every other integration test are real, private and survive what faults do to them."""

import shutil
import signal
import subprocess
import sys

import psutil
import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests import embedded
from tests.embedded import Addresses, EmbeddedServers


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def test_the_owner_of_the_schema_is_no_superuser(servers: Addresses) -> None:
    with connect(servers.owner_url("belay")) as connection:
        row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    assert row == (False,)


def test_a_new_database_knows_vectors(servers: Addresses, worker_number: int) -> None:
    name = f"vectors_{worker_number}"
    embedded.create_database(servers, name)
    with connect(servers.owner_url(name)) as connection:
        row = connection.execute("SELECT '[3,4]'::vector <-> '[0,0]'::vector").fetchone()
    embedded.drop_database(servers, name)
    assert row == (5.0,)


def test_a_copy_does_not_change_its_template(servers: Addresses, worker_number: int) -> None:
    original, copy = f"original_{worker_number}", f"copy_{worker_number}"
    embedded.create_database(servers, original)
    with connect(servers.owner_url(original)) as connection:
        connection.execute("CREATE TABLE kept (n int)")
    embedded.create_database(servers, copy, original)
    with connect(servers.owner_url(copy)) as connection:
        connection.execute("INSERT INTO kept VALUES (1)")
    with connect(servers.owner_url(original)) as connection:
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
    embedded.drop_database(servers, copy)
    embedded.drop_database(servers, original)
    assert row == (0,)


def test_a_wrong_password_is_refused(servers: Addresses) -> None:
    url = servers.superuser_url("postgres").replace(servers.postgres_password, "guess")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(url)


def test_the_queue_refuses_strangers_and_never_evicts(servers: Addresses) -> None:
    at_once = Retry(NoBackoff(), 0)
    stranger = redis.Redis(port=servers.redis_port, retry=at_once)
    with stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()
    with redis.Redis.from_url(servers.redis_url()) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_servers_die_with_the_process_that_started_them() -> None:
    home = embedded.new_home()
    code = (
        "import sys, time; from pathlib import Path; from tests.embedded import EmbeddedServers\n"
        "servers = EmbeddedServers(Path(sys.argv[1])); servers.start(); print(servers.redis.pid, flush=True)\n"
        "time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(home)], stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        redis_process = psutil.Process(int(starter.stdout.readline()))
        starter.kill()
    psutil.wait_procs([redis_process], timeout=10)
    shutil.rmtree(home)
    assert not redis_process.is_running() or redis_process.status() == psutil.STATUS_ZOMBIE


def test_servers_of_a_fault_test_come_back_with_their_data(own_servers: EmbeddedServers) -> None:
    with redis.Redis.from_url(own_servers.addresses.redis_url()) as client:
        client.set("kept", "yes")
    with connect(own_servers.addresses.owner_url("belay")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS n")
    own_servers.stop_redis()
    own_servers.stop_postgres(signal.SIGQUIT)
    own_servers.start_redis()
    own_servers.start_postgres()
    with redis.Redis.from_url(own_servers.addresses.redis_url()) as client:
        assert client.get("kept") == b"yes"
    with connect(own_servers.addresses.owner_url("belay")) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (1,)
