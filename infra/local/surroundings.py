"""What the services of one checkout are told: ports, passwords, addresses.

Ports and passwords are made once and kept. Whoever sets BELAY_OWNER_DATABASE_URL or BELAY_REDIS_URL
(in the environment or in `.env`) brings servers of their own, and the embedded ones stay off.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from infra.local import postgres, redis
from infra.local.layout import Layout
from infra.local.ports import LOOPBACK, free_port_near
from infra.local.settings_file import read_settings, write_settings
from shared.security.keyring import new_key

ROLES = ("api", "matcher", "notifier", "relay")
DATABASE = "belay"
PORTS = {"LOCAL_API_PORT": 8000, "LOCAL_POSTGRES_PORT": 54320, "LOCAL_REDIS_PORT": 63790}
PORT_NAMES = {"LOCAL_API_PORT": "the web address", "LOCAL_POSTGRES_PORT": "PostgreSQL", "LOCAL_REDIS_PORT": "Redis"}
ENVIRONMENT_FILE = ".env"


@dataclass(frozen=True)
class Surroundings:
    """`kept` survives in var/local.env; `given` comes from the person and always wins."""

    layout: Layout
    kept: Mapping[str, str]
    given: Mapping[str, str]

    @property
    def own_database(self) -> bool:
        return "BELAY_OWNER_DATABASE_URL" in self.given

    @property
    def own_redis(self) -> bool:
        return "BELAY_REDIS_URL" in self.given

    @property
    def api_port(self) -> int:
        return int(self.kept["LOCAL_API_PORT"])

    @property
    def public_url(self) -> str:
        return self.settings()["BELAY_PUBLIC_URL"]

    def cluster(self) -> postgres.Cluster:
        port, password = int(self.kept["LOCAL_POSTGRES_PORT"]), self.kept["LOCAL_POSTGRES_PASSWORD"]
        return postgres.cluster_at(self.layout.var / "postgres", port, password, postgres.DURABLE)

    def broker(self) -> redis.Broker:
        port, password = int(self.kept["LOCAL_REDIS_PORT"]), self.kept["LOCAL_REDIS_PASSWORD"]
        return redis.Broker(self.layout.var / "redis", port, password, durable=True)

    def settings(self) -> dict[str, str]:
        """Every BELAY_ variable, for all services together."""
        made = {
            "BELAY_ENVIRONMENT": "development",
            "BELAY_DEMO": self.kept.get("LOCAL_DEMO", "false"),
            "BELAY_OWNER_DATABASE_URL": self._database_url("owner"),
            **{f"BELAY_{role.upper()}_DATABASE_URL": self._database_url(role) for role in ROLES},
            "BELAY_REDIS_URL": self.broker().url,
            "BELAY_PUBLIC_URL": f"http://{LOOPBACK}:{self.api_port}",
            "BELAY_SECRET_KEY": self.kept["LOCAL_SECRET_KEY"],
            "BELAY_DIMENSION_KEYS": self.kept["LOCAL_DIMENSION_KEYS"],
            "BELAY_PUBLISH_GRACE_SECONDS": "20",
            "BELAY_MAIL_CHANNEL": "file",
            "BELAY_MAIL_DIRECTORY": str(self.layout.var / "mail"),
            "HF_HUB_OFFLINE": "1",
        }
        return {**made, **self.given}

    def _database_url(self, role: str) -> str:
        password = self.kept[f"LOCAL_{role.upper()}_PASSWORD"]
        place = f"{LOOPBACK}:{self.kept['LOCAL_POSTGRES_PORT']}/{DATABASE}"
        if self.own_database:
            parts = urlsplit(self.given["BELAY_OWNER_DATABASE_URL"])
            place = parts._replace(scheme="", netloc=parts.netloc.rpartition("@")[2]).geturl().removeprefix("//")
        return f"postgresql+psycopg://belay_{role}:{password}@{place}"


def load_surroundings(layout: Layout) -> Surroundings:
    """Read what is kept, make what is missing, and keep that too."""
    kept = {**_fresh(), **read_settings(layout.kept)}
    given = {**read_settings(layout.project / ENVIRONMENT_FILE), **os.environ}
    relevant = {name: value for name, value in given.items() if name.startswith(("BELAY_", "HF_"))}
    return Surroundings(layout, kept, relevant)


def keep(surroundings: Surroundings) -> None:
    surroundings.layout.var.mkdir(parents=True, exist_ok=True)
    write_settings(surroundings.layout.kept, surroundings.kept)


def with_kept(surroundings: Surroundings, **changes: str) -> Surroundings:
    return replace(surroundings, kept={**surroundings.kept, **changes})


def move_off_taken_ports(surroundings: Surroundings) -> tuple[Surroundings, list[str]]:
    """Choose other ports where somebody sits on ours; a sentence for each move."""
    moves: dict[str, str] = {}
    sentences = []
    for name in PORTS:
        wanted = int(surroundings.kept[name])
        port = free_port_near(wanted)
        if port != wanted and not _is_unused(surroundings, name):
            moves[name] = str(port)
            sentences.append(f"Port {wanted} is taken by another program; {PORT_NAMES[name]} moves to {port}.")
    return with_kept(surroundings, **moves), sentences


def _is_unused(surroundings: Surroundings, port_name: str) -> bool:
    own = {"LOCAL_POSTGRES_PORT": surroundings.own_database, "LOCAL_REDIS_PORT": surroundings.own_redis}
    return own.get(port_name, False)


def _fresh() -> dict[str, str]:
    accounts = ("POSTGRES", "OWNER", "API", "MATCHER", "NOTIFIER", "RELAY", "REDIS")
    return {
        **{name: str(port) for name, port in PORTS.items()},
        **{f"LOCAL_{account}_PASSWORD": postgres.new_password() for account in accounts},
        "LOCAL_SECRET_KEY": secrets.token_urlsafe(48),
        "LOCAL_DIMENSION_KEYS": new_key("local1"),
        "LOCAL_DEMO": "false",
    }
