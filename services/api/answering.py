"""How errors are answered: a designed page for people, problem+json (RFC 9457) for programs."""

from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Match

from services.api.cookies import redirect
from services.api.edge import current_services, current_visitor
from services.api.errors import (
    ApiError,
    ForbiddenError,
    InvalidError,
    LoginRequiredError,
    NotFoundError,
    UnavailableError,
    WrongMethodError,
)
from services.api.problems import MEDIA_TYPE
from services.api.web.rendering import Flash, page_of, render

_: Callable[[str], str] = str  # marks a sentence for the catalogs
API_PREFIX = "/api/"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ABSENT = object()
log = structlog.get_logger()


def is_api(path: str) -> bool:
    return path.startswith(API_PREFIX)


def is_database_down(error: Exception) -> bool:
    """Whether the database did not answer (rather than refused a statement)."""
    if isinstance(error, OperationalError | InterfaceError | PoolTimeoutError):
        return True
    return isinstance(error, DBAPIError) and error.connection_invalidated


def answer_error(request: Request, error: ApiError) -> Response:
    """The response for an error that carries its own answer."""
    if is_api(request.url.path):
        return _problem(request, error)
    if isinstance(error, LoginRequiredError):
        return _to_login(request, error)
    _greet(request, error)
    context = {"error": error, "request_id": request.state.request_id}
    return render(request, "web/error.html", context, status=error.status, headers=error.headers)


def answer_unexpected(request: Request, error: Exception) -> Response:
    """A database that is down, or our own mistake: a sentence, never a traceback."""
    if is_database_down(error):
        log.error("database does not answer", error=type(error).__name__)
        return answer_error(request, UnavailableError())
    log.error("request failed", exc_info=error)
    message = _("Something went wrong on our side.")
    advice = _("Nothing you saved is lost. Try again; if it stays, tell your program's team the number below.")
    return answer_error(request, ApiError(500, "internal_error", message, advice))


def _greet(request: Request, error: ApiError) -> None:
    """Where no route had asked who this is (an unknown address), the page's header should still know."""
    if page_of(request).actor is None and error.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        with suppress(SQLAlchemyError):
            current_visitor(request, current_services(request))


def _problem(request: Request, error: ApiError) -> JSONResponse:
    body: dict[str, Any] = {
        "type": f"urn:belay:problem:{error.code}",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "code": error.code,
        "detail": error.message,
        "advice": error.advice,
        "instance": request.url.path,
        "fields": error.fields,
        "request_id": request.state.request_id,
    }
    filled = {key: value for key, value in body.items() if value not in ("", {})}
    return JSONResponse(filled, error.status, media_type=MEDIA_TYPE, headers=error.headers)


def _to_login(request: Request, error: ApiError) -> Response:
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    target = f"/login?next={quote(asked, safe='/')}" if request.method == "GET" else "/login"
    if request.headers.get("HX-Request"):
        return Response(status_code=204, headers={"HX-Redirect": "/login"})
    told = Flash(error.advice, "info") if error.advice else None
    return redirect(target, current_services(request).settings, told)


# --- exceptions that others raise, told in our own words ---


def translate_http(request: Request, error: HTTPException) -> ApiError:
    """Starlette's own refusals."""
    if error.status_code == HTTPStatus.NOT_FOUND:
        return NotFoundError()
    if error.status_code == HTTPStatus.FORBIDDEN:
        return ForbiddenError(str(error.detail))
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return WrongMethodError(_methods_at(request))
    phrase = HTTPStatus(error.status_code).phrase
    return ApiError(error.status_code, phrase.lower().replace(" ", "_"), f"{phrase}.")


def _methods_at(request: Request) -> list[str]:
    """What this address answers: of all its routes, where Starlette names those of the first."""
    routes = request.app.routes
    asked = [(method, {**request.scope, "method": method}) for method in METHODS]
    found = [method for method, scope in asked if any(route.matches(scope)[0] is Match.FULL for route in routes)]
    return [*found, "HEAD"] if "GET" in found else found


def translate_validation(error: RequestValidationError) -> ApiError:
    """Wrong path parameters name nothing that exists; all else is wrong input."""
    details = error.errors()
    if any(detail["loc"][0] == "path" for detail in details):
        return NotFoundError()
    fields: dict[str, str] = {}
    for detail in details:
        if detail["type"] == "json_invalid":
            return InvalidError({"body": f"is not JSON at character {detail['loc'][-1]}: {detail['ctx']['error']}"})
        name, said = _field_name(detail, error.body), str(detail["msg"]).removeprefix("Value error, ")
        fields[name] = f"{fields[name]}; or: {said}" if name in fields else said
    return InvalidError(fields)


def _field_name(detail: dict[str, Any], body: Any) -> str:
    """The place of an error as the sender wrote it: without the types of a union that pydantic names in between."""
    first, rest = detail["loc"][1:2], detail["loc"][2:]
    names, inside = [*first], _within(body, *first)
    for part in rest:
        found = _within(inside, part)
        if found is not ABSENT or (detail["type"] == "missing" and part == rest[-1]):
            names.append(part)
            inside = found
    return ".".join(map(str, names)) or "body"


def _within(value: Any, *path: int | str) -> Any:
    for part in path:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return ABSENT
    return value


def install(app: FastAPI) -> None:
    """Answer every error that a handler raises."""

    def api_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, ApiError)  # noqa: S101 — registered for this class only
        return answer_error(request, error)

    def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 — registered for this class only
        return answer_error(request, translate_http(request, error))

    def data_error(request: Request, error: Exception) -> Response:
        log.info("the database cannot keep this value", error=str(getattr(error, "orig", error)))
        return answer_error(request, InvalidError({}, _("Something here holds a character that cannot be kept.")))

    def validation_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 — registered for this class only
        return answer_error(request, translate_validation(error))

    app.add_exception_handler(ApiError, api_error)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(DataError, data_error)
    app.add_exception_handler(UnicodeEncodeError, data_error)  # half of a character, as JSON can carry
    app.add_exception_handler(RequestValidationError, validation_error)
