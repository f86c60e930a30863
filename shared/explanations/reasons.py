"""Why a pair is proposed, why a slot stays open, and what would change it: codes with parameters, no sentences.

The matcher writes them, pages and e-mails render them (`words`). A parameter that can be counted is `number`.
Nothing here names a dimension: the matcher only knows how many experiences are shared.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict

from shared.explanations.features import Feature


class ReasonCode(StrEnum):
    """Grouped: what speaks for a pair · to know about it · why a slot stays open · what would help · change a match."""

    INTEREST_CLOSE = "interest_close"
    INTEREST_WORDS = "interest_words"
    SPECIALTY_SAME = "specialty_same"
    SPECIALTY_NEAR = "specialty_near"
    STAGE_AHEAD = "stage_ahead"
    STAGE_FACULTY = "stage_faculty"
    STAGE_REVERSE = "stage_reverse"
    SHARED_EXPERIENCE = "shared_experience"
    DIFFERENT_PLACE = "different_place"
    TIME_COMMON = "time_common"
    PLACE_SAME_SITE = "place_same_site"
    PLACE_OTHER_SITE = "place_other_site"
    PLACE_SAME_STATE = "place_same_state"
    PLACE_TIES = "place_ties"
    LANGUAGE_COMMON = "language_common"
    MEETING_MODE_SAME = "meeting_mode_same"
    WORKING_STYLE_SAME = "working_style_same"

    TIME_LITTLE = "time_little"
    SPECIALTY_OTHER = "specialty_other"
    INTEREST_FAR = "interest_far"

    NO_MENTORS = "no_mentors"
    NO_PAIR = "no_pair"
    BARRED_KIND = "barred_kind"
    BARRED_SPECIALTY = "barred_specialty"
    BARRED_SITE = "barred_site"
    BARRED_LANGUAGE = "barred_language"
    BARRED_HOURS = "barred_hours"
    BARRED_CONFLICT = "barred_conflict"
    BARRED_MENTORS_NOT_READY = "barred_mentors_not_ready"
    MENTEE_NOT_READY = "mentee_not_ready"
    ALL_FULL = "all_full"
    SLOTS_LEFT = "slots_left"

    MORE_HOURS = "more_hours"
    ANY_KIND = "any_kind"
    MORE_BANDWIDTH = "more_bandwidth"

    PLACE_ASIDE = "place_aside"
    MORE_PLACES = "more_places"
    CLOSEST = "closest"


Value = str | int | float | list[str]


class Reason(BaseModel):
    """One reason, as it is stored and sent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: ReasonCode
    parameters: dict[str, Value] = {}

    @classmethod
    def of(cls, code: ReasonCode, **parameters: Value) -> Self:
        return cls(code=code, parameters=parameters)


class Contribution(BaseModel):
    """What a feature adds to a score: weight × value, the weight already scaled for the mentee's slot."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    feature: Feature
    value: float
    weight: float
    points: float


class Explanation(BaseModel):
    """A pair in numbers and reasons. The points, added from left to right, are the score to the last bit.

    `reasons` speak for the pair, strongest first; `notes` are what to know about it; `changes` what would change it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    score: float
    contributions: tuple[Contribution, ...]
    reasons: tuple[Reason, ...]
    notes: tuple[Reason, ...] = ()
    changes: tuple[Reason, ...] = ()


class Share(BaseModel):
    """A part of a score that a reader may see; `feature` None is all that is kept together for privacy."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    feature: Feature | None
    points: float


PERSONAL = frozenset({Feature.SHARED_EXPERIENCE, Feature.DIFFERENT_PERSPECTIVE, Feature.STYLE})


def shares_for_people(explanation: Explanation) -> tuple[Share, ...]:
    """The score's parts as the two of a pair may see them, those without points left out.

    Personal features stay out altogether. Whoever holds one dimension alone would read from any number that includes
    it, even a sum, whether the other person opted in to it.
    """
    return _shares(c for c in explanation.contributions if c.feature not in PERSONAL)


def shares_for_leads(explanation: Explanation) -> tuple[Share, ...]:
    """The score's parts with the personal ones added up, so that together they are the score."""
    together = sum(c.points for c in explanation.contributions if c.feature in PERSONAL)
    kept = (Share(feature=None, points=together),) if together > 0 else ()
    return (*shares_for_people(explanation), *kept)


def _shares(contributions: Iterable[Contribution]) -> tuple[Share, ...]:
    return tuple(Share(feature=c.feature, points=c.points) for c in contributions if c.points > 0)
