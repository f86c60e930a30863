"""Structured logs: one JSON object a line in production, readable lines elsewhere. Never personal data."""

import logging
import sys
from typing import Any

import structlog

FORBIDDEN_KEYS = frozenset({"email", "name", "token", "code", "password", "answer", "address"})


def configure_logs(service: str, *, as_json: bool) -> None:
    """Send structlog and the standard library's logs to stderr in one form."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _naming(service),
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _drop_personal_data,
    ]
    renderer: Any = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                renderer,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)


def _naming(service: str) -> Any:
    """Says which service speaks, from every thread and task: they have contexts of their own."""

    def name(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
        return {**event, "service": service}

    return name


def _drop_personal_data(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    return {key: ("[not logged]" if key in FORBIDDEN_KEYS else value) for key, value in event.items()}
