"""What a worker's processes count can be read from the worker: alerts hang on it."""

from urllib.request import urlopen

from infra.local.ports import any_free_port
from shared.contracts.messages import Queue
from tests.faults.processes import wait_until
from tests.faults.world import World

CANARY = 'belay_messages_total{consumer="notifier",name="CanarySent",outcome="done"} 1.0'


def test_a_worker_tells_what_its_processes_count(world: World) -> None:
    world.start_relay()  # which sends a canary through every queue
    port = any_free_port()
    world.environment["BELAY_METRICS_PORT"] = str(port)
    worker = world.start_service("notifier", Queue.NOTIFIER)
    wait_until(lambda: "ready" in worker.said() or not worker.is_running, "the worker is ready")
    wait_until(lambda: CANARY in scrape(port), "the canary is counted")


def scrape(port: int) -> str:
    with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        return str(answer.read().decode())
