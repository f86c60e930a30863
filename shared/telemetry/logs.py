"""Structured logs: one JSON object a line in production, readable lines elsewhere. Never personal data."""

import logging
import sys
import threading
from typing import Any

import structlog

FORBIDDEN_KEYS = frozenset({"email", "name", "token", "code", "password", "answer", "address"})


def configure_logs(service: str, *, as_json: bool) -> None:
    """Send structlog's, the standard library's and uvicorn's logs to stderr in one form."""
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
    threading.excepthook = _log_end_of_thread
    logging.getLogger("uvicorn").handlers.clear()
    logging.getLogger("uvicorn").propagate = True


def _naming(service: str) -> Any:
    """Says which service speaks, from every request, task and thread: they have contexts of their own."""
    return lambda _logger, _method, event: {**event, "service": service}


def _log_end_of_thread(failed: threading.ExceptHookArgs) -> None:
    if failed.exc_value is not None:
        logging.getLogger(__name__).error("a thread ended", exc_info=failed.exc_value)


def _drop_personal_data(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    return {key: ("[not logged]" if key in FORBIDDEN_KEYS else value) for key, value in event.items()}
