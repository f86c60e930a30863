"""How long the server takes for each main page of each role in a program of a given size.

An embedded PostgreSQL, the whole application in this process; the median of several visits by a client that reads
the whole answer. *fresh*: with the dashboards' memory of half a minute and drawn charts forgotten before each visit.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from uuid import UUID

import structlog
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from services.api.app import create_app
from services.api.dashboards.service import Memory
from services.api.web import drawing
from shared.models.matching import RunResult, RunState
from shared.settings import get_settings
from tests import embedded
from tests.benchmarks.crowded import fill, mentor_key
from tests.benchmarks.figures import Figure, Setting
from tests.factories import matching, rows
from tests.factories.browser import Browser
from tests.factories.cast import Cast, make_cast

VISITS = 7
DATABASE = "belay_pages"


@dataclass(frozen=True)
class World:
    cast: Cast
    draft: UUID
    people: int


def bench_pages(setting: Setting) -> list[Figure]:
    """Median milliseconds of each page, and of those that remember or draw something also when all is forgotten."""
    figures = []
    with _world(setting) as (world, browsers):
        for role, paths in _pages(world).items():
            setting.tell(f"pages: {role}")
            for name, path in paths.items():
                kept, fresh = _visit(browsers[role], path)
                told = f"{setting.size:,} people"
                figures.append(Figure("pages", f"{role}: {name}", told, kept, "ms"))
                if fresh > 1.5 * kept:
                    figures.append(Figure("pages", f"{role}: {name}, fresh", told, fresh, "ms"))
    return figures


def _visit(browser: Browser, path: str) -> tuple[float, float]:
    return _median(browser, path, forget=False), _median(browser, path, forget=True)


def _median(browser: Browser, path: str, *, forget: bool) -> float:
    browser.get(path)
    times = []
    for _ in range(VISITS):
        if forget:
            browser.app.state.dashboards = Memory()  # type: ignore[attr-defined]
            drawing.forget()
        began = perf_counter()
        answer = browser.get(path)
        times.append(1000 * (perf_counter() - began))
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
    return median(times)


def _pages(world: World) -> dict[str, dict[str, str]]:
    cast = world.cast
    lead, run = f"/lead/{cast.program.slug}", f"/lead/{cast.program.slug}/runs/{world.draft}"
    mine = {role: cast.participants[role].id for role in ("mentee", "mentor")}
    return {
        "stranger": {"landing": "/", "program": f"/programs/{cast.program.slug}",
                     "registration": f"/register/{cast.program.slug}", "log in": "/login"},
        "mentee": {"suggestions": "/mentee", "profile": f"/profile/{mine['mentee']}", "week": "/availability",
                   "mentorship": f"/mentorships/{cast.mentorship.id}", "settings": "/settings"},
        "mentor": {"requests": "/mentor", "bandwidth": f"/mentor/bandwidth/{mine['mentor']}",
                   "mentorships": "/mentorships"},
        "lead": {"overview": lead, "supply": f"{lead}/supply", "runs": f"{lead}/runs", "new run": f"{lead}/runs/new",
                 "draft": run, "pairs": f"{run}/pairs", "pairs, page 500": f"{run}/pairs?page=500",
                 "pairs by name": f"{run}/pairs?name=7abc", "pairs by mentee": f"{run}/pairs?sort=mentee",
                 "pairs across": f"{run}/pairs?site=other", "open places": f"{run}/unmatched",
                 "equity": f"{run}/equity", "learning": f"{lead}/learning"},
        "coordinator": {"site": f"/site/{cast.institution.id}"},
        "operator": {"operations": "/operations"},
    }  # fmt: skip


@contextmanager
def _world(setting: Setting) -> Iterator[tuple[World, dict[str, Browser]]]:
    with ExitStack() as stack:
        servers = stack.enter_context(_servers())
        setting.tell(f"pages: {setting.size:,} people")
        world = _fill(servers, setting.size)
        for name, value in embedded.service_environment(servers, DATABASE).items():
            os.environ[name] = value
        get_settings.cache_clear()
        app = stack.enter_context(_serving())
        browsers = {role: _logged_in(app, world, role) for role in _pages(world)}
        yield world, browsers


@contextmanager
def _servers() -> Iterator[embedded.Addresses]:
    import shutil

    home = embedded.new_home()
    servers = embedded.EmbeddedServers(home)
    try:
        servers.start()
        yield servers.addresses
    finally:
        servers.stop()
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _serving() -> Iterator[object]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))  # a line a visit else
    yield create_app(get_settings())


def _logged_in(app: object, world: World, role: str) -> Browser:
    browser = Browser(app)  # type: ignore[arg-type]
    return browser.log_in(world.cast.accounts[role].id) if role in world.cast.accounts else browser


def _fill(servers: embedded.Addresses, people: int) -> World:
    embedded.create_database(servers, DATABASE)
    embedded.migrate(embedded.service_environment(servers, DATABASE))
    engine = create_engine(servers.owner_url(DATABASE))
    with Session(engine, expire_on_commit=False) as session:
        world = _arrange(session, people)
        session.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()
    return world


def _arrange(session: Session, people: int) -> World:
    cast = make_cast(session)
    states = (RunState.PUBLISHED, RunState.DRAFT)
    published, draft = (rows.make_run(session, cast.cycle, cast.policy, state=state) for state in states)
    matching.make_draft(session, draft, [])
    fill(session, cast, people, (published.id, draft.id), matching.explanation())
    mentors = [mentor_key(people - number) for number in range(min(30_000, people // 5))]
    report = session.get_one(RunResult, draft.id)
    loads = [{"mentor_id": str(mentor), "slots": 3, "filled": n % 4} for n, mentor in enumerate(mentors)]
    report.report = {**(report.report or {}), "loads": loads}
    matching.make_equity_report(session, draft)
    return World(cast, draft.id, people)

