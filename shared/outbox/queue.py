"""Celery as transport: what every service's worker and the relay have in common.

Postgres knows what happened (outbox, inbox); Redis only carries it. So a task may come twice or late or, after a
flush, be published again: the inbox makes each message count once.
"""

from typing import Any

from celery import Celery
from kombu.entity import Queue as BrokerQueue

from shared.contracts.messages import Queue
from shared.outbox.slots import release_slots

RECEIVE_TASK = "belay.receive"

# A task that runs longer than the broker's visibility timeout is delivered again while it runs, so the hard limit
# stays far below. The shortest timeout of any service on a broker wins for all: it is set here and nowhere else.
VISIBILITY_TIMEOUT_SECONDS = 3600
HARD_LIMIT_SECONDS = VISIBILITY_TIMEOUT_SECONDS // 4
SOFT_SHUTDOWN_SECONDS = 30


def make_celery(service: str, redis_url: str) -> Celery:
    """The Celery application of one service (or of the relay)."""
    release_slots()
    app = Celery(service, broker=redis_url, set_as_current=False)
    app.conf.update(_configuration())
    return app


def _configuration() -> dict[str, Any]:
    return {
        "task_queues": [BrokerQueue(name, routing_key=name) for name in Queue.ALL],  # type: ignore[no-untyped-call]
        "task_create_missing_queues": False,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_ignore_result": True,
        "result_backend": None,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_time_limit": HARD_LIMIT_SECONDS,
        "worker_prefetch_multiplier": 1,
        "worker_disable_prefetch": True,
        "worker_soft_shutdown_timeout": SOFT_SHUTDOWN_SECONDS,
        "worker_enable_soft_shutdown_on_idle": True,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,  # it would make a log line of every piece that is written
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "worker_send_task_events": False,
        "broker_connection_retry_on_startup": True,
        # Celery looks for it in three places, depending on who asks.
        "visibility_timeout": VISIBILITY_TIMEOUT_SECONDS,
        "result_backend_transport_options": {"visibility_timeout": VISIBILITY_TIMEOUT_SECONDS},
        "broker_transport_options": {
            "visibility_timeout": VISIBILITY_TIMEOUT_SECONDS,
            "unacked_restore_throttle": 1,
            "socket_timeout": 10,
            "health_check_interval": 10,
        },
    }
