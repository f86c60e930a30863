"""Cells → values of the domain. Each function raises ValueError with a sentence that says what would be right."""

import re
from datetime import date
from typing import TypeVar

from services.matcher.interests.abbreviations import ABBREVIATIONS
from services.matcher.scoring.hours import week_in_utc
from services.matcher.tables.columns import normalized
from shared.vocabulary.mentoring import LANGUAGES, Kind, MeetingMode, SitePreference, WorkingStyle
from shared.vocabulary.specialties import SPECIALTIES
from shared.vocabulary.stages import Stage

E = TypeVar("E", MeetingMode, WorkingStyle, Kind, SitePreference)

YES = frozenset({"yes", "y", "true", "1", "x", "si", "oui"})
NO = frozenset({"no", "n", "false", "0", "", "non"})
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Tables name weekly hours without a date; a week in which no clock changes stands for all.
ANY_MONDAY = date(2024, 1, 8)
_SPECIALTY_OF = {normalized(name): code for code, name in SPECIALTIES.items()}
_SPECIALTY_OF |= {normalized(short): _SPECIALTY_OF[normalized(words)] for short, words in ABBREVIATIONS.items()
                  if normalized(words) in _SPECIALTY_OF}
_LANGUAGE_OF = {normalized(name): code for code, name in LANGUAGES.items()} | {code: code for code in LANGUAGES}
_STAGE_WORDS = {
    "premedical_student": Stage.PREMED, "pre_med": Stage.PREMED, "undergraduate": Stage.PREMED,
    "intern": Stage.PGY1, "attending": Stage.FACULTY, "professor": Stage.FACULTY, "faculty_physician": Stage.FACULTY,
    "community_physician": Stage.COMMUNITY, "private_practice": Stage.COMMUNITY,
}
_KIND_WORDS = {"peer": Kind.NEAR_PEER, "nearpeer": Kind.NEAR_PEER, "general": Kind.ANY, "resident": Kind.NEAR_PEER}
_SITE_WORDS = {"none": SitePreference.NO_PREFERENCE, "any": SitePreference.NO_PREFERENCE,
               "yes": SitePreference.SAME, "no": SitePreference.OTHER, "different": SitePreference.OTHER}
_MODE_WORDS = {"zoom": MeetingMode.VIDEO, "virtual": MeetingMode.VIDEO, "online": MeetingMode.VIDEO,
               "face_to_face": MeetingMode.IN_PERSON, "any": MeetingMode.EITHER, "both": MeetingMode.EITHER}
_RANGE = re.compile(r"^(\d{1,2})(?::00)?\s*(am|pm)?\s*(?:-|–|to)\s*(\d{1,2})(?::00)?\s*(am|pm)?$")


def parts(cell: str) -> list[str]:
    """The entries of a list in a cell, separated by semicolons, bars or commas."""
    return [part.strip() for part in re.split(r"[;|,]", cell) if part.strip()]


def whole(cell: str, least: int = 0, most: int = 100_000) -> int:
    """A whole number from `least` to `most`."""
    try:
        number = float(cell)
        value = int(number)
    except (ValueError, OverflowError):
        raise ValueError(f"{cell!r} is not a number") from None
    if value != number:
        raise ValueError(f"{cell!r} is not a whole number")
    if not least <= value <= most:
        raise ValueError(f"{cell!r} should be from {least} to {most}")
    return value


def amount(cell: str) -> float:
    """A finite number that is not negative."""
    try:
        value = float(cell)
    except ValueError:
        raise ValueError(f"{cell!r} is not a number") from None
    if not 0 <= value < float("inf"):
        raise ValueError(f"{cell!r} should be 0 or more")
    return value


def yes_no(cell: str) -> bool:
    word = cell.casefold()
    if word not in YES | NO:
        raise ValueError(f"{cell!r} should be yes or no")
    return word in YES


def stage(cell: str) -> Stage:
    """A career stage: M3, MS-3, PGY2, R2, fellow, attending …"""
    word = normalized(cell)
    compact = word.replace("_", "")
    found = re.fullmatch(r"(?:ms|m)([1-4])|(?:pgy|r)([1-7])", compact)
    if found:
        return Stage(f"m{found[1]}") if found[1] else Stage(f"pgy{found[2]}")
    try:
        return _STAGE_WORDS.get(word) or Stage(compact)
    except ValueError:
        raise ValueError(f"{cell!r} is no career stage; known are {', '.join(Stage)}") from None


def specialty(cell: str) -> str:
    """The code of a specialty by code, name or abbreviation; one that is not known stays as written."""
    word = normalized(cell)
    return word if word in SPECIALTIES else _SPECIALTY_OF.get(word, word)


def language(cell: str) -> str:
    word = normalized(cell)
    return _LANGUAGE_OF.get(word, word)


def kind(cell: str) -> Kind:
    return _member(cell, Kind, _KIND_WORDS)


def site_preference(cell: str) -> SitePreference:
    return _member(cell, SitePreference, _SITE_WORDS)


def meeting_mode(cell: str) -> MeetingMode:
    return _member(cell, MeetingMode, _MODE_WORDS)


def working_style(cell: str) -> WorkingStyle:
    return _member(cell, WorkingStyle, {})


def _member(cell: str, kind_of: type[E], words: dict[str, E]) -> E:
    word = normalized(cell)
    try:
        return words.get(word) or kind_of(word)
    except ValueError:
        raise ValueError(f"{cell!r} is not one of {', '.join(kind_of)}") from None


def experience(cell: str) -> tuple[str, int]:
    """An experience and its importance: "first in the family" or "first in the family: 3"; 2 if not said."""
    name, _, importance = cell.partition(":")
    return normalized(name), whole(importance.strip(), 0, 3) if importance.strip() else 2


def week(cell: str, time_zone: str) -> int:
    """Weekly hours as UTC bits, from "Mon 9-12; Tue-Thu 18-20; Sat 8am-2pm" in a time zone."""
    hours = [hour for part in re.split(r"[;,|\n]", cell) if part.strip() for hour in _local_hours(part.strip())]
    return week_in_utc(hours, time_zone, ANY_MONDAY)


def _local_hours(part: str) -> list[tuple[int, int]]:
    days, _, span = part.partition(" ")
    found = _RANGE.match(span.strip().lower())
    if not found:
        raise ValueError(f'{part!r} should look like "Mon 9-12" or "Tue-Thu 6pm-8pm"')
    first, last = _hour(found[1], found[2] or found[4]), _hour(found[3], found[4])
    if not first < last:
        raise ValueError(f"{part!r} ends before it begins")
    return [(day, hour) for day in _days(days) for hour in range(first, last)]


def _hour(number: str, half: str | None) -> int:
    hour = int(number)
    if half == "pm" and hour < 12:
        hour += 12
    if half == "am" and hour == 12:
        hour = 0
    if not 0 <= hour <= 24:
        raise ValueError(f"{number!r} is no hour of the day")
    return hour


def _days(text: str) -> list[int]:
    ends = [day[:3].casefold() for day in re.split(r"[-–]", text)]
    if not all(end in DAYS for end in ends) or len(ends) > 2:
        raise ValueError(f"{text!r} is no weekday; use Mon, Tue, …, or Mon-Fri")
    first, last = DAYS.index(ends[0]), DAYS.index(ends[-1])
    return [day % 7 for day in range(first, last + 1 if last >= first else last + 8)]
