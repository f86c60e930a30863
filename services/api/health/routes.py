"""For machines that watch: alive, ready, metrics, and reports of the content policy."""

import re
from typing import Any

import structlog
from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, PlainTextResponse, Response

from services.api.edge import CurrentServices
from services.api.errors import NotFoundError
from services.api.health.checks import check_all
from shared.settings import Environment

router = APIRouter()
log = structlog.get_logger()

REPORTED = ("blocked-uri", "violated-directive", "document-uri", "blockedURL", "effectiveDirective", "documentURL")
MOST_REPORTS = 5  # of one body: nobody needs an account to send one

# Scheme, host and the first part of the path: what follows may be the token of a link in an e-mail.
TELLABLE = re.compile(r"(?:[A-Za-z][\w+.-]*://)?[^/?#]*(?:/[^/?#]*)?")


@router.get("/healthz")
def healthz() -> PlainTextResponse:
    """The process is alive."""
    return PlainTextResponse("alive\n")


@router.get("/readyz")
def readyz(services: CurrentServices) -> JSONResponse:
    """Whether requests can be served; 503 names what is missing and what to do about it."""
    checks = check_all(services)
    body = {check.name: "well" if check.well else check.advice for check in checks}
    return JSONResponse(body, status_code=200 if all(check.well for check in checks) else 503)


@router.get("/metrics")
def metrics(services: CurrentServices) -> Response:
    """Prometheus metrics; in production only on the loopback port BELAY_METRICS_PORT."""
    if services.settings.environment is Environment.PRODUCTION:
        raise NotFoundError
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


@router.post("/csp-reports", status_code=204)
async def csp_reports(request: Request) -> Response:
    """A browser says that a page tried something the content policy forbids."""
    try:
        received = await request.json()
    except ValueError:
        return Response(status_code=204)
    reports = received if isinstance(received, list) else [received]
    for report in reports[:MOST_REPORTS]:
        _log_report(report)
    return Response(status_code=204)


def _log_report(report: Any) -> None:
    body = report.get("csp-report") or report.get("body") if isinstance(report, dict) else None
    if isinstance(body, dict):
        known = {key.replace("-", "_"): _tellable(str(body[key])) for key in REPORTED if key in body}
        log.warning("content policy violated", **known)


def _tellable(said: str) -> str:
    found = TELLABLE.match(said)
    return found[0][:200] if found else ""
