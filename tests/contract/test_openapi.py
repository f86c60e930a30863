"""The JSON API's own description is whole: every operation says what it does and how it fails."""

from typing import Any

import pytest

from services.api.app import create_app
from shared.settings import Environment, Settings


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    described: dict[str, Any] = create_app(Settings(environment=Environment.TEST)).openapi()
    return described


def _operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(f"{verb} {path}", told) for path, verbs in document["paths"].items() for verb, told in verbs.items()]


def test_only_versioned_paths_are_published(document: dict[str, Any]) -> None:
    assert [path for path in document["paths"] if not path.startswith("/api/v1/")] == []


def test_every_operation_has_a_summary_and_a_tag(document: dict[str, Any]) -> None:
    assert [name for name, told in _operations(document) if not (told.get("summary") and told.get("tags"))] == []


def test_every_operation_says_how_it_fails(document: dict[str, Any]) -> None:
    silent = [
        name
        for name, told in _operations(document)
        if not any("application/problem+json" in a.get("content", {}) for a in told["responses"].values())
    ]
    assert silent == []


def test_names_of_operations_are_unique(document: dict[str, Any]) -> None:
    names = [told["operationId"] for _, told in _operations(document)]
    assert len(names) == len(set(names))
