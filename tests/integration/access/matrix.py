"""The access matrix: what each route answers to each role.

A slice keeps its rows in `rows_<slice>.py` as `ROWS`. Every route of the application has a row, or the test fails.

    Row("GET", "/mentorships/{mentorship_id}", answers(404, mentee=200, mentor=200, stranger=401), pair_of_the_cast)

401 stands for the API's 401 and for a page that sends its visitor to the log-in.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from sqlalchemy.orm import Session

from services.api import slices
from tests.factories.browser import Answer, Browser
from tests.factories.cast import ROLES, Cast

Prepared = Mapping[str, Any]
Preparation = Callable[[Session, Cast], Prepared]


def nothing(_session: Session, _cast: Cast) -> Prepared:
    return {}


def answers(default: int, **by_role: int) -> Mapping[str, int]:
    """The status for every role, e.g. `answers(404, lead=200, stranger=401)`."""
    unknown = set(by_role) - set(ROLES)
    if unknown:
        raise ValueError(f"no such roles in the cast: {sorted(unknown)}")
    return MappingProxyType({role: by_role.get(role, default) for role in ROLES})


@dataclass(frozen=True)
class Row:
    """One route and what it answers to each role.

    `prepare` runs before each role's try, in a transaction that may see everything, and returns the values for the
    `{…}` of the path; a value named `_form` (or `_json`) is what is sent. Each try so finds things as they were.
    """

    method: str
    route: str
    expected: Mapping[str, int]
    prepare: Preparation = field(default=nothing)

    @property
    def id(self) -> str:
        return f"{self.method} {self.route}"

    def ask(self, browser: Browser, prepared: Prepared) -> Answer:
        path = self.route.format_map({name: value for name, value in prepared.items() if not name.startswith("_")})
        headers = {"X-CSRF-Token": browser.csrf_token}
        return browser.request(
            self.method, path, data=prepared.get("_form"), json=prepared.get("_json"), headers=headers
        )


def status_of(answer: Answer) -> int:
    """The status, with a redirect to the log-in told apart from others."""
    leads_to = answer.headers.get("location", "").partition("?")[0]
    return 401 if answer.status_code == 303 and leads_to == "/login" else int(answer.status_code)


def all_rows() -> list[Row]:
    """The rows of every slice."""
    package = importlib.import_module("tests.integration.access")
    names = [module.name for module in pkgutil.iter_modules(package.__path__) if module.name.startswith("rows_")]
    modules = [importlib.import_module(f"tests.integration.access.{name}") for name in sorted(names)]
    return [row for module in modules for row in module.ROWS]


def all_routes() -> set[tuple[str, str]]:
    """Method and path template of everything the application answers."""
    routers = (*slices.WATCHED, *slices.PAGES, *slices.ROUTES)
    routes = [route for router in routers for route in _plain_routes(router)]
    return {(method, route.path) for route in routes for method in route.methods or ()}


def _plain_routes(router: APIRouter) -> Iterator[APIRoute]:
    """The routes of a router and of those it includes (without a prefix)."""
    for route in router.routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from _plain_routes(included)
        else:
            assert isinstance(route, APIRoute), f"{route} is not a plain route: the matrix cannot ask it"
            yield route
