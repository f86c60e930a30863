"""Suggestions, requests and offers as JSON, for the people themselves."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from services.api.edge import CurrentServices, Reading, SignedIn, Writing
from services.api.errors import TooManyTriesError
from services.api.limiter import REQUESTS_PER_PERSON
from services.api.matching.cards import Teller, offer_cards, suggestion_cards
from services.api.matching.offers.answering import Knock, answer_offer
from services.api.matching.offers.queries import open_offers
from services.api.matching.offers.schemas import Answer, Answered, Ask
from services.api.matching.suggestions import policy, queries, service
from services.api.matching.suggestions.pages import CurrentMentee, mentee_of
from services.api.policies import require
from services.api.problems import PROBLEMS
from services.api.web.rendering import page_of
from shared.security.answer_links import OfferKind

router = APIRouter(prefix="/api/v1", tags=["matching"], responses=PROBLEMS)


class SuggestionOut(BaseModel):
    """A suggested mentor. `shared` names only what both chose to show, and `score` adds up no personal feature."""

    mentor_id: UUID
    name: str
    line: str = Field(examples=["Fellow · Emergency medicine · Howard University Hospital"])
    kind: str
    score: float
    reasons: list[str]
    shared: list[str]
    common_hours: float
    free_places: int


class SuggestionsOut(BaseModel):
    """`ready` is false until the matcher has looked, a few seconds after registering."""

    ready: bool
    eligible: int
    suggestions: list[SuggestionOut]


class RequestOut(BaseModel):
    id: UUID
    respond_by: datetime


class OfferOut(BaseModel):
    """A proposal or request that waits for an answer; `other` is the person on the other side."""

    id: UUID
    kind: str = Field(examples=["proposal"])
    other: str
    line: str
    reasons: list[str]
    shared: list[str]
    message: str
    respond_by: datetime


@router.get("/me/suggestions", summary="Mentors who fit me, and why")
def list_suggestions(
    request: Request, services: CurrentServices, session: Reading, mentee: CurrentMentee
) -> SuggestionsOut:
    teller = Teller(session, services.keyring, page_of(request).locale, services.clock.now())
    looked = queries.suggestion_list(session, mentee.participant_id)
    cards = suggestion_cards(teller, mentee.participant_id, queries.suggestions(session, mentee.participant_id))
    told = [
        SuggestionOut(
            mentor_id=card.mentor.participant_id, name=card.mentor.name, line=card.line, kind=card.kind,
            score=card.told.total, reasons=card.told.reasons, shared=list(card.shared),
            common_hours=card.common_hours, free_places=card.room.free,
        )
        for card in cards
    ]  # fmt: skip
    return SuggestionsOut(ready=looked is not None, eligible=looked.eligible if looked else 0, suggestions=told)


@router.post("/me/requests", status_code=201, summary="Ask a suggested mentor")
def ask_mentor(wanted: Ask, visitor: SignedIn, services: CurrentServices, session: Writing) -> RequestOut:
    """404 for a mentor who was not suggested, 409 if either side has no place left."""
    mentee = mentee_of(visitor, session)
    require(policy.may_ask_as(visitor, mentee.participant_id))
    if not services.limiter.allows(REQUESTS_PER_PERSON, visitor.account_id):
        raise TooManyTriesError
    now = services.clock.now()
    made = service.ask(session, mentee.participant_id, wanted.mentor_id, wanted.message, now)
    return RequestOut(id=made.id, respond_by=made.respond_by)


@router.get("/me/offers", summary="Proposals and requests that wait for an answer, mine to give or to get")
def list_offers(request: Request, visitor: SignedIn, services: CurrentServices, session: Reading) -> list[OfferOut]:
    teller = Teller(session, services.keyring, page_of(request).locale, services.clock.now())
    cards = [
        card
        for one in visitor.participations
        for card in offer_cards(teller, one.participant_id, open_offers(session, [one.participant_id]))
    ]
    return [
        OfferOut(
            id=card.id, kind=card.kind, other=card.other.name, line=card.line, reasons=card.told.reasons,
            shared=list(card.shared), message=card.message, respond_by=card.respond_by,
        )
        for card in cards
    ]  # fmt: skip


@router.post("/proposals/{offer_id}/answer", summary="Accept or decline a proposal")
def answer_proposal(
    offer_id: UUID, answer: Answer, visitor: SignedIn, services: CurrentServices, session: Writing
) -> Answered:
    """409 if it was answered meanwhile or no place is left."""
    return answer_offer(Knock(services, visitor, OfferKind.PROPOSAL, offer_id), session, answer)


@router.post("/requests/{offer_id}/answer", summary="Accept or decline a request")
def answer_request(
    offer_id: UUID, answer: Answer, visitor: SignedIn, services: CurrentServices, session: Writing
) -> Answered:
    """409 if it was answered meanwhile or no place is left."""
    return answer_offer(Knock(services, visitor, OfferKind.REQUEST, offer_id), session, answer)
