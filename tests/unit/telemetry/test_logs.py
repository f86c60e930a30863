"""Whatever a service writes in production is one JSON object a line that names the service."""

import json
import subprocess
import sys
from typing import Any


def lines_of(code: str) -> list[dict[str, Any]]:
    """What a process that configured its logs in a deployment's way wrote to stderr."""
    begin = "from shared.telemetry.logs import configure_logs; configure_logs('api', as_json=True)\n"
    done = subprocess.run([sys.executable, "-c", begin + code], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_a_line_from_a_context_of_its_own_names_the_service() -> None:
    [line] = lines_of(
        "import contextvars, structlog\n"
        "contextvars.Context().run(structlog.get_logger().info, 'request')"
    )  # fmt: skip
    assert (line["service"], line["event"]) == ("api", "request")


def test_no_line_tells_who_somebody_is() -> None:
    [line] = lines_of("import structlog; structlog.get_logger().info('mail', email='somebody@example.org')")
    assert line["email"] == "[not logged]"


def test_uvicorns_own_lines_have_the_same_form() -> None:
    [line] = lines_of(
        "import logging\n"
        "from uvicorn import Config\n"
        "Config('x:y'); configure_logs('api', as_json=True)\n"
        "logging.getLogger('uvicorn.error').info('Started server process')"
    )
    assert (line["service"], line["event"]) == ("api", "Started server process")


def test_what_a_workers_pool_says_has_the_same_form() -> None:
    [line] = lines_of(
        "from unittest.mock import Mock\n"
        "from celery.utils.log import get_multiprocessing_logger\n"
        "from shared.outbox.consumer import make_worker\n"
        "from shared.settings import Settings\n"
        "make_worker('notifier', Settings(log_json=True), Mock()).log.setup()\n"
        "get_multiprocessing_logger().info('a child began')\n"
        "get_multiprocessing_logger().error('a child was killed')"
    )
    assert (line["service"], line["event"]) == ("notifier", "a child was killed")


def test_the_end_of_a_thread_is_one_line() -> None:
    [line] = lines_of(
        "import threading\n"
        "def end(): raise LookupError('gone')\n"
        "thread = threading.Thread(target=end); thread.start(); thread.join()"
    )
    assert (line["event"], line["level"]) == ("a thread ended", "error")
    assert line["exception"].endswith("LookupError: gone")
