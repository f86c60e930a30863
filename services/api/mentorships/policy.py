"""Who may see a mentorship and act in it: the two, nobody else, whatever role they hold."""

from services.api.policies import ALLOW, Decision, deny, hidden
from services.api.visitor import Visitor
from services.api.web.translations import gettext as _
from shared.models.mentorships import Mentorship, MentorshipState


def may_see_mentorship(visitor: Visitor, mentorship: Mentorship | None) -> Decision:
    if mentorship is None:
        return hidden("no such mentorship")
    theirs = visitor.owns(mentorship.mentee_id) or visitor.owns(mentorship.mentor_id)
    return ALLOW if theirs else hidden("not one of the two")


def may_act_in_mentorship(visitor: Visitor, mentorship: Mentorship | None) -> Decision:
    """Meet or part, while it is active."""
    seen = may_see_mentorship(visitor, mentorship)
    if not seen.allowed or mentorship is None:
        return seen
    if mentorship.state != MentorshipState.ACTIVE:
        return deny(_("This mentorship has ended; it can be looked at, not changed."))
    return ALLOW
