"""A service's worker process: Celery hands each envelope to the inbox."""

import logging
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_process_init
from celery.utils.log import get_multiprocessing_logger

from shared.outbox.inbox import Envelope, Inbox
from shared.outbox.queue import RECEIVE_TASK, make_celery
from shared.settings import Settings
from shared.telemetry.context import request_id_scope
from shared.telemetry.logs import configure_logs
from shared.telemetry.metrics import serve_metrics


def make_worker(service: str, settings: Settings, inbox: Inbox) -> Celery:
    """The Celery application that `celery -A services.<service>.worker:app worker` runs."""
    configure_logs(service, as_json=settings.log_json)
    setup_logging.connect(_keep_logs_in_one_form, weak=False)
    serve_metrics(settings)
    app = make_celery(service, settings.redis_url.get_secret_value())

    def receive(task: Any, envelope: dict[str, Any]) -> None:
        arrived = Envelope.model_validate(envelope)
        with request_id_scope(arrived.request_id):
            inbox.receive(arrived, came_back=bool(task.request.delivery_info.get("redelivered")))

    app.task(name=RECEIVE_TASK, bind=True)(receive)

    # A forked child must not share its parent's database connections.
    worker_process_init.connect(_forget_connections(inbox), weak=False)
    return app


def _keep_logs_in_one_form(**_: Any) -> None:
    """Celery sets up no logs beside ours; what goes wrong in its pool (a child was killed) is a line like any other."""
    pool = get_multiprocessing_logger()
    pool.propagate = True
    pool.setLevel(logging.ERROR)


def _forget_connections(inbox: Inbox) -> Any:
    def forget(**_: Any) -> None:
        inbox.database.engine.dispose(close=False)

    return forget
