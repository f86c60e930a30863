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


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "model": Problem, "content": {"application/problem+json": {"schema": schema}}}


PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: _problem("Not logged in."),
    403: _problem("Logged in, but not allowed; `detail` says why."),
    404: _problem("Nothing there, or nothing you may know of."),
    422: _problem("Something is missing or wrong; `fields` says what."),
}
