"""Asking a suggested mentor, and leaving the choice to the match instead."""

from datetime import datetime, timedelta
from uuid import UUID

from services.api.errors import ConflictError, NotFoundError
from services.api.matching.offers.queries import Offer, open_offers
from services.api.matching.offers.service import withdraw
from services.api.matching.queries import (
    excluded_pairs,
    lock_people,
    mentee_room,
    mentor_room,
    settled_pairs,
    wishes_open,
)
from services.api.matching.suggestions import queries
from services.api.web.translations import gettext as _
from shared.contracts.messages import RequestMade
from shared.db.engine import WriteSession
from shared.models.matching import MentoringRequest, Suggestion
from shared.outbox.writing import send
from shared.vocabulary.mentoring import Kind
from shared.wishes import wish_for

TIME_TO_ANSWER = timedelta(days=7)


def ask(session: WriteSession, mentee_id: UUID, mentor_id: UUID, message: str, now: datetime) -> MentoringRequest:
    """A mentee asks one of the suggested mentors; the request holds a slot on both sides until it is answered.

    On the mentee's side that is a wish of the suggestion's kind, or of any kind. Raises NotFoundError for a mentor
    who was not suggested or was excluded since, ConflictError if either side has no slot free.
    """
    suggestion = queries.find_suggestion(session, mentee_id, mentor_id)
    if suggestion is None or (mentee_id, mentor_id) in excluded_pairs(session, [mentee_id]):
        raise NotFoundError
    people = lock_people(session, (mentee_id, mentor_id))
    if any(person.state != "active" for person in people.values()):
        raise ConflictError(_("This mentor takes a break from mentoring right now."), code="not_taking_part")
    _require_free_slots(session, suggestion, now)
    request = queries.add_request(session, suggestion, people[mentee_id], message, now + TIME_TO_ANSWER)
    send(session, RequestMade(request_id=request.id))
    return request


def _require_free_slots(session: WriteSession, suggestion: Suggestion, now: datetime) -> None:
    mentee_id, mentor_id = suggestion.mentee_id, suggestion.mentor_id
    if (mentee_id, mentor_id) in settled_pairs(session, [mentee_id]):
        raise ConflictError(_("You have asked or met this mentor already."), code="already_paired")
    if not mentee_room(session, [mentee_id])[mentee_id].free:
        message = _("You already wait for an answer. One at a time keeps mentors from being buried in requests.")
        raise ConflictError(message, _("You can take the earlier request back, then ask this mentor."), code="waiting")
    if wish_for(Kind(suggestion.kind), wishes_open(session, [mentee_id])[mentee_id]) is None:
        message = _("You already have a mentor of this kind, or wait for an answer of one.")
        raise ConflictError(message, _("Ask a mentor of the other kind that you wish for."), code="wish_filled")
    if not mentor_room(session, [mentor_id], now.date())[mentor_id].free:
        message = _("Somebody was faster: this mentor has no slot left right now.")
        raise ConflictError(message, _("Choose another suggestion, or stay in the match."), code="no_room")


def choose_for_me(session: WriteSession, mentee_id: UUID, now: datetime) -> int:
    """Leave it to the match: requests of one's own are taken back; how many there were."""
    mine = [offer for offer in open_offers(session, [mentee_id]) if _is_own_request(offer, mentee_id)]
    for request in mine:
        withdraw(session, request, now)
    return len(mine)


def _is_own_request(offer: Offer, mentee_id: UUID) -> bool:
    return isinstance(offer, MentoringRequest) and offer.mentee_id == mentee_id
