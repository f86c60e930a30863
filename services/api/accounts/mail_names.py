"""The kinds of mail that one can do without, as people call them."""

from collections.abc import Callable

from services.api.web.translations import gettext

_: Callable[[str], str] = str  # marks a name for the catalogs

NAMES = {
    "welcome_mentee": _("Welcome to a mentee"),
    "welcome_mentor": _("Welcome to a mentor"),
    "proposal_to_mentor": _("The match proposes a mentee"),
    "proposal_to_mentee": _("The match proposes a mentor"),
    "request_to_mentor": _("Somebody asks me to be their mentor"),
    "accepted_to_mentee": _("A mentor said yes"),
    "accepted_to_mentor": _("What comes after my yes"),
    "declined_to_mentee": _("A mentor cannot take me on"),
    "closed_to_mentee": _("A mentorship with my mentor ended"),
    "closed_to_mentor": _("A mentorship with my mentee ended"),
    "meeting_scheduled": _("A meeting is planned"),
    "meeting_canceled": _("A meeting is canceled"),
    "survey": _("How is it going?"),
    "survey_reminder": _("A reminder of how it is going"),
}


def mail_name(template: str) -> str:
    """In the reader's language; a kind that is no longer sent goes by its code."""
    return gettext(NAMES[template]) if template in NAMES else template
