"""What people fill in to log in and to say how they want to be addressed."""

from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from services.api.web.translations import LOCALES
from services.api.web.translations import gettext as _

EMAIL_PATTERN = r"^[^@\s<>(),;:\"\[\]\\]+@[^@\s<>(),;:\"\[\]\\]+\.[^@\s.]{2,}$"


def _check_time_zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError(_("Choose a time zone from the list."))
    return value


def _check_language(value: str) -> str:
    if value not in LOCALES:
        raise ValueError(_("Choose a language from the list."))
    return value


Email = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, max_length=254, pattern=EMAIL_PATTERN)]
TimeZone = Annotated[str, AfterValidator(_check_time_zone)]
Language = Annotated[str, AfterValidator(_check_language)]


class LoginForm(BaseModel):
    email: Email
    next: str = ""


class CodeForm(BaseModel):
    """The six digits; people paste them with spaces."""

    code: Annotated[str, AfterValidator(lambda value: "".join(value.split())), Field(max_length=20)]


class PersonForm(BaseModel):
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    pronouns: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    language: Language
    time_zone: TimeZone
