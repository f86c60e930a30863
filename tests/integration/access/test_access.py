"""Every route × every role."""

from collections import Counter
from collections.abc import Callable

import pytest

from shared.db.actor import SYSTEM
from shared.db.engine import Database
from tests.factories.browser import Browser
from tests.factories.cast import ROLES, Cast
from tests.integration.access.matrix import Row, all_routes, all_rows, status_of

ALL_ROWS = all_rows()


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    rows = {(row.method, row.route) for row in ALL_ROWS}
    assert sorted(all_routes() - rows) == [], "routes without a row in the access matrix"
    assert sorted(rows - all_routes()) == [], "rows without a route"


def test_no_route_has_two_rows() -> None:
    assert [row for row, count in Counter(row.id for row in ALL_ROWS).items() if count > 1] == []


@pytest.mark.parametrize("row", ALL_ROWS, ids=lambda row: row.id)
def test_each_role_gets_the_answer_of_the_matrix(
    row: Row, cast: Cast, as_owner: Database, browse: Callable[[str], Browser]
) -> None:
    given = {}
    for role in ROLES:
        browser = browse(role)
        with as_owner.writing(SYSTEM) as session:
            prepared = row.prepare(session, cast)
        given[role] = status_of(row.ask(browser, prepared))
    assert given == dict(row.expected)
