"""The application: `uvicorn services.api.app:create_app --factory`."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

from fastapi import APIRouter, Depends, FastAPI
from pydantic import ValidationError
from starlette.routing import BaseRoute

from services.api import answering, slices
from services.api.dashboards.service import memory_in
from services.api.describing import DescribedApi
from services.api.drawing_ahead import keep_drawn
from services.api.edge import speak_language
from services.api.middleware import install_middleware
from services.api.services import make_services, services_of
from services.api.web.assets import PREFIX, VersionedStatic
from services.api.web.drawing import share_drawings
from shared.security.keyring import KeyringError
from shared.settings import Settings, get_settings
from shared.telemetry.logs import configure_logs
from shared.telemetry.metrics import serve_metrics

DESCRIPTION = """
Mentoring programs for medical trainees: registration, bandwidth, match runs, proposals, mentorships.

**Logging in.** Programs and registration need no account. All else wants the session cookie that a log-in by e-mail
sets; keep cookies throughout, as a browser does. `GET /login` sets the browser's cookie, and its form holds a
`csrf_token`. Post that with your address (`csrf_token`, `email`) as a form to `/login`, then with the six digits of
the e-mail (`csrf_token`, `code`) to `/login/code`: the answer sets the session cookie. It ends at `POST /logout`.
Whoever registers asks for `GET /login` first, too: link and code of the mail work only with that browser's cookie.

**Changing something.** Whoever sends the session cookie also sends the header `X-CSRF-Token` with every `POST`,
`PUT`, `PATCH` and `DELETE`. Its value is `csrf_token` in the answer of `GET /api/v1/me`, and stays as it is for as
long as the cookies do. Calls without a session cookie need none.

**Failing.** Every error is a problem (RFC 9457, `application/problem+json`): `code` is for programs, `detail` and
`advice` for people, `fields` names what is wrong in the body. A key that a body does not know is refused.
""".strip()


def create_app(settings: Settings | None = None) -> FastAPI:
    """The whole application; without settings, those of the environment. Ends with a sentence if they are wrong."""
    app = DescribedApi(
        title="Belay",
        version="1",
        description=DESCRIPTION,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # the interactive pages load scripts from elsewhere, which the content policy forbids
        redoc_url=None,
        lifespan=_lifespan,
    )
    chosen = settings or read_settings()
    if settings is None:  # a server: from its first line on, its log is in our form
        configure_logs("api", as_json=chosen.log_json)
    try:
        app.state.services = make_services(chosen)
    except KeyringError as error:
        raise SystemExit(f"Belay cannot start: {error}") from error
    answering.install(app)
    install_middleware(app, chosen)
    app.router.routes.extend(_routes())
    app.mount(PREFIX, VersionedStatic(), name="static")
    return app


def read_settings() -> Settings:
    """The environment's settings, or one sentence for each that is wrong."""
    try:
        return get_settings()
    except ValidationError as error:
        problems = [_sentence(".".join(map(str, one["loc"])), one["msg"]) for one in error.errors()]
        raise SystemExit("Belay cannot start:\n" + "\n".join(f"  - {problem}" for problem in problems)) from error


def _sentence(setting: str, message: str) -> str:
    said = message.removeprefix("Value error, ")
    return f"BELAY_{setting.upper()}: {said}" if setting else said


@cache
def _routes() -> list[BaseRoute]:
    """Those of all slices, one list for every application of a process: FastAPI prepares each at its first request."""
    together, every_request = APIRouter(), [Depends(speak_language)]
    for router in slices.WATCHED:
        together.include_router(router, include_in_schema=False)
    for router in slices.PAGES:
        together.include_router(router, include_in_schema=False, dependencies=every_request)
    for router in slices.ROUTES:
        together.include_router(router, dependencies=every_request)
    return together.routes


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    services = services_of(app.state)
    serve_metrics(services.settings)
    share_drawings(services.settings.redis_url.get_secret_value())
    stopped = threading.Event()
    threading.Thread(target=keep_drawn, args=(services, memory_in(app.state), stopped), daemon=True).start()
    yield
    stopped.set()
    services.database.dispose()
