"""The style guide: every component on one page, to look at and to test. Not part of the product.

`python -m services.api.web.styleguide` serves it at 127.0.0.1:8090 under the product's own content policy.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route

from services.api.middleware.security_headers import CONTENT_POLICY
from services.api.web.assets import PREFIX, VersionedStatic
from services.api.web.charts import (
    Figure,
    Finding,
    MonthLoad,
    StepPoint,
    bars,
    histogram,
    paired_bars,
    survival,
    year_load,
)
from services.api.web.national_map import Rope, Site, national_map
from services.api.web.rendering import Flash, PageContext, render

POLICY = "; ".join(f"{name} {value}" for name, value in CONTENT_POLICY.items() if not name.startswith("report"))


@dataclass(frozen=True)
class SampleActor:
    display_name: str
    roles: frozenset[str]


LEAD = SampleActor("Dr. Marisol Etcheverry-Nakamura", frozenset({"lead", "mentor"}))

SITES = (
    Site("Harborview", -122.32, 47.60, 64), Site("UCSF", -122.46, 37.76, 88), Site("UCLA", -118.44, 34.07, 92),
    Site("UC San Diego", -117.23, 32.88, 41), Site("Mayo Clinic Arizona", -111.95, 33.66, 38),
    Site("UNM", -106.62, 35.09, 27), Site("Colorado", -104.84, 39.74, 46),
    Site("UT Southwestern", -96.84, 32.81, 70), Site("Baylor", -95.40, 29.71, 77),
    Site("Mayo Clinic", -92.47, 44.02, 110), Site("Hennepin", -93.26, 44.97, 58),
    Site("Northwestern", -87.62, 41.90, 83), Site("Michigan", -83.73, 42.28, 69),
    Site("Meharry", -86.81, 36.17, 52), Site("Emory", -84.32, 33.79, 74), Site("Morehouse", -84.41, 33.74, 57),
    Site("Mayo Clinic Florida", -81.44, 30.26, 33), Site("Miami", -80.21, 25.79, 48),
    Site("Duke", -78.94, 36.01, 61), Site("Howard", -77.02, 38.92, 95),
    Site("Johns Hopkins", -76.59, 39.30, 90), Site("Penn", -75.19, 39.95, 86),
    Site("Mount Sinai", -73.95, 40.79, 81), Site("Boston Medical", -71.07, 42.33, 76),
    Site("Hawaii", -157.86, 21.30, 18), Site("Alaska Native", -149.80, 61.18, 12),
)
ROPES = tuple(
    Rope(SITES[a].name, SITES[b].name, n)
    for a, b, n in (
        (0, 9, 4), (1, 19, 8), (2, 14, 6), (2, 22, 5), (3, 8, 3), (4, 9, 9), (5, 8, 2), (6, 11, 4), (7, 13, 5),
        (9, 16, 7), (10, 12, 3), (11, 19, 6), (13, 15, 8), (14, 23, 4), (18, 20, 6), (19, 21, 9), (0, 25, 2),
        (2, 24, 3), (17, 22, 4), (12, 21, 3), (8, 17, 5), (1, 23, 3),
    )
)


def sample_figures() -> dict[str, Figure]:
    """One figure of each kind."""
    return {"map": _map(), "gap": _gap(), "reasons": _reasons(), "scores": _scores(), "load": _load(), "wait": _wait()}


def _map() -> Figure:
    finding = Finding(
        "map", "Four in ten mentorships tie two institutions together",
        "Circles show how many people an institution has; ropes show mentorships between institutions.",
    )
    return national_map(finding, SITES, ROPES)


def _gap() -> Figure:
    finding = Finding("gap", "Psychiatry is short of mentors, pediatrics has hours to spare")
    rows = [("Emergency medicine", 118.0, 131.0), ("Psychiatry", 22.0, 64.0), ("Pediatrics", 96.0, 41.0)]
    return paired_bars(finding, rows, ("Specialty", "Mentees whom open hours could take", "Mentees waiting"))


def _reasons() -> Figure:
    finding = Finding("reasons", "Most mentees without a proposal found no shared hour")
    rows = [("No hour in common", 31.0), ("No mentor of that kind left", 18.0), ("Evaluates or interviews them", 4.0)]
    return bars(finding, rows, ("Reason", "Mentees"), highlight="No hour in common")


def _scores() -> Figure:
    values = [0.34 + (i * 7919 % 61) / 110 + (i * 104729 % 37) / 400 for i in range(400)]
    finding = Finding("scores", "Nine in ten proposals score above 0.4")
    return histogram(finding, values, ("Score", "Proposals"), [i / 10 for i in range(11)], ".1f")


def _load() -> Figure:
    names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    offered = (6, 6, 2, 6, 6, 6, 0, 4, 6, 6, 6, 3)
    promised = (4, 4, 2, 4, 5, 5, 0, 3, 3, 2, 2, 1)
    months = [MonthLoad(*month) for month in zip(names, offered, promised, strict=True)]
    finding = Finding("load", "July is free, and March is full")
    return year_load(finding, months, ("Month", "Hours you offer", "Hours already promised"), "Hours")


def _wait() -> Figure:
    first = [(0, 1.0), (3, 0.82), (7, 0.55), (12, 0.31), (20, 0.18), (34, 0.12)]
    second = [(0, 1.0), (2, 0.7), (5, 0.42), (9, 0.2), (15, 0.09), (34, 0.05)]
    points = [StepPoint(d, s, "2026") for d, s in first] + [StepPoint(d, s, "2027") for d, s in second]
    return survival(Finding("wait", "Half are matched after 5 days, last year after 12"), points, (
        "Days since enrolling", "Still waiting"))


def sample_context() -> dict[str, Any]:
    return {
        "figures": sample_figures(),
        "now": datetime(2027, 3, 3, 18, 0, tzinfo=UTC),
        "errors": {
            "email": "This is not an e-mail address: it has no @.",
            "mode": "Choose how you would like to meet.",
        },
    }


def sample_page(path: str = "/styleguide") -> PageContext:
    return PageContext(
        actor=LEAD, csrf_token="sample", time_zone="America/Chicago", demo=True, path=path,  # noqa: S106 — a sample
        flash=[Flash("Your bandwidth is saved."), Flash("Two mentees still wait for an answer.", "warning")],
    )


def styleguide(request: Request) -> HTMLResponse:
    request.state.page = sample_page()
    return render(request, "web/styleguide.html", sample_context(), headers={"Content-Security-Policy": POLICY})


def hero(request: Request) -> HTMLResponse:
    request.state.page = PageContext(demo=True)
    return render(request, "web/styleguide_hero.html", headers={"Content-Security-Policy": POLICY})


def create_app() -> Starlette:
    routes = [Route("/styleguide", styleguide), Route("/styleguide/hero", hero), Mount(PREFIX, VersionedStatic())]
    return Starlette(routes=routes, middleware=[Middleware(GZipMiddleware)])


if __name__ == "__main__":
    uvicorn.run(create_app(), host="127.0.0.1", port=8090)
