"""For machines that watch: alive, ready, metrics, and reports of the content policy."""

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
    for report in received if isinstance(received, list) else [received]:
        _log_report(report)
    return Response(status_code=204)


def _log_report(report: Any) -> None:
    body = report.get("csp-report") or report.get("body") if isinstance(report, dict) else None
    if isinstance(body, dict):
        known = {key.replace("-", "_"): str(body[key])[:200] for key in REPORTED if key in body}
        log.warning("content policy violated", **known)
