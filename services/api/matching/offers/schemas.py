"""What a mentor answers and what a mentee asks."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.api.web.translations import gettext as _


class Choice(StrEnum):
    ACCEPT = "accept"
    DECLINE = "decline"


class DeclineReason(StrEnum):
    """Why a mentor says no; NO_ANSWER is written when the time to answer is over."""

    NO_TIME = "no_time"
    NOT_MY_FIELD = "not_my_field"
    KNOW_EACH_OTHER = "know_each_other"
    EVALUATOR = "evaluator"
    OTHER = "other"
    NO_ANSWER = "no_answer"


CHOOSABLE_REASONS: tuple[DeclineReason, ...] = tuple(r for r in DeclineReason if r is not DeclineReason.NO_ANSWER)


class Answer(BaseModel):
    """A mentor's answer; a decline says why, so that the next match is better."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"choice": "accept"}]})

    choice: Choice
    reason: DeclineReason | None = None

    @model_validator(mode="after")
    def decline_says_why(self) -> "Answer":
        if self.choice is Choice.DECLINE and self.reason not in CHOOSABLE_REASONS:
            raise ValueError(_("Choose the reason that comes closest."))
        return self


class AskMessage(BaseModel):
    """A few words to a suggested mentor."""

    model_config = ConfigDict(extra="forbid")

    message: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1200)] = Field(
        "", description="A few words to the mentor; they see them with the request."
    )


class Ask(AskMessage):
    """A mentee asks a suggested mentor."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"mentor_id": "6f6cfd6e-3f0c-4a05-9d2a-0c5f1c1f7a11", "message": "Hello …"}]}
    )

    mentor_id: UUID


class Answered(BaseModel):
    """What became of the offer; the mentorship if it was accepted."""

    state: str
    mentorship_id: UUID | None = None


class Asked(BaseModel):
    request_id: UUID
    respond_by: str
