"""What a worker's children count is told by their parent."""

import os
import subprocess
import sys
from pathlib import Path

CODE = """
import shared.telemetry.forked
import os
from urllib.request import urlopen
from infra.local.ports import free_port_near
from shared.settings import Settings
from shared.telemetry.metrics import MAIL, serve_metrics

port = free_port_near(59100)
serve_metrics(Settings(metrics_port=port))
child = os.fork()
if not child:
    MAIL.labels("login", "dead").inc()
    os._exit(0)
os.waitpid(child, 0)
print(urlopen(f"http://127.0.0.1:{port}/metrics").read().decode())
"""


def test_a_mail_that_a_child_gave_up_is_seen_at_its_parent(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path), "BELAY_METRICS_PORT": "9100"}
    done = subprocess.run([sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, check=True)
    assert 'belay_mail_total{outcome="dead",template="login"} 1.0' in done.stdout.splitlines()
    assert list(tmp_path.iterdir()) == [], "the folder of the counts goes with its process"
