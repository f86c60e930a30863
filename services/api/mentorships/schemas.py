"""What the two of a mentorship can do: meet, and part."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from shared.models.mentorships import MentorshipState

LENGTHS = (30, 45, 60, 90)
USUAL_LENGTH = 45


class ClosureReason(StrEnum):
    """Why a mentorship ends. None of them blames anybody."""

    GOALS_REACHED = "goals_reached"
    NEW_DIRECTION = "new_direction"
    NO_TIME = "no_time"
    SCHEDULES = "schedules"
    NEVER_STARTED = "never_started"
    NOT_THE_RIGHT_FIT = "not_the_right_fit"
    RATHER_NOT_SAY = "rather_not_say"

    @property
    def ends_as(self) -> MentorshipState:
        return MentorshipState.COMPLETED if self is ClosureReason.GOALS_REACHED else MentorshipState.CLOSED


class NewMeeting(BaseModel):
    """A meeting at an instant."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"starts_at": "2027-03-02T00:00:00Z", "minutes": 45, "place": "Video"}]},
    )

    starts_at: AwareDatetime
    minutes: Annotated[int, Field(ge=10, le=240)] = USUAL_LENGTH
    place: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = Field(
        "", description="Where: a link to a video call, a phone number, a room."
    )


class SurveyAnswer(BaseModel):
    """How content somebody is with the mentorship, from 1 (not at all) to 5 (very)."""

    model_config = ConfigDict(extra="forbid")

    satisfaction: Annotated[int, Field(ge=1, le=5)]
    comment: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = Field(
        "", description="Neither the other person nor the matcher ever sees it; leads do, without names, among many."
    )


class Closing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: ClosureReason


class PartnerView(BaseModel):
    name: str
    pronouns: str
    email: str
    stage: str
    institution: str
    time_zone: str


class MeetingView(BaseModel):
    id: UUID
    starts_at: datetime
    minutes: int
    place: str
    state: str


class MentorshipView(BaseModel):
    """A mentorship as one of the two sees it."""

    id: UUID
    state: str
    kind: str
    you_are: str
    started_at: datetime
    ended_at: datetime | None
    partner: PartnerView
    reasons: list[str]
    meetings: list[MeetingView]
    common_times: list[datetime]
