"""Whether the one program of a container does its work: `python healthcheck.py http 8000/healthz | worker notifier`."""

import os
import socket
import sys
import urllib.error
import urllib.request

SECONDS = 5


def answers(place: str) -> bool:
    """An HTTP server of this container answers with success."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{place}", timeout=SECONDS) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def works(service: str) -> bool:
    """The Celery worker of this container answers through the broker, so that it also receives messages."""
    from shared.outbox.queue import make_celery

    app = make_celery("health", os.environ["BELAY_REDIS_URL"])
    name = f"{service}@{socket.gethostname()}"
    return bool(app.control.ping(destination=[name], timeout=SECONDS))


CHECKS = {"http": answers, "worker": works}

if __name__ == "__main__":
    sys.exit(0 if CHECKS[sys.argv[1]](sys.argv[2]) else 1)
