"""What one fault test needs: servers that it may ill-treat, programs on them, and a look at what came of it."""

from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import redis
from sqlalchemy import func, select, text

from infra.local.ports import any_free_port
from shared.contracts.messages import ParticipantChanged
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.models.messaging import InboxMessage, OutboxMessage, OutboxState
from shared.outbox.writing import send
from shared.settings import Settings
from tests.embedded import EmbeddedServers
from tests.faults.ambush import Ambush, Moment, Target
from tests.faults.processes import Program, wait_until

VICTIMS = "tests.faults.victims"
QUIET = ("--loglevel", "INFO", "--without-gossip", "--without-mingle", "--without-heartbeat")


@dataclass
class World:
    """Programs by name; whatever still runs at the end of the test is killed."""

    servers: EmbeddedServers
    environment: dict[str, str]
    home: Path
    owner: Database
    api: Database
    programs: dict[str, Program] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        """As the programs read them."""
        named = {name.removeprefix("BELAY_").lower(): value for name, value in self.environment.items()}
        return Settings.model_validate(named)

    # --- programs ---

    def ambush(self, words: str, *moments: Moment, target: Target = Target.PROCESS, chance: float = 1.0) -> Ambush:
        """One kill at each of the moments."""
        return Ambush(words, self.home / f"bullets-{uuid4().hex}", target, chance).load(moments)

    def start_relay(self, ambush: Ambush | None = None) -> Program:
        return self._start("relay", [f"{VICTIMS}.relay"], ambush)

    def start_worker(self, ambush: Ambush | None = None, processes: int = 1) -> Program:
        """The worker whose effects are counted."""
        return self._celery("worker", f"{VICTIMS}.worker:app", "matcher", ambush, processes)

    def start_matcher(self, queue: str, ambush: Ambush | None = None) -> Program:
        return self._celery("matcher", f"{VICTIMS}.matcher:app", queue, ambush)

    def start_service(self, service: str, queue: str) -> Program:
        """A service's worker as it is deployed."""
        return self._celery(service, f"services.{service}.worker:app", queue)

    def start_api(self, ambush: Ambush | None = None) -> str:
        """Its address, once it answers."""
        port = any_free_port()
        words = ["uvicorn", f"{VICTIMS}.api:create_app", "--factory", "--host", "127.0.0.1", "--port", str(port)]
        program = self._start("api", words, ambush)
        wait_until(lambda: "Uvicorn running" in program.said() or not program.is_running, "the API starts")
        assert program.is_running, program.said()
        return f"http://127.0.0.1:{port}"

    def kill_all(self) -> None:
        for program in self.programs.values():
            program.kill()

    def _celery(
        self, name: str, application: str, queue: str, ambush: Ambush | None = None, processes: int = 1
    ) -> Program:
        words = ["celery", "-A", application, "worker", "-Q", queue, "-c", str(processes), "-n", f"{name}@%h", *QUIET]
        return self._start(name, words, ambush)

    def _start(self, name: str, words: list[str], ambush: Ambush | None) -> Program:
        if name in self.programs:
            self.programs[name].kill()
        log = self.home / f"{name}-{uuid4().hex[:6]}.log"
        environment = {**self.environment, **(ambush.environment() if ambush else {})}
        self.programs[name] = Program(words, environment, log)
        return self.programs[name]

    # --- messages whose effects are counted ---

    def send(self, number: int = 1) -> list[UUID]:
        """As many messages, each committed by itself."""
        return [self._send_one() for _ in range(number)]

    def _send_one(self) -> UUID:
        participant = uuid4()
        with self.api.writing(SYSTEM) as session:
            send(session, ParticipantChanged(participant_id=participant))
        return participant

    def effects(self) -> list[UUID]:
        with self.owner.reading(SYSTEM) as session:
            return list(session.scalars(text("SELECT participant_id FROM matching.effect")))

    def wait_for_effects(self, wanted: list[UUID]) -> None:
        """Each of these has had its effect, and nothing has had two."""
        wait_until(lambda: set(wanted) <= set(self.effects()), f"{len(wanted)} effects")
        assert sorted(self.effects()) == sorted(wanted)

    def wait_until_settled(self) -> None:
        """Nothing is on its way any more: no delivery is left that could have a second effect."""
        wait_until(lambda: self.on_their_way() == 0, "every message is received or set aside")

    def on_their_way(self) -> int:
        waiting = (OutboxState.PENDING, OutboxState.PUBLISHED)
        unsettled = (OutboxMessage.state.in_(waiting), OutboxMessage.name == ParticipantChanged.name())
        with self.owner.reading(SYSTEM) as session:
            return session.scalar(select(func.count()).select_from(OutboxMessage).where(*unsettled)) or 0

    def received(self) -> int:
        """Notes of receipt of the counted messages."""
        counted = OutboxMessage.name == ParticipantChanged.name()
        statement = select(func.count()).select_from(InboxMessage).join(
            OutboxMessage, OutboxMessage.id == InboxMessage.message_id
        )  # fmt: skip
        with self.owner.reading(SYSTEM) as session:
            return session.scalar(statement.where(counted)) or 0

    # --- the broker ---

    def queue_length(self, queue: str = "matcher") -> int:
        with redis.Redis.from_url(self.environment["BELAY_REDIS_URL"]) as client:
            return int(client.llen(queue))

    def wait_until_queue_is_empty(self) -> None:
        """Nothing waits, and nothing is in a worker's hands."""
        wait_until(lambda: self.queue_length() + self._unacknowledged() == 0, "the queue is empty")

    def _unacknowledged(self) -> int:
        with redis.Redis.from_url(self.environment["BELAY_REDIS_URL"]) as client:
            return int(client.hlen("unacked"))

    def flush_broker(self) -> None:
        with redis.Redis.from_url(self.environment["BELAY_REDIS_URL"]) as client:
            client.flushall()

    def outbox(self, name: str) -> list[OutboxMessage]:
        with self.owner.reading(SYSTEM) as session:
            return list(session.scalars(select(OutboxMessage).where(OutboxMessage.name == name)))
