"""The request id that runs through all services: from the browser's request to the last worker's log line."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import uuid4

import structlog

_request_id: ContextVar[str] = ContextVar("request_id", default="")


def current_request_id() -> str:
    return _request_id.get() or uuid4().hex


@contextmanager
def request_id_scope(request_id: str | None) -> Iterator[str]:
    """Everything logged or sent inside the block carries this id."""
    value = request_id or uuid4().hex
    token = _request_id.set(value)
    try:
        with structlog.contextvars.bound_contextvars(request_id=value):
            yield value
    finally:
        _request_id.reset(token)
