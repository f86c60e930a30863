"""Which mails there are, and who gets which when something happened."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared.models.base import Json


class Template(StrEnum):
    """Each value names a folder of templates: subject, text and HTML in each language."""

    LOGIN = "login"
    CONFIRM_REGISTRATION = "confirm_registration"
    WELCOME_MENTEE = "welcome_mentee"
    WELCOME_MENTOR = "welcome_mentor"
    PROPOSAL_TO_MENTOR = "proposal_to_mentor"
    PROPOSAL_TO_MENTEE = "proposal_to_mentee"
    REQUEST_TO_MENTOR = "request_to_mentor"
    ACCEPTED_TO_MENTEE = "accepted_to_mentee"
    ACCEPTED_TO_MENTOR = "accepted_to_mentor"
    DECLINED_TO_MENTEE = "declined_to_mentee"
    CLOSED_TO_MENTEE = "closed_to_mentee"
    CLOSED_TO_MENTOR = "closed_to_mentor"
    MEETING_SCHEDULED = "meeting_scheduled"
    MEETING_CANCELED = "meeting_canceled"
    SURVEY = "survey"
    SURVEY_REMINDER = "survey_reminder"


# Without these nobody could log in: they carry no List-Unsubscribe.
NECESSARY = frozenset({Template.LOGIN, Template.CONFIRM_REGISTRATION})


@dataclass(frozen=True)
class PlannedMail:
    """A mail that an event calls for: what, to whom (an account or a log-in challenge), about which objects."""

    template: Template
    recipient_id: UUID
    about: Json
