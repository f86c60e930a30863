"""The JSON API's own description is whole: every operation says what it does and how it fails."""

import json
from typing import Any

import pytest

from services.api.app import create_app
from shared.settings import Environment, Settings
from tests.integration.access.matrix import all_rows


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


def _is_change(name: str) -> bool:
    return not name.startswith("get ")


def _answers(told: dict[str, Any]) -> set[str]:
    return {status for status in told["responses"] if int(status) >= 400}


def test_every_failure_is_a_problem_and_nothing_else(document: dict[str, Any]) -> None:
    other = {
        (name, status)
        for name, told in _operations(document)
        for status in _answers(told)
        if told["responses"][status]["content"]
        != {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    }
    assert other == set()
    assert "HTTPValidationError" not in json.dumps(document)


def test_every_operation_may_be_unavailable_or_asked_too_often_and_says_when_to_come_again(
    document: dict[str, Any],
) -> None:
    for name, told in _operations(document):
        for status in ("429", "503"):
            assert "Retry-After" in told["responses"][status]["headers"], name


def test_a_change_may_come_too_late_or_be_too_large_and_a_look_may_not(document: dict[str, Any]) -> None:
    for name, told in _operations(document):
        assert _answers(told) & {"409", "413"} == ({"409", "413"} if _is_change(name) else set()), name


def test_whatever_answers_strangers_with_401_names_the_session_cookie_and_changes_the_form_token(
    document: dict[str, Any],
) -> None:
    schemes = document["components"]["securitySchemes"]
    assert {name: (one["in"], one["name"]) for name, one in schemes.items()} == {
        "session": ("cookie", "belay"),
        "formToken": ("header", "X-CSRF-Token"),
    }
    for name, told in _operations(document):
        wanted = {"session", "formToken"} if _is_change(name) else {"session"}
        asked = [set(one) for one in told.get("security", [])]
        assert asked == ([wanted] if "401" in told["responses"] else []), name


def test_a_log_in_is_asked_for_wherever_the_access_matrix_turns_strangers_away(document: dict[str, Any]) -> None:
    published = dict(_operations(document))
    rows = [row for row in all_rows() if f"{row.method.lower()} {row.route}" in published]
    for row in rows:
        asks = "security" in published[f"{row.method.lower()} {row.route}"]
        assert asks == (row.expected["stranger"] == 401), row.id
    assert len(rows) >= len(published)


def test_over_https_the_cookies_go_by_their_pinned_names() -> None:
    public = Settings(environment=Environment.TEST, public_url="https://belay.example.org")
    schemes = create_app(public).openapi()["components"]["securitySchemes"]
    assert schemes["session"]["name"] == "__Host-belay"
    assert "`__Host-belay-browser`" in schemes["formToken"]["description"]


def test_the_description_tells_how_to_get_the_cookie_and_the_token(document: dict[str, Any]) -> None:
    told = document["info"]["description"]
    assert [word for word in ("/login/code", "X-CSRF-Token", "GET /api/v1/me", "RFC 9457") if word not in told] == []


def _named_in(schema: Any) -> set[str]:
    """The names of the schemas that one refers to."""
    if isinstance(schema, list):
        return {name for part in schema for name in _named_in(part)}
    if not isinstance(schema, dict):
        return set()
    own = {schema["$ref"].rpartition("/")[2]} if "$ref" in schema else set()
    return own | {name for part in schema.values() for name in _named_in(part)}


def test_no_body_takes_a_key_that_it_does_not_know(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    found, waiting = set(), _named_in([told.get("requestBody") for _, told in _operations(document)])
    while waiting:
        found |= waiting
        waiting = {name for one in waiting for name in _named_in(schemas[one])} - found
    objects = {name for name in found if schemas[name].get("type") == "object"}
    assert len(objects) > 15
    assert {name for name in objects if schemas[name].get("additionalProperties") is not False} == set()


def test_names_of_operations_are_unique(document: dict[str, Any]) -> None:
    names = [told["operationId"] for _, told in _operations(document)]
    assert len(names) == len(set(names))
