"""The choices that forms offer, worded in the reader's language."""

from collections.abc import Iterable

from services.api.web.translations import gettext as _
from shared.models.programs import Dimension, Institution
from shared.vocabulary.dimensions import DEFAULT_DIMENSIONS
from shared.vocabulary.mentoring import LANGUAGES, Kind, MeetingMode, SitePreference, WorkingStyle
from shared.vocabulary.specialties import FIELDS
from shared.vocabulary.stages import FACULTY_STAGES, Stage
from shared.vocabulary.states import STATES

Options = list[tuple[str, str]]
Grouped = list[tuple[str, Options]]
Described = list[tuple[str, str, str]]
STANDARD_NAMES = frozenset(dimension.name for dimension in DEFAULT_DIMENSIONS)
STANDARD_ANSWERS = frozenset(answer for dimension in DEFAULT_DIMENSIONS for answer in dimension.answers)

FIELD_NAMES = {
    "acute": "Acute care",
    "medicine": "Internal medicine",
    "primary_care": "Primary care",
    "surgery": "Surgery",
    "women_and_newborn": "Women and newborn",
    "mind": "Mind and nerves",
    "diagnostic": "Diagnostic and other",
}


def roles() -> Described:
    return [
        ("mentee", _("I would like a mentor"), _("Find someone who has walked this path.")),
        ("mentor", _("I want to mentor"), _("Say how many hours you have. We never go beyond.")),
        ("both", _("Both"), _("A resident can mentor students and have a mentor, too.")),
    ]


def stages() -> Grouped:
    student, faculty = (Stage.PREMED, Stage.M1, Stage.M2, Stage.M3, Stage.M4), FACULTY_STAGES
    training = [stage for stage in Stage if stage not in (*student, *faculty)]
    return [
        (_("Students"), _labeled(student)),
        (_("Residents and fellows"), _labeled(training)),
        (_("Practicing physicians"), _labeled(faculty)),
    ]


def _labeled(stages: Iterable[Stage]) -> Options:
    return [(stage.value, _(stage.label)) for stage in stages]


def institutions(known: Iterable[Institution]) -> Options:
    return [(str(one.id), f"{one.name} · {one.city}, {one.state}") for one in known]


def specialties() -> Grouped:
    return [
        (_(FIELD_NAMES[field]), [(code, _(name)) for code, name in codes.items()]) for field, codes in FIELDS.items()
    ]


def kinds_wanted() -> Described:
    return [
        (Kind.NEAR_PEER, _("A near-peer"), _("A few years ahead of you: resident, fellow, senior student.")),
        (Kind.FACULTY, _("A faculty mentor"), _("Further along, knows how the house is built.")),
        (Kind.SPECIALTY, _("Someone in my specialty"), _("Whatever their stage.")),
    ]


def kinds_offered(stage: Stage | None) -> Described:
    """What somebody of this career stage can give."""
    specialty = (Kind.SPECIALTY, _("To those who want my specialty"), _("From the third year of medical school on."))
    if stage in FACULTY_STAGES:
        return [(Kind.FACULTY, _("As faculty"), _("To students, residents and fellows.")), specialty]
    near_peer = (Kind.NEAR_PEER, _("As a near-peer"), _("To people a few years behind you."))
    reverse = (Kind.REVERSE, _("As a reverse mentor"), _("To faculty who want to learn from trainees."))
    return [near_peer, specialty, reverse]


def meeting_modes() -> Described:
    return [
        (MeetingMode.EITHER, _("Whatever works"), ""),
        (MeetingMode.VIDEO, _("Video"), ""),
        (MeetingMode.PHONE, _("Phone"), ""),
        (MeetingMode.IN_PERSON, _("In person"), ""),
    ]


def working_styles() -> Described:
    return [
        ("", _("No preference"), ""),
        (WorkingStyle.STRUCTURED, _("Structured"), _("An agenda, goals, dates.")),
        (WorkingStyle.CONVERSATIONAL, _("Conversational"), _("We see where it goes.")),
        (WorkingStyle.TASK_BY_TASK, _("Task by task"), _("We meet when there is something to do.")),
        (WorkingStyle.LISTENING, _("Mostly listening"), _("Somebody who hears me out.")),
    ]


def site_preferences() -> Described:
    return [
        (SitePreference.NO_PREFERENCE, _("No preference"), ""),
        (SitePreference.SAME, _("The same institution"), _("Close enough for a coffee.")),
        (SitePreference.OTHER, _("Another institution"), _("Someone outside my own house.")),
    ]


def languages() -> Options:
    return [(code, _(name)) for code, name in LANGUAGES.items()]


def states() -> Options:
    return list(STATES.items())


def dimension_name(name: str) -> str:
    """In the reader's language if it is one of those that programs start from; a program's own stays as it is."""
    return _(name) if name in STANDARD_NAMES else name


def answer_label(answer: str) -> str:
    """How an answer about a dimension is shown. What is kept and matched is `answer` itself, in every language."""
    return _(answer) if answer in STANDARD_ANSWERS else answer


def answers_to(dimension: Dimension) -> Options:
    return [(answer, answer_label(answer)) for answer in dimension.answers]


def label_of(options: Iterable[tuple[str, ...]], value: object) -> str:
    """The label of one choice; empty for none."""
    return next((option[1] for option in options if option[0] == value), "")


def labels_of(options: Iterable[tuple[str, ...]], values: Iterable[object]) -> list[str]:
    wording = {option[0]: option[1] for option in options}
    return [wording[str(value)] for value in values if str(value) in wording]

