"""What one process has drawn, no other draws again; without Redis each draws for itself."""

from collections.abc import Iterator
from uuid import UUID

import altair as alt
import pytest
import vl_convert
from redis import Redis

from services.api.drawing_ahead import draw_ahead, draw_newest
from services.api.matching.drafts.figures import draft_figures
from services.api.matching.runs.service import read_report
from services.api.services import Services
from services.api.web import drawing
from services.api.web.charts import Finding, bars
from services.api.web.translations import current_locale, reading_as
from shared.contracts.messages import MatchRunDrafted
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.models.matching import RunState
from tests.factories import matching, rows
from tests.factories.browser import Browser
from tests.factories.cast import Cast


@pytest.fixture
def shared(redis_url: str) -> Iterator[Redis]:
    """The gallery that this process and others share; it leaves nothing behind."""
    drawing.forget()
    drawing.share_drawings(redis_url)
    with Redis.from_url(redis_url) as redis:
        yield redis
    drawing.forget()


def drawn() -> str:
    return str(bars(Finding("places", "Places"), [("One", 1), ("Two", 2)], ("Name", "Number")).svg)


def test_another_process_finds_what_was_drawn(shared: Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = drawn()
    drawing.draw.cache_clear()  # as in a process that has drawn nothing yet
    monkeypatch.delattr(vl_convert, "vegalite_to_svg")
    assert drawn() == first
    assert 0 < shared.ttl(shared.keys("drawing:*")[0]) <= drawing.KEPT_SECONDS


@pytest.mark.usefixtures("shared")
def test_without_redis_everything_is_drawn() -> None:
    drawing.forget()
    drawing.share_drawings("redis://127.0.0.1:1/0")
    assert ">Two</text>" in drawn()


@pytest.mark.usefixtures("shared")
def test_a_draft_is_drawn_before_the_lead_looks(
    services: Services, cast: Cast, as_owner: Database, lead: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    with as_owner.writing(SYSTEM) as session:
        run = rows.make_run(session, cast.cycle, cast.policy, state=RunState.DRAFT)
        matching.make_draft(session, run, [(cast.participants["mentee"], cast.participants["mentor"])])
    with services.database.writing(SYSTEM) as session:
        draw_ahead(session, services, MatchRunDrafted(run_id=run.id))
    monkeypatch.delattr(vl_convert, "vegalite_to_svg")
    assert lead.page(f"/lead/{cast.program.slug}/runs/{run.id}").count("b-chart__svg") >= 2


def test_a_server_draws_the_newest_draft_once_and_then_knows_it(
    services: Services, cast: Cast, as_owner: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing.forget()
    with as_owner.writing(SYSTEM) as session:
        run = rows.make_run(session, cast.cycle, cast.policy, state=RunState.DRAFT)
        matching.make_draft(session, run, [(cast.participants["mentee"], cast.participants["mentor"])])
    drawn: set[UUID] = set()
    draw_newest(services, drawn)
    assert drawn == {run.id}
    with services.database.reading(SYSTEM) as session:
        report = read_report(session, run.id)
    assert report is not None
    first = draft_figures(run.id, report)
    monkeypatch.delattr(alt.Chart, "to_dict")
    assert draft_figures(run.id, report) is first
    drawing.forget()


def test_another_language_has_figures_of_its_own() -> None:
    drawing.forget()
    with reading_as("es"):
        spanish = drawing.drawn_once("key", lambda: [current_locale()])
    assert (spanish, drawing.drawn_once("key", lambda: [current_locale()])) == (["es"], ["en"])
    drawing.forget()
