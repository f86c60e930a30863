"""Whatever somebody sends to whatever asks for something: an answer in words, at the field, and never our mistake."""

import json
from collections.abc import Callable, Iterator
from html import escape
from typing import Any

import pytest

from shared.db.actor import SYSTEM
from shared.db.engine import Database
from tests.factories.browser import Browser
from tests.factories.cast import Cast
from tests.integration.access.matrix import Prepared, Row, all_routes, all_rows
from tests.pagecheck import check_page

TYPED = ("", "x" * 20_000, "a\x00b", "<script>alert(1)</script>\u202e\U0001f600", "-1e400")
SENT: tuple[Any, ...] = (None, [], -1, 1e300, "x" * 20_000, "a\x00b", "\ud800")
SAID = ("usa-error-message", "b-errors", "usa-alert", "need another look", "cannot be kept")
ALLOWED = {200, 201, 202, 204, 303}


def _whoever_may(row: Row) -> str:
    return next((role for role, status in row.expected.items() if status in ALLOWED), "")


def _rows(kind: str) -> list[Row]:
    """The rows that send something, known by what their preparation says; `kind` is form or json."""
    asking = [row for row in all_rows() if row.method in {"POST", "PUT", "PATCH"} and _whoever_may(row)]
    return [row for row in asking if row.route.startswith("/api/") == (kind == "json")]


@pytest.fixture
def prepare(as_owner: Database, cast: Cast) -> Callable[[Row], Prepared]:
    def prepared(row: Row) -> Prepared:
        with as_owner.writing(SYSTEM) as session:
            return row.prepare(session, cast)

    return prepared


def _spoiled(fields: dict[str, Any], values: tuple[Any, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in fields:
        yield name, {key: value for key, value in fields.items() if key != name}
        yield from ((name, {**fields, name: value}) for value in values)


@pytest.mark.parametrize("row", _rows("form"), ids=lambda row: row.id)
def test_a_form_says_what_is_wrong_and_keeps_what_was_typed(
    row: Row, prepare: Callable[[Row], Prepared], browse: Callable[[str], Browser]
) -> None:
    browser, prepared = browse(_whoever_may(row)), prepare(row)
    for name, fields in _spoiled(prepared.get("_form") or {}, TYPED):
        answer = row.ask(browser, {**prepared, "_form": fields})
        assert answer.status_code < 500, (name, answer.text[:300])
        if answer.status_code == 422:
            assert check_page(answer.text) == []
            assert any(sign in answer.text for sign in SAID), (name, answer.text[:3000])
            others = (value for field, value in fields.items() if field != name and isinstance(value, str))
            kept = [value for value in others if 3 < len(value) < 99]
            assert "usa-error-message" not in answer.text or all(escape(value) in answer.text for value in kept), name


@pytest.mark.parametrize("row", _rows("json"), ids=lambda row: row.id)
def test_a_call_says_which_field_is_wrong(
    row: Row, prepare: Callable[[Row], Prepared], browse: Callable[[str], Browser]
) -> None:
    browser, prepared = browse(_whoever_may(row)), prepare(row)
    path = row.route.format_map({key: value for key, value in prepared.items() if not key.startswith("_")})
    headers = {"X-CSRF-Token": browser.csrf_token, "Content-Type": "application/json"}
    bodies = [*_spoiled(prepared.get("_json") or {}, SENT), ("", []), ("", None), ("", "text"), ("", 5)]
    for name, body in bodies:
        answer = browser.request(row.method, path, content=json.dumps(body), headers=headers)
        assert answer.status_code < 500, (name, answer.text[:300])
        if answer.status_code == 422:
            problem = answer.json()
            assert problem.get("fields") or "cannot be kept" in problem["detail"], (name, problem)


NAMED = sorted({path for method, path in all_routes() if method == "GET" and "{" in path})


@pytest.mark.parametrize("route", NAMED)
def test_an_address_that_names_nothing_is_not_found(route: str, browse: Callable[[str], Browser]) -> None:
    names = dict.fromkeys(_names_in(route), "a%00b")
    for role in ("lead", "mentee", "stranger"):
        answer = browse(role).get(route.format_map(names))
        assert answer.status_code in {303, 401, 403, 404, 422} or "used up" in answer.text


def _names_in(route: str) -> list[str]:
    return [part.partition("}")[0] for part in route.split("{")[1:]]
