"""The words of mentoring itself: roles, kinds, meeting modes, languages, weekly hours."""

from enum import StrEnum


class Role(StrEnum):
    """What a participant is in a cycle. Someone who is both has two participants."""

    MENTEE = "mentee"
    MENTOR = "mentor"


class Kind(StrEnum):
    """The kind of a slot or mentorship; ANY is a wish that every kind fulfils."""

    ANY = "any"
    NEAR_PEER = "near_peer"
    FACULTY = "faculty"
    SPECIALTY = "specialty"
    REVERSE = "reverse"

    @property
    def label(self) -> str:
        return KIND_LABELS[self]


KIND_LABELS: dict[Kind, str] = {
    Kind.ANY: "Any mentor",
    Kind.NEAR_PEER: "Near-peer mentor (resident or fellow)",
    Kind.FACULTY: "Faculty mentor",
    Kind.SPECIALTY: "Mentor in my specialty",
    Kind.REVERSE: "Reverse mentor (a trainee mentors faculty)",
}


class MeetingMode(StrEnum):
    VIDEO = "video"
    PHONE = "phone"
    IN_PERSON = "in_person"
    EITHER = "either"


class WorkingStyle(StrEnum):
    """How somebody likes to work; mentor and mentee agree or differ."""

    STRUCTURED = "structured"
    CONVERSATIONAL = "conversational"
    TASK_BY_TASK = "task_by_task"
    LISTENING = "listening"


class SitePreference(StrEnum):
    """Whether the other person should be at the same institution."""

    NO_PREFERENCE = "no_preference"
    SAME = "same"
    OTHER = "other"


LANGUAGES: dict[str, str] = {
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "ar": "Arabic",
    "zh": "Chinese",
    "hi": "Hindi",
    "ko": "Korean",
    "pt": "Portuguese",
    "vi": "Vietnamese",
    "tl": "Tagalog",
    "asl": "American Sign Language",
}

# The grid that people paint: local weekday 0 = Monday, half-open hours from 6:00 to 23:00.
GRID_FIRST_HOUR = 6
GRID_LAST_HOUR = 23
WEEK_HOURS = 7 * 24
