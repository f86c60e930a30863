"""The request id ends with its request, also with one that failed."""

import pytest

from shared.telemetry.context import current_request_id, request_id_scope


def test_a_request_that_failed_leaves_its_id_to_nobody() -> None:
    with pytest.raises(RuntimeError), request_id_scope("abc-12345"):
        raise RuntimeError
    assert current_request_id() != "abc-12345"
