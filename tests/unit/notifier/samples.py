"""What each template is given, with names and texts that try it."""

from datetime import UTC, datetime
from typing import Any

from services.notifier.messages import NECESSARY, Template

SITE = "https://belay.example.org"
MENTEE = {
    "name": "Zoë O'Brien-Hernández",
    "stage": "m3",
    "institution": "Teaching Hospital & Clinics",
    "city": "Rochester",
    "institution_state": "MN",
    "program": "Climb Together",
    "cycle": "2026",
}
MENTOR = {**MENTEE, "name": "Alex <Mentor>", "stage": "faculty", "city": "Phoenix", "institution_state": "AZ"}
REASONS = ["They are drawn to Emergency medicine, your specialty.", "You are both free in 2 hours of a usual week."]

_CHALLENGE = {"link": f"{SITE}/login/link/token", "code": "482913", "minutes": 9, "demo": False}
_EVERYWHERE: dict[str, Any] = {
    "you": "Robin Reader",
    "zone": "America/Chicago",
    "site": SITE,
    "unsubscribe_link": f"{SITE}/unsubscribe/token",
    "demo": True,
}
_OFFER = {
    "mentee": MENTEE,
    "mentor": MENTOR,
    "respond_by": datetime(2026, 3, 10, 3, tzinfo=UTC),
    "message": "Could we talk about <b>ultrasound</b>?\nAnd about nights.",
    "reasons": REASONS,
}
_LINKS = {
    "answer_link": f"{SITE}/answer/proposal/1?token=t",
    "decline_link": f"{SITE}/answer/proposal/1?token=t&choice=decline",
}
_ACCEPTED = {
    "mentee": {**MENTEE, "email": "zoe@example.org"},
    "mentor": {**MENTOR, "email": "alex@example.org"},
    "mentorship_link": f"{SITE}/mentorships/1",
}
_CLOSED = {"mentee": MENTEE, "mentor": MENTOR, "completed": False}
_MEETING = {
    "starts_at": datetime(2026, 3, 10, 22, 30, tzinfo=UTC),
    "minutes": 45,
    "place": "https://video.example.org/room",
    "partner": {**MENTOR, "email": "alex@example.org"},
    "mentorship_link": f"{SITE}/mentorships/1",
}

_SURVEY = {"partner": MENTOR, "survey_link": f"{SITE}/mentorships/1#survey"}

_OWN: dict[Template, dict[str, Any]] = {
    Template.WELCOME_MENTEE: {"participant": MENTEE},
    Template.WELCOME_MENTOR: {"participant": MENTOR},
    Template.PROPOSAL_TO_MENTOR: _OFFER | _LINKS,
    Template.PROPOSAL_TO_MENTEE: _OFFER,
    Template.REQUEST_TO_MENTOR: _OFFER | _LINKS,
    Template.ACCEPTED_TO_MENTEE: _ACCEPTED,
    Template.ACCEPTED_TO_MENTOR: _ACCEPTED,
    Template.DECLINED_TO_MENTEE: _OFFER,
    Template.CLOSED_TO_MENTEE: _CLOSED,
    Template.CLOSED_TO_MENTOR: _CLOSED,
    Template.MEETING_SCHEDULED: _MEETING,
    Template.MEETING_CANCELED: _MEETING,
    Template.SURVEY: _SURVEY,
    Template.SURVEY_REMINDER: _SURVEY,
}


def sample(template: Template, **changes: Any) -> dict[str, Any]:
    """A context as the notifier would give it."""
    if template in NECESSARY:
        return {**_CHALLENGE, **changes}
    return {**_EVERYWHERE, **_OWN[template], **changes}
