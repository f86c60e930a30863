"""What surrounds every request, from the outside in."""

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from services.api.middleware.csrf import CsrfMiddleware
from services.api.middleware.failures import FailureMiddleware
from services.api.middleware.heads import HeadMiddleware
from services.api.middleware.page import PageMiddleware
from services.api.middleware.security_headers import SecurityHeadersMiddleware
from services.api.middleware.tracing import TracingMiddleware
from shared.settings import Settings


def install_middleware(app: FastAPI, settings: Settings) -> None:
    """Starlette puts the one added last outermost."""
    app.add_middleware(CsrfMiddleware, settings=settings)
    app.add_middleware(FailureMiddleware)
    app.add_middleware(PageMiddleware, settings=settings)
    app.add_middleware(GZipMiddleware, minimum_size=800, compresslevel=5)
    app.add_middleware(SecurityHeadersMiddleware, settings=settings)
    app.add_middleware(HeadMiddleware)
    app.add_middleware(TracingMiddleware)
