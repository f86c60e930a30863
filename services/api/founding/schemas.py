"""What a program's file may say. Every key is known, every value checked, before anything is written."""

from datetime import date
from typing import Annotated, Any, Literal, Self
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, EmailStr, Field, StringConstraints, model_validator

from shared.explanations.features import Feature

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Weight = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]
CycleState = Literal["planned", "open", "running", "closed"]


def _known_zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("is no IANA time zone, such as America/Chicago")
    return value


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Site(BaseModel):
    """A row of the table of institutions; columns of yours besides these are left alone."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    name: Line
    short_name: Line
    city: Line
    state: Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    time_zone: Annotated[str, AfterValidator(_known_zone)]
    group: str = ""


class ProgramPart(Part):
    slug: Slug
    name: Line
    summary: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""
    organizations: Annotated[tuple[Line, ...], Field(min_length=1)]


class CyclePart(Part):
    name: Line
    opens_on: date
    starts_on: date
    ends_on: date
    state: CycleState = "open"

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if not self.opens_on <= self.starts_on < self.ends_on:
            raise ValueError("opens_on comes first, then starts_on, then ends_on")
        return self


class DimensionPart(Part):
    code: Code
    name: Line
    answers: tuple[Line, ...] = ()


class PersonPart(Part):
    """Somebody who looks after the program. `institution` (by its name) is the coordinator's own."""

    name: Line
    email: Annotated[EmailStr, AfterValidator(str.lower)]
    role: Literal["lead", "coordinator", "operator"]
    institution: Line | None = None

    @model_validator(mode="after")
    def has_a_site_where_needed(self) -> Self:
        if (self.role == "coordinator") != (self.institution is not None):
            raise ValueError("a coordinator, and nobody else, has an institution")
        return self


class Plan(Part):
    """The whole file. `dimensions` left out are the standard ones; `weights` left out are the matcher's own.

    Where weights are given, a feature without one does not count.
    """

    program: ProgramPart
    cycle: CyclePart
    institutions: tuple[Site, ...]
    people: tuple[PersonPart, ...]
    dimensions: tuple[DimensionPart, ...] | None = None
    weights: dict[Feature, Weight] = {}

    @model_validator(mode="after")
    def fits_together(self) -> Self:
        sites = [site.name for site in self.institutions]
        unknown = {person.institution for person in self.people if person.institution} - set(sites)
        problems = [
            *(f"no institution is called {name!r}" for name in sorted(unknown)),
            *(f"{what} stands there twice" for what in _twice(self)),
            *([] if any(person.role == "lead" for person in self.people) else ["people: somebody must be lead"]),
            *([] if sites else ["institutions: at least one is needed"]),
            *(["weights: at least one is above 0"] if self.weights and not any(self.weights.values()) else []),
        ]
        if problems:
            raise ValueError("; ".join(problems))
        return self


def _twice(plan: Plan) -> list[str]:
    named: list[Any] = [
        *(site.name for site in plan.institutions),
        *((person.email, person.role) for person in plan.people),
        *(one.code for one in plan.dimensions or ()),
    ]
    return sorted({str(one) for one in named if named.count(one) > 1})
