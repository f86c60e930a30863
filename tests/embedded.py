"""A PostgreSQL and a Redis-protocol server of the tests' own.

One pair serves a whole test run, shared by its xdist workers. A keeper process (`python -m tests.embedded`)
holds the pair and ends it when the run that asked for it is gone, however it went. Fault tests start a pair
of their own (`EmbeddedServers`) that they may kill, freeze and restart.
"""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType

import psutil
import psycopg
from psycopg import sql

from infra.local import postgres, redis
from infra.local.account import Account
from infra.local.ports import LOOPBACK, any_free_port

OWNER_PASSWORD = "owner-of-the-tests"
ROLE_PASSWORDS = {name: f"{name}-of-the-tests" for name in ("api", "matcher", "notifier", "relay")}
TEMPLATE = "belay_template"
READY_FILE = "servers.json"

# A server dies with the process that started it, even if that one was killed. (Linux; elsewhere it may be left over.)
LEASH = ("setpriv", "--pdeathsig", "KILL", "--") if shutil.which("setpriv") else ()


@dataclass(frozen=True)
class Addresses:
    """Where a pair of servers answers."""

    postgres_port: int
    postgres_password: str
    redis_port: int
    redis_password: str

    def owner_url(self, database: str) -> str:
        return self._database_url(postgres.OWNER, OWNER_PASSWORD, database)

    def superuser_url(self, database: str) -> str:
        return self._database_url(postgres.SUPERUSER, self.postgres_password, database)

    def role_urls(self, database: str) -> dict[str, str]:
        return {
            name: self._database_url(f"belay_{name}", password, database)
            for name, password in ROLE_PASSWORDS.items()
        }

    def redis_url(self, number: int = 0) -> str:
        return f"redis://:{self.redis_password}@{LOOPBACK}:{self.redis_port}/{number}"

    def _database_url(self, role: str, password: str, database: str) -> str:
        return f"postgresql+psycopg://{role}:{password}@{LOOPBACK}:{self.postgres_port}/{database}"


class EmbeddedServers:
    """A running pair under one directory; each server can be stopped, killed, frozen and started again."""

    def __init__(self, directory: Path, *, durable: bool = False) -> None:
        password = postgres.new_password()
        options = postgres.DURABLE if durable else postgres.THROWAWAY
        self._directory = directory
        self._cluster = postgres.cluster_at(directory / "postgres", any_free_port(), password, options)
        self._broker = redis.Broker(directory / "redis", any_free_port(), password, durable)
        self.addresses = Addresses(self._cluster.port, password, self._broker.port, password)
        self.postgres: subprocess.Popen[bytes] | None = None
        self.redis: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        postgres.initialize(self._cluster)
        redis.initialize(self._broker)
        self.start_redis()
        self.start_postgres()
        postgres.ensure_owner(self._cluster, "belay", OWNER_PASSWORD)

    def start_postgres(self) -> None:
        self.postgres = self._launch(self._cluster.command(), "postgres.log", self._cluster.account)
        postgres.wait_until_ready(self._cluster)

    def start_redis(self) -> None:
        self.redis = self._launch(self._broker.command(), "redis.log", None)
        redis.wait_until_ready(self._broker)

    def stop_postgres(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT ends connections and stops; SIGQUIT stops without a checkpoint, as a crash would."""
        _end(self.postgres, how)
        self.postgres = None

    def stop_redis(self, how: signal.Signals = signal.SIGTERM) -> None:
        _end(self.redis, how)
        self.redis = None

    def stop(self) -> None:
        self.stop_redis(signal.SIGKILL)
        self.stop_postgres(signal.SIGQUIT)

    def _launch(self, command: list[str], log: str, account: Account | None) -> subprocess.Popen[bytes]:
        user, group = (account.uid, account.gid) if account else (None, None)
        with (self._directory / log).open("ab") as output:
            return subprocess.Popen(
                [*LEASH, *command], stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/",
                start_new_session=True, user=user, group=group, extra_groups=[] if account else None,
            )  # fmt: skip


def _end(process: subprocess.Popen[bytes] | None, how: signal.Signals) -> None:
    if process is None:
        return
    process.send_signal(how)
    process.send_signal(signal.SIGCONT)
    process.wait(timeout=30)


# --- the pair that a test run shares ---


def new_home() -> Path:
    """A short path (Unix sockets) that PostgreSQL's own account may enter."""
    import tempfile

    home = Path(tempfile.mkdtemp(prefix="belay-test-"))
    home.chmod(0o755)
    return home


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Held by one process of the test run at a time."""
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def shared_servers(home: Path, run: int) -> Addresses:
    """The pair under `home`, started by whoever asks first; it ends with the process `run`."""
    ready = home / READY_FILE
    with locked(home / "servers.lock"):
        if not ready.exists():
            _start_keeper(home, run)
        return Addresses(**json.loads(ready.read_text()))


def _start_keeper(home: Path, run: int) -> None:
    # Spawned rather than Popened: the keeper outlives the worker that asked for it.
    with (home / "keeper.log").open("ab") as log:
        words = [sys.executable, "-m", "tests.embedded", str(home), str(run)]
        output = [(os.POSIX_SPAWN_DUP2, log.fileno(), number) for number in (1, 2)]
        keeper = os.posix_spawn(sys.executable, words, os.environ, file_actions=output, setsid=True)
    while not (home / READY_FILE).exists():
        if os.waitpid(keeper, os.WNOHANG) != (0, 0):
            raise RuntimeError("The tests' servers did not start:\n" + (home / "keeper.log").read_text())
        time.sleep(0.02)


def keep_servers(home: Path, run: int) -> None:
    """Start the pair, say where it is, and hold it until `run` is gone."""
    servers = EmbeddedServers(home)
    signal.signal(signal.SIGTERM, _leave)
    try:
        servers.start()
        draft = home / "draft.json"
        draft.write_text(json.dumps(asdict(servers.addresses)))
        draft.rename(home / READY_FILE)
        _wait_for_end(run)
    finally:
        servers.stop()
        shutil.rmtree(home, ignore_errors=True)


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _wait_for_end(run: int) -> None:
    try:
        psutil.Process(run).wait()
    except psutil.NoSuchProcess:
        return


# --- databases ---


def service_environment(addresses: Addresses, database: str, redis_number: int = 0) -> dict[str, str]:
    """The settings that let services run against one database of the pair."""
    roles = {f"BELAY_{role.upper()}_DATABASE_URL": url for role, url in addresses.role_urls(database).items()}
    return {
        "BELAY_ENVIRONMENT": "test",
        "BELAY_OWNER_DATABASE_URL": addresses.owner_url(database),
        "BELAY_REDIS_URL": addresses.redis_url(redis_number),
        "HF_HUB_OFFLINE": "1",
        **roles,
    }


def make_template(addresses: Addresses, home: Path) -> str:
    """The database that the migrations made, once for all workers."""
    stamp = home / "template.done"
    with locked(home / "template.lock"):
        if not stamp.exists():
            create_database(addresses, TEMPLATE)
            migrate(service_environment(addresses, TEMPLATE))
            stamp.touch()
    return TEMPLATE


def migrate(environment: Mapping[str, str]) -> None:
    command = [sys.executable, "-m", "shared.migrations"]
    variables = {**os.environ, **environment}
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"The migrations failed:\n{done.stdout}{done.stderr}")


def create_database(addresses: Addresses, name: str, template: str | None = None) -> None:
    """A copy of `template`, or an empty database with the one extension Belay assumes."""
    # Copying files takes a fifth of the time of copying through the log, and nothing here has to survive.
    create = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY").format(
        sql.Identifier(name), sql.Identifier(postgres.OWNER), sql.Identifier(template or "template0")
    )
    with _as_superuser(addresses, "postgres") as connection:
        connection.execute(create)
    if template is None:
        with _as_superuser(addresses, name) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS vector")


def drop_database(addresses: Addresses, name: str) -> None:
    with _as_superuser(addresses, "postgres") as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _as_superuser(addresses: Addresses, database: str) -> psycopg.Connection:
    url = addresses.superuser_url(database).replace("+psycopg", "")
    return psycopg.connect(url, autocommit=True)


if __name__ == "__main__":
    keep_servers(Path(sys.argv[1]), int(sys.argv[2]))
