"""What the forms and the JSON API of the bandwidth slice take."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from services.api.enrollment.schemas import Hours, TimeZone
from services.api.web.translations import gettext as _

Given = TypeVar("Given", Decimal, int)

MOST_HOURS = Decimal(80)
MOST_SLOTS = 50


class Occasion(StrEnum):
    REGULAR = "regular"
    ROTATION = "rotation"
    NIGHTS = "nights"
    LEAVE = "leave"


def _check_half_hours(hours: Decimal) -> Decimal:
    if hours * 2 % 1:
        raise ValueError(_("Enter full or half hours."))
    return hours


MonthlyHours = Annotated[Decimal, Field(ge=0, le=MOST_HOURS), AfterValidator(_check_half_hours)]


class PeriodForm(BaseModel):
    """Hours a month and mentees at most from one day to another, both included. On leave both are 0."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    occasion: Occasion = Occasion.REGULAR
    starts_on: date = Field(examples=["2027-01-04"])
    ends_on: date = Field(examples=["2027-02-14"])
    hours_per_month: MonthlyHours = Field(examples=[6])
    mentee_slots: int = Field(ge=0, le=MOST_SLOTS, examples=[3])

    @model_validator(mode="before")
    @classmethod
    def leave_gives_nothing(cls, given: Any) -> Any:
        """On leave nobody has to type two zeros."""
        if isinstance(given, Mapping) and given.get("occasion") == Occasion.LEAVE:
            return {"hours_per_month": 0, "mentee_slots": 0, **given}
        return given

    # Each at a field of its own, and not of the whole: the whole is looked at only when every field is well.
    @field_validator("ends_on")
    @classmethod
    def check_order(cls, ends_on: date, before: ValidationInfo) -> date:
        if ends_on < before.data.get("starts_on", ends_on):
            raise ValueError(_("The last day comes before the first."))
        return ends_on

    @field_validator("hours_per_month", "mentee_slots")
    @classmethod
    def check_leave(cls, given: Given, before: ValidationInfo) -> Given:
        if given and before.data.get("occasion") is Occasion.LEAVE:
            raise ValueError(_("On leave there are no hours to give: leave hours and mentees at 0."))
        return given


class LeastForm(BaseModel):
    """The fewest mentees that make it worth a mentor's while; kept whenever nobody goes without because of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    min_mentees: int = Field(0, ge=0, le=MOST_SLOTS)


class AvailabilityForm(BaseModel):
    """The week in one's own time zone: `"<weekday>-<hour>"`, 0 = Monday. Daylight saving is taken care of."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    time_zone: TimeZone = Field(min_length=1, examples=["America/Chicago"])
    hours: Hours = Field(default=[], examples=[["1-18", "1-19", "5-10"]])
