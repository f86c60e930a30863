"""Everything that runs, and what each part is allowed to know."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.local.ports import LOOPBACK
from infra.local.surroundings import Surroundings

# Whoever pressed Ctrl-C is waiting: shorter than in a deployment.
SOFT_SHUTDOWN_SECONDS = 5
STOP_SECONDS = 20

DATA = "data"
SERVICES = "services"

# Who may know a secret. A variable that is not named here is for everybody.
CONFIDANTS: Mapping[str, frozenset[str]] = {
    "BELAY_OWNER_DATABASE_URL": frozenset(),
    "BELAY_API_DATABASE_URL": frozenset({"api"}),
    "BELAY_MATCHER_DATABASE_URL": frozenset({"matcher"}),
    "BELAY_NOTIFIER_DATABASE_URL": frozenset({"notifier"}),
    "BELAY_RELAY_DATABASE_URL": frozenset({"relay"}),
    "BELAY_SECRET_KEY": frozenset({"api", "notifier"}),
    "BELAY_DIMENSION_KEYS": frozenset({"api"}),
    "BELAY_SMTP_URL": frozenset({"notifier"}),
}
METRICS_PORT = "BELAY_METRICS_PORT"
# Together on one machine, each takes the next port.
METERED = ("api", "api-inbox", "matcher", "matcher-runs", "notifier", "relay")


@dataclass(frozen=True)
class Program:
    """One supervised process. `service` decides which secrets it sees."""

    name: str
    command: list[str]
    group: str = SERVICES
    service: str = ""
    user: str | None = None
    stop_signal: str = "TERM"
    stop_seconds: int = STOP_SECONDS
    directory: Path | None = None


def all_programs(surroundings: Surroundings) -> list[Program]:
    return [*data_programs(surroundings), *service_programs(surroundings.api_port)]


def data_programs(surroundings: Surroundings) -> list[Program]:
    """The embedded servers, as far as the person did not bring their own."""
    programs = []
    if not surroundings.own_database:
        cluster = surroundings.cluster()
        user = cluster.account.name if cluster.account else None
        # INT is PostgreSQL's fast shutdown: it ends connections instead of waiting for them.
        programs.append(Program("postgres", cluster.command(), DATA, "", user, "INT", 60, Path("/")))
    if not surroundings.own_redis:
        programs.append(Program("redis", surroundings.broker().command(), DATA))
    return programs


def service_programs(api_port: int) -> list[Program]:
    serve = ["uvicorn", "services.api.app:create_app", "--factory", "--host", LOOPBACK, "--port", str(api_port)]
    return [
        Program("api", _module(*serve, "--no-access-log"), service="api"),
        _worker("api-inbox", "api", "api", 1),
        _worker("matcher", "matcher", "matcher", 1),
        _worker("matcher-runs", "matcher", "matcher.runs", 1),
        _worker("notifier", "notifier", "notifier", 2),
        Program("relay", _module("shared.outbox.relay"), service="relay"),
    ]


def settings_of(program: Program, settings: Mapping[str, str]) -> dict[str, str]:
    """The variables this program may see; the data servers see none."""
    if program.group == DATA:
        return {}
    seen = {
        name: value
        for name, value in settings.items()
        if name not in CONFIDANTS or program.service in CONFIDANTS[name]
    }
    if first := settings.get(METRICS_PORT):
        seen[METRICS_PORT] = str(int(first) + METERED.index(program.name))
    return seen


def _worker(name: str, service: str, queue: str, processes: int) -> Program:
    application = f"services.{service}.worker:app"
    words = ["celery", "-A", application, "worker", "-Q", queue, "-c", str(processes)]
    quiet = ["-n", f"{name}@%h", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
    # QUIT is Celery's soft shutdown: what is not done in time goes back to the queue. TERM would wait for ever.
    patience = ["--", f"worker.soft_shutdown_timeout={SOFT_SHUTDOWN_SECONDS}"]
    return Program(
        name, _module(*words, *quiet, *patience), service=service, stop_signal="QUIT", stop_seconds=STOP_SECONDS
    )


def _module(*words: str) -> list[str]:
    return [sys.executable, "-m", *words]
