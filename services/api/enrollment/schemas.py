"""What a registration asks, one model per step; the same for forms and for the JSON API.

A model checks the shape of an answer. What depends on the role, the program or the institution is checked in
`checks.py`. Every sentence here is read by the person who typed.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from services.api.web.translations import format_number
from services.api.web.translations import gettext as _
from shared.vocabulary.mentoring import LANGUAGES, Kind, MeetingMode, Role, SitePreference, WorkingStyle
from shared.vocabulary.specialties import SPECIALTIES
from shared.vocabulary.stages import Stage
from shared.vocabulary.states import STATES

LONGEST_TEXT = 2000
LONGEST_LINE = 120
MOST_SPECIALTIES = 5
MOST_REGIONS = 10
MOST_ANSWERS = 6
MOST_IMPORTANT = 3


class Enrolling(StrEnum):
    """As what somebody registers; `both` makes two participants."""

    MENTEE = "mentee"
    MENTOR = "mentor"
    BOTH = "both"

    @property
    def roles(self) -> tuple[Role, ...]:
        if self is Enrolling.BOTH:
            return (Role.MENTEE, Role.MENTOR)
        return (Role(self.value),)


def _check_email(value: str) -> str:
    try:
        return validate_email(value, check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise ValueError(_("Enter an e-mail address like name@example.edu.")) from error


def _check_time_zone(value: str) -> str:
    if value and value not in available_timezones():
        raise ValueError(_("Choose a time zone from the list."))
    return value


def _check_grid(values: list[str]) -> list[str]:
    if not all(_is_hour(value) for value in values):
        raise ValueError(_("Choose hours from the grid."))
    return sorted(set(values), key=parse_hour)


def _is_hour(value: str) -> bool:
    day, _, hour = value.partition("-")
    return day.isdecimal() and hour.isdecimal() and int(day) < 7 and int(hour) < 24


def parse_hour(value: str) -> tuple[int, int]:
    """Weekday (0 = Monday) and hour of `"<weekday>-<hour>"`."""
    day, _, hour = value.partition("-")
    return int(day), int(hour)


def _known(vocabulary: dict[str, str]) -> AfterValidator:
    def check(values: list[str]) -> list[str]:
        if unknown := [value for value in values if value not in vocabulary]:
            raise ValueError(_("Choose from the list; %(unknown)s is not on it.") % {"unknown": ", ".join(unknown)})
        return list(dict.fromkeys(values))

    return AfterValidator(check)


def _at_most(count: int) -> AfterValidator:
    def check(values: list[str]) -> list[str]:
        if len(values) > count:
            raise ValueError(_("Choose %(most)s at most.") % {"most": count})
        return values

    return AfterValidator(check)


def _empty_is_none(value: object) -> object:
    return None if value == "" else value


def _longest(count: int) -> AfterValidator:
    def check(value: str) -> str:
        if len(value) > count:
            raise ValueError(_("That is %(length)s characters; %(most)s is the most we can keep.") % {
                "length": format_number(len(value), 0), "most": format_number(count, 0),
            })
        return value

    return AfterValidator(check)


Trimmed = StringConstraints(strip_whitespace=True)
Line = Annotated[str, Trimmed, _longest(LONGEST_LINE)]
Text = Annotated[str, Trimmed, _longest(LONGEST_TEXT)]
Email = Annotated[str, Trimmed, AfterValidator(_check_email)]
TimeZone = Annotated[str, AfterValidator(_check_time_zone)]
Hours = Annotated[list[str], AfterValidator(_check_grid)]
Languages = Annotated[list[str], _known(LANGUAGES)]
Regions = Annotated[list[str], _known(STATES), _at_most(MOST_REGIONS)]
Specialties = Annotated[list[str], _known(SPECIALTIES), _at_most(MOST_SPECIALTIES)]


def _check_name(value: str) -> str:
    if not value:
        raise ValueError(_("Tell us your name."))
    return value


Name = Annotated[Line, AfterValidator(_check_name)]


class Step(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Who(Step):
    """Step 1: who you are."""

    role: Enrolling
    name: Name
    email: Email
    pronouns: Line = ""
    stage: Stage


class Place(Step):
    """Step 2: where you train or work. Without a time zone, the institution's is yours."""

    institution_id: UUID
    time_zone: TimeZone = ""


class Want(Step):
    """Step 3: what you want (mentees) and offer (mentors), in your own words.

    `specialties` are ranked, dearest first. Each of `kinds_wanted` is one mentor; none means one of any kind.
    """

    wish: Text = ""
    goals: Text = ""
    offer: Text = ""
    expertise: Text = ""
    interests: Text = ""
    specialties: Specialties = []
    kinds_wanted: list[Kind] = []
    kinds_offered: list[Kind] = []


class DimensionChoice(Step):
    """What somebody says about one dimension and what may be done with it; every switch is off at first."""

    code: str
    answers: Annotated[list[Line], _at_most(MOST_ANSWERS)] = []
    own_words: Line = ""
    match: bool = False
    show: bool = False
    report: bool = False
    importance: int = Field(0, ge=0, le=MOST_IMPORTANT)

    @property
    def exact_answers(self) -> tuple[str, ...]:
        """The answers chosen and the one typed, each once."""
        return tuple(dict.fromkeys(answer for answer in (*self.answers, self.own_words) if answer))

    @property
    def is_used(self) -> bool:
        return bool(self.exact_answers) or self.match or self.show or self.report


class Matters(Step):
    """Step 4: what matters to you. All of it may stay empty."""

    dimensions: list[DimensionChoice] = []
    different_perspective: bool = False

    @model_validator(mode="after")
    def each_dimension_once(self) -> Self:
        codes = [choice.code for choice in self.dimensions]
        if len(codes) != len(set(codes)):
            raise ValueError(_("Each dimension is answered once."))
        return self


class Meeting(Step):
    """Step 5: when and how you can meet. `hours` are `"<weekday>-<hour>"` in your own time zone, 0 = Monday."""

    hours: Hours = []
    meeting_mode: MeetingMode = MeetingMode.EITHER
    languages: Languages = ["en"]
    working_style: Annotated[WorkingStyle | None, BeforeValidator(_empty_is_none)] = None
    site_preference: SitePreference = SitePreference.NO_PREFERENCE
    regions: Regions = []
    hours_per_month: Annotated[Decimal | None, BeforeValidator(_empty_is_none)] = None
    mentee_slots: Annotated[int | None, BeforeValidator(_empty_is_none)] = None


class Review(Step):
    """Step 6: consent to the privacy notice."""

    consent: bool = False


Typed = list[tuple[str, str]]  # the fields of a form, in their order


class Answers(BaseModel):
    """A registration so far; a step is None until it was saved.

    `refused` are steps as they were typed last when something in them did not fit, by key: shown again, never used.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: str = "en"
    role: Enrolling | None = None  # as chosen at the start, before the first step is saved
    who: Who | None = None
    place: Place | None = None
    want: Want | None = None
    matters: Matters | None = None
    meeting: Meeting | None = None
    review: Review | None = None
    refused: dict[str, Typed] = {}

    @property
    def own_name(self) -> str:
        return self.who.name if self.who else ""

    @property
    def roles(self) -> tuple[Role, ...]:
        chosen = self.who.role if self.who else self.role
        return chosen.roles if chosen else ()
