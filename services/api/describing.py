"""What OpenAPI says beyond the routes: which calls want a log-in and a form token, and how each can fail."""

from typing import Any

from fastapi import FastAPI
from fastapi.security import APIKeyCookie

from services.api.cookies import BROWSER, cookie_name
from services.api.problems import MEDIA_TYPE
from services.api.services import services_of
from shared.settings import Settings

Told = dict[str, Any]

SESSION, FORM_TOKEN = "session", "formToken"
CHANGING = frozenset({"post", "put", "patch", "delete"})
ONLY_WITH_LOGIN = ("401",)
ONLY_FOR_CHANGES = ("409", "413")

# As a dependency it marks what wants a log-in; who is logged in, `edge.current_visitor` finds out.
session_cookie = APIKeyCookie(name="belay", scheme_name=SESSION, auto_error=False)


class DescribedApi(FastAPI):
    """FastAPI, with a document that also tells what surrounds the routes."""

    def openapi(self) -> Told:
        if self.openapi_schema is None:
            self.openapi_schema = complete(super().openapi(), services_of(self.state).settings)
        return self.openapi_schema


def complete(document: Told, settings: Settings) -> Told:
    """The document FastAPI made, with security schemes and each operation's own failures."""
    document["components"]["securitySchemes"] = _schemes(settings)
    for verbs in document["paths"].values():
        for verb, told in verbs.items():
            _complete(told, changes=verb in CHANGING)
    return document


def _schemes(settings: Settings) -> Told:
    session, browser = cookie_name(settings), cookie_name(settings, BROWSER)
    return {
        SESSION: {
            "type": "apiKey",
            "in": "cookie",
            "name": session,
            "description": f"Set by logging in. Send it together with the cookie `{browser}` of the same log-in.",
        },
        FORM_TOKEN: {
            "type": "apiKey",
            "in": "header",
            "name": "X-CSRF-Token",
            "description": f"`csrf_token` of `GET /api/v1/me`; it belongs to the cookie `{browser}`.",
        },
    }


def _complete(told: Told, *, changes: bool) -> None:
    wants_login = "security" in told
    if wants_login:
        told["security"] = [{SESSION: [], FORM_TOKEN: []} if changes else {SESSION: []}]
    impossible = (*(() if wants_login else ONLY_WITH_LOGIN), *(() if changes else ONLY_FOR_CHANGES))
    for status in impossible:
        told["responses"].pop(status, None)
    for answer in told["responses"].values():
        content = answer.get("content", {})
        if MEDIA_TYPE in content:  # FastAPI adds its own media type, which no problem has
            answer["content"] = {MEDIA_TYPE: content[MEDIA_TYPE]}
