"""How OpenAPI shows that every error of the JSON API looks the same: a problem (RFC 9457)."""

from typing import Any

from pydantic import BaseModel, Field


class Problem(BaseModel):
    """`code` is for programs, `detail` for people, `fields` says what is wrong at which field."""

    type: str = Field(examples=["urn:belay:problem:invalid"])
    title: str = Field(examples=["Unprocessable Content"])
    status: int = Field(examples=[422])
    code: str = Field(examples=["invalid"])
    detail: str = Field(examples=["Some answers need another look."])
    advice: str = ""
    instance: str = ""
    fields: dict[str, str] = Field(default_factory=dict)
    request_id: str = ""


MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}


def _problem(description: str, headers: dict[str, Any] | None = None) -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": description, "model": Problem, "content": content, "headers": headers or {}}


# Shared by all of the API; `describing` leaves out what a single operation cannot answer.
PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: _problem("Not logged in."),
    403: _problem("Not allowed (`detail` says why), or `X-CSRF-Token` is missing or wrong (code `form_token`)."),
    404: _problem("Nothing there, or nothing you may know of."),
    409: _problem("Somebody was faster, or the thing is no longer in the state you saw; `code` says which."),
    413: _problem("The body is larger than 1 MB."),
    422: _problem("Something is missing, unknown or wrong; `fields` says what."),
    429: _problem("Too often in a short time.", RETRY_AFTER),
    503: _problem("The database does not answer. Nothing is lost; try again.", RETRY_AFTER),
}
