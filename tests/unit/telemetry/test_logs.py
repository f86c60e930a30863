"""Log lines as a deployment collects them."""

import json
import subprocess
import sys

SPEAKING = """
import threading, structlog
from shared.telemetry.logs import configure_logs
configure_logs("matcher", as_json=True)
log = structlog.get_logger()
speaker = threading.Thread(target=lambda: log.info("in a thread", email="somebody@example.org"))
speaker.start(); speaker.join()
"""


def test_every_line_names_its_service_and_no_person_whatever_thread_speaks() -> None:
    said = subprocess.run([sys.executable, "-c", SPEAKING], capture_output=True, text=True, check=True).stderr
    line = json.loads(said)
    assert line["service"] == "matcher"
    assert line["email"] == "[not logged]"
