"""Prometheus metrics that all services share."""

import os

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector

from shared.settings import Settings

MESSAGES = Counter("belay_messages_total", "Messages received, by outcome.", ["consumer", "name", "outcome"])
MESSAGE_SECONDS = Histogram("belay_message_seconds", "Seconds spent on a message.", ["consumer", "name"])
OUTBOX_LAG = Gauge(
    "belay_outbox_lag_seconds", "Age of the oldest message that is due and not yet published.", multiprocess_mode="max"
)
OUTBOX_ROWS = Gauge("belay_outbox_rows", "Outbox rows by state.", ["state"], multiprocess_mode="max")
PUBLISHED = Counter("belay_published_total", "Messages handed to the queue.", ["queue"])
SWEPT = Counter("belay_swept_total", "Messages published again because nobody had received them.", ["queue"])
REQUEST_SECONDS = Histogram(
    "belay_request_seconds",
    "Seconds to answer a request.",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
RATE_LIMIT_FAILED_OPEN = Counter("belay_rate_limit_failed_open_total", "Requests let through without a count.")
MAIL = Counter("belay_mail_total", "E-mails by how they ended; queued: to be tried again.", ["template", "outcome"])


def serve_metrics(settings: Settings) -> None:
    """Answer /metrics if the settings name a port."""
    if settings.metrics_port:
        start_http_server(settings.metrics_port, addr=settings.metrics_host, registry=_registry())


def _registry() -> CollectorRegistry:
    """What this process counts; in a worker, what its children count (see `forked`)."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
