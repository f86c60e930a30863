"""The words of the audit trail for those whom its lines are about, in their language."""

from collections.abc import Mapping

from services.api.web.translations import gettext as _


def action_label(action: str) -> str:
    """What was done. A word that only older lines hold is shown as it was written."""
    return actions().get(action, action)


def role_label(role: str) -> str:
    """In which role somebody did it (`Visitor.acts_as`)."""
    return roles().get(role, role)


def actions() -> Mapping[str, str]:
    """Every action that is ever recorded."""
    return {**_own_account(), **_own_part(), **_of_programs()}


def _own_account() -> Mapping[str, str]:
    return {
        "logged_in": _("Logged in"),
        "logged_out": _("Logged out"),
        "session_revoked": _("Logged out a device"),
        "sessions_revoked": _("Logged out everywhere else"),
        "settings_changed": _("Settings changed"),
    }


def _own_part() -> Mapping[str, str]:
    return {
        "registered": _("Registered"),
        "profile_changed": _("Profile changed"),
        "pair.viewed": _("Looked at in a draft of the match"),
        "availability_changed": _("Weekly hours changed"),
        "bandwidth_added": _("Bandwidth added"),
        "bandwidth_changed": _("Bandwidth changed"),
        "bandwidth_removed": _("Bandwidth removed"),
        "least_mentees_set": _("Fewest mentees changed"),
        "mentoring_paused": _("Break from new mentees begun"),
        "mentoring_active": _("Break from new mentees ended"),
        "proposal.accepted": _("Proposal accepted"),
        "proposal.declined": _("Proposal declined"),
        "request.accepted": _("Request accepted"),
        "request.declined": _("Request declined"),
        "mentorship.closed": _("Mentorship closed"),
    }


def _of_programs() -> Mapping[str, str]:
    return {
        "match_run.requested": _("Match run asked for"),
        "match_run.discarded": _("Draft discarded"),
        "match_run.revised": _("Draft changed"),
        "match_run.published": _("Match published"),
        "match_run.taken_back": _("Published match taken back"),
        "match_run.additions_requested": _("Additions to the match asked for"),
        "what_if.asked": _("What-if asked"),
        "equity.viewed": _("Equity report looked at"),
        "survey_comments.viewed": _("Survey comments looked at"),
        "outcome_model.requested": _("Model asked for"),
        "outcome_model.adopted": _("Model adopted"),
        "outcome_model.refused": _("Model refused"),
        "policy.exploration_set": _("Exploration changed"),
        "program.set_up": _("Program set up"),
        "identity_purged": _("Answers about identity deleted"),
        "demo.loaded": _("Demo loaded"),
    }


def roles() -> Mapping[str, str]:
    return {
        "lead": _("Program lead"),
        "coordinator": _("Site coordinator"),
        "operator": _("Operator"),
        "mentor": _("Mentor"),
        "mentee": _("Mentee"),
        "account": _("Somebody with an account"),
        "stranger": _("Somebody not logged in"),
    }
