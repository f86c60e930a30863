"""How Celery carries messages: each of these settings was measured to matter, and the default of each loses some."""

import pytest

from shared.outbox.queue import HARD_LIMIT_SECONDS, SOFT_SHUTDOWN_SECONDS, VISIBILITY_TIMEOUT_SECONDS, make_celery

CONF = make_celery("test", "redis://127.0.0.1:1/0").conf


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("task_acks_late", True),
        ("task_reject_on_worker_lost", True),
        ("worker_prefetch_multiplier", 1),
        ("worker_disable_prefetch", True),
        ("task_ignore_result", True),
        ("result_backend", None),
        ("task_serializer", "json"),
        ("accept_content", ["json"]),
        ("task_create_missing_queues", False),
        ("worker_enable_soft_shutdown_on_idle", True),
        ("worker_soft_shutdown_timeout", SOFT_SHUTDOWN_SECONDS),
    ],
)
def test_messages_are_carried_carefully(setting: str, value: object) -> None:
    assert CONF[setting] == value


def test_there_is_one_visibility_timeout_wherever_celery_looks_for_it() -> None:
    """The shortest of any service on a broker wins for all."""
    told = {
        CONF.broker_transport_options["visibility_timeout"],
        CONF.result_backend_transport_options["visibility_timeout"],
        CONF.visibility_timeout,
    }
    assert told == {VISIBILITY_TIMEOUT_SECONDS}


def test_no_task_is_delivered_again_while_it_runs() -> None:
    assert CONF.task_time_limit == HARD_LIMIT_SECONDS <= VISIBILITY_TIMEOUT_SECONDS / 4


def test_a_broker_that_freezes_is_noticed() -> None:
    options = CONF.broker_transport_options
    assert options["unacked_restore_throttle"] == 1
    assert options["socket_timeout"] == options["health_check_interval"] == 10
