"""From a submitted form to a checked value, or to one sentence at each field that needs another look."""

from collections.abc import AsyncIterator, Mapping
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from starlette.datastructures import FormData

from services.api.web.translations import gettext as _

FormErrors = dict[str, str]
SchemaT = TypeVar("SchemaT", bound=BaseModel)

_MANY = (list, tuple, set, frozenset)


async def read_form(request: Request) -> AsyncIterator[FormData]:
    """The submitted fields. (Reading the body is the one thing a `def` handler cannot do itself.)

    NUL characters go: nobody can type or see one, and the database can keep none.
    """
    async with request.form() as form:
        yield FormData([(name, _without_nul(value)) for name, value in form.multi_items()])


SubmittedForm = Annotated[FormData, Depends(read_form)]


def _without_nul(value: Any) -> Any:
    return value.replace("\0", "") if isinstance(value, str) else value


def parse_form(schema: type[SchemaT], form: FormData) -> tuple[SchemaT | None, FormErrors]:
    """The form as `schema`, or None and a sentence for each wrong field (by the name of its form field).

    A field typed as a list takes every value of its name; a blank field counts as not filled in.
    """
    try:
        return schema.model_validate(_values(schema, form)), {}
    except ValidationError as error:
        return None, explain(error)


def explain(error: ValidationError) -> FormErrors:
    """The first problem of each field, worded for the person who filled it in; "form" for the whole."""
    found: FormErrors = {}
    for detail in error.errors(include_url=False):
        name = str(detail["loc"][0]) if detail["loc"] else "form"
        found.setdefault(name, _sentence(detail))
    return found


def _values(schema: type[BaseModel], form: FormData) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field_name, field in schema.model_fields.items():
        name = field.alias or field_name
        if _takes_many(field.annotation):
            values[name] = [value for value in form.getlist(name) if value != ""]
        elif name in form:
            _take_one(values, name, field, form[name])
    return values


def _take_one(values: dict[str, Any], name: str, field: FieldInfo, value: Any) -> None:
    tidy = value.strip() if isinstance(value, str) else value
    if tidy != "" or (field.annotation is str and not field.is_required()):
        values[name] = tidy


def _takes_many(annotation: Any) -> bool:
    if get_origin(annotation) in (Union, UnionType):
        return any(_takes_many(part) for part in get_args(annotation))
    return annotation in _MANY or get_origin(annotation) in _MANY


def _sentence(detail: ErrorDetails) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "value_error" and "error" in context:
        return str(context["error"])
    sentence = _sentences().get(kind)
    return sentence % context if sentence else _("Please check this answer.")


def _sentences() -> Mapping[str, str]:
    return {
        "missing": _("Please fill this in."),
        "too_short": _("Choose at least %(min_length)s."),
        "too_long": _("Choose at most %(max_length)s."),
        "string_too_short": _("Use at least %(min_length)s characters."),
        "string_too_long": _("Use at most %(max_length)s characters."),
        "string_pattern_mismatch": _("This does not look right."),
        "int_parsing": _("Enter a whole number."),
        "int_from_float": _("Enter a whole number."),
        "float_parsing": _("Enter a number."),
        "decimal_parsing": _("Enter a number."),
        "greater_than_equal": _("Enter %(ge)s or more."),
        "less_than_equal": _("Enter %(le)s or less."),
        "greater_than": _("Enter more than %(gt)s."),
        "less_than": _("Enter less than %(lt)s."),
        "date_from_datetime_parsing": _("Enter a date."),
        "date_parsing": _("Enter a date."),
        "enum": _("Choose one of the answers."),
        "literal_error": _("Choose one of the answers."),
        "uuid_parsing": _("Choose one of the answers."),
        "bool_parsing": _("Choose yes or no."),
    }
