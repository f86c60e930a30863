"""Who may answer, withdraw and make offers."""

from services.api.matching.offers.queries import Offer
from services.api.policies import ALLOW, Decision, deny, hidden
from services.api.visitor import Visitor
from services.api.web.translations import gettext as _
from shared.vocabulary.mentoring import Role


def may_answer_offer(visitor: Visitor, offer: Offer | None, *, by_link: bool) -> Decision:
    """The mentor, logged in, or whoever holds the link from the mentor's e-mail."""
    if offer is None:
        return hidden("no such offer")
    if by_link or visitor.owns(offer.mentor_id):
        return ALLOW
    return hidden("the offer waits for somebody else")


def may_withdraw_offer(visitor: Visitor, offer: Offer | None) -> Decision:
    """The mentee on whose behalf the slot is held."""
    if offer is None:
        return hidden("no such offer")
    return ALLOW if visitor.owns(offer.mentee_id) else hidden("somebody else's offer")


def is_mentor(visitor: Visitor) -> Decision:
    return ALLOW if visitor.participates(Role.MENTOR) else deny(_("This page is for mentors."))
