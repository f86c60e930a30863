"""What becomes of an offer: accepted, declined, withdrawn, expired; each once, and never beyond a mentor's room."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from services.api.errors import ConflictError
from services.api.matching.offers import queries
from services.api.matching.offers.queries import Offer
from services.api.matching.offers.schemas import DeclineReason
from services.api.matching.queries import excluded_pairs, lock_people, mentee_room, mentor_room
from services.api.web.translations import gettext as _
from shared.clock import Clock
from shared.contracts.messages import (
    Message,
    ParticipantChanged,
    ProposalAccepted,
    ProposalDeclined,
    RequestAccepted,
    RequestDeclined,
)
from shared.db.engine import WriteSession
from shared.models.enrollment import Participant
from shared.models.matching import OfferState
from shared.models.mentorships import Mentorship
from shared.outbox.writing import send, send_all
from shared.security.answer_links import OfferKind

NO_ANSWER = DeclineReason.NO_ANSWER
ALREADY_ANSWERED = "already_answered"


def accept(session: WriteSession, offer: Offer, now: datetime) -> Mentorship:
    """The mentor says yes: the mentorship opens to both.

    Both people are locked first, so of two accepts for the last slot the second one sees the first.
    Raises ConflictError if the offer was answered meanwhile, if the two must not meet, or if there is no room left on
    either side.
    """
    people = lock_people(session, (offer.mentor_id, offer.mentee_id))
    _require_pair(session, offer, people.values())
    _require_room(session, offer, now)
    if now > offer.respond_by or not queries.decide(session, offer, OfferState.ACCEPTED, now):
        raise _already(offer)
    mentorship = queries.open_mentorship(session, offer, now)
    send(session, _accepted(offer, mentorship.id))
    return mentorship


def _require_pair(session: WriteSession, offer: Offer, people: Iterable[Participant]) -> None:
    session.refresh(offer)
    if offer.state != OfferState.OPEN:
        raise _already(offer)
    if any(person.state == "withdrawn" for person in people):
        raise ConflictError(_("This person is no longer here."), code="not_taking_part")
    if (offer.mentee_id, offer.mentor_id) in excluded_pairs(session, [offer.mentee_id]):
        raise ConflictError(_("You two can no longer be matched."), code="excluded")
    if queries.mentorship_of_pair(session, offer):
        raise ConflictError(_("You two are matched already."), code="already_matched")


def _require_room(session: WriteSession, offer: Offer, now: datetime) -> None:
    if not mentor_room(session, [offer.mentor_id], now.date())[offer.mentor_id].may_accept:
        message = _("Every mentee slot of your bandwidth is taken, so this one could not be accepted.")
        raise ConflictError(message, _("Raise your bandwidth, or decline so that we can look on."), code="no_room")
    if not mentee_room(session, [offer.mentee_id])[offer.mentee_id].may_accept:
        raise ConflictError(_("This mentee has found somebody in the meantime."), code="mentee_matched")


def decline(session: WriteSession, offer: Offer, reason: DeclineReason, now: datetime) -> None:
    """The mentor says no: the slot is free at once and the mentee is told kindly. Raises ConflictError if answered."""
    if not queries.decide(session, offer, OfferState.DECLINED, now, reason):
        raise _already(offer)
    send(session, _declined(queries.kind_of(offer), offer.id))


def withdraw(session: WriteSession, offer: Offer, now: datetime) -> None:
    """The mentee takes it back: the slot is free, nobody needs a mail. Raises ConflictError if answered."""
    if not queries.decide(session, offer, OfferState.WITHDRAWN, now):
        raise _already(offer)
    changed: list[Message] = [ParticipantChanged(participant_id=p) for p in (offer.mentee_id, offer.mentor_id)]
    send_all(session, changed)


def expire_overdue(session: WriteSession, clock: Clock) -> int:
    """Offers that nobody answered in time free their slots; the mentee hears what happens next. How many there were."""
    now = clock.now()
    expired = [(kind, offer) for kind in OfferKind for offer in queries.expire(session, kind, now, NO_ANSWER)]
    send_all(session, [_declined(kind, offer) for kind, offer in expired])
    return len(expired)


def _accepted(offer: Offer, mentorship_id: UUID) -> Message:
    if queries.kind_of(offer) is OfferKind.PROPOSAL:
        return ProposalAccepted(proposal_id=offer.id, mentorship_id=mentorship_id)
    return RequestAccepted(request_id=offer.id, mentorship_id=mentorship_id)


def _declined(kind: OfferKind, offer_id: UUID) -> Message:
    if kind is OfferKind.PROPOSAL:
        return ProposalDeclined(proposal_id=offer_id)
    return RequestDeclined(request_id=offer_id)


def _already(offer: Offer) -> ConflictError:
    sentences = {
        OfferState.ACCEPTED: _("This was accepted already."),
        OfferState.DECLINED: _("This was declined already."),
        OfferState.EXPIRED: _("The time to answer is over, and the slot was given back to you."),
        OfferState.WITHDRAWN: _("The mentee has taken this back in the meantime."),
    }
    fallback = _("The time to answer is over.")
    return ConflictError(sentences.get(OfferState(offer.state), fallback), code=ALREADY_ANSWERED)
