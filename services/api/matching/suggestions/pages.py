"""The mentee's page: what happens next, suggested mentors and why, what waits, the mentorship."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from services.api.cookies import redirect
from services.api.edge import CurrentServices, Reading, SignedIn, Writing
from services.api.enrollment.contact_details import notice_of
from services.api.errors import NotFoundError, TooManyTriesError
from services.api.forms import FormErrors, SubmittedForm, parse_form
from services.api.limiter import REQUESTS_PER_PERSON
from services.api.matching.cards import SuggestionCard, Teller, suggestion_cards
from services.api.matching.offers import policy as offer_policy
from services.api.matching.offers import service as offers
from services.api.matching.offers.queries import find_offer
from services.api.matching.offers.schemas import AskMessage
from services.api.matching.queries import Person, people_of_account
from services.api.matching.suggestions import policy, queries, service
from services.api.matching.suggestions.home import mentee_home
from services.api.matching.telling import told_as, told_to_mentee
from services.api.policies import require
from services.api.services import Services
from services.api.visitor import Visitor
from services.api.web.rendering import Flash, page_of, render
from services.api.web.translations import gettext as _
from shared.db.engine import ReadSession
from shared.security.answer_links import OfferKind
from shared.vocabulary.mentoring import Role

router = APIRouter()
HOME = "/mentee"
KEEP = "keep_message"


def current_mentee(visitor: SignedIn, session: Reading, participant: UUID | None = None) -> Person:
    """The participation that the page is about: the one that is named, else the newest."""
    return mentee_of(visitor, session, participant)


def mentee_of(visitor: Visitor, session: ReadSession, participant: UUID | None = None) -> Person:
    require(policy.is_mentee(visitor))
    assert visitor.account_id is not None  # noqa: S101 — mentees are logged in
    mine = people_of_account(session, visitor.account_id, Role.MENTEE)
    named = [one for one in mine if participant in {None, one.participant_id}]
    if not named:
        raise NotFoundError
    return named[0]


CurrentMentee = Annotated[Person, Depends(current_mentee)]


def teller_for(request: Request, services: Services, session: ReadSession) -> Teller:
    return Teller(session, services.keyring, page_of(request).locale, services.clock.now())


@router.get(HOME)
def show_mentee(request: Request, services: CurrentServices, session: Reading, mentee: CurrentMentee) -> Response:
    return _show(request, services, session, mentee)


@router.get("/mentee/suggestions")
def show_suggestions(request: Request, services: CurrentServices, session: Reading, mentee: CurrentMentee) -> Response:
    """The part of the page that waits for the matcher; htmx asks for it every second until it is there.

    Then the whole page is loaded again: what happens next is no longer waiting.
    """
    return _show(request, services, session, mentee, "suggestions")


def _show(
    request: Request, services: Services, session: ReadSession, mentee: Person, block: str | None = None
) -> Response:
    home = mentee_home(teller_for(request, services, session), mentee)
    context = {"home": home, "told_as": told_as, "told_to_mentee": told_to_mentee}
    answer = render(request, "matching/mentee.html", context, block=block)
    if block and home.looked:
        answer.headers["HX-Refresh"] = "true"
    return answer


@router.get("/mentee/ask/{mentor_id}")
def show_ask(
    mentor_id: UUID, request: Request, services: CurrentServices, session: Reading, mentee: CurrentMentee
) -> Response:
    return _show_ask(request, _suggested(teller_for(request, services, session), mentee, mentor_id), "", {})


@router.post("/mentee/ask/{mentor_id}")
def ask_mentor(
    mentor_id: UUID,
    request: Request,
    visitor: SignedIn,
    services: CurrentServices,
    session: Writing,
    form: SubmittedForm,
) -> Response:
    mentee = mentee_of(visitor, session)
    require(policy.may_ask_as(visitor, mentee.participant_id))
    if not services.limiter.allows(REQUESTS_PER_PERSON, visitor.account_id):
        raise TooManyTriesError
    card = _suggested(teller_for(request, services, session), mentee, mentor_id)
    asked, errors = parse_form(AskMessage, form)
    if asked and KEEP not in form and (notice := notice_of(asked.message)):
        errors = {"message": notice}
    if asked is None or errors:
        return _show_ask(request, card, str(form.get("message", "")), errors, may_keep=asked is not None)
    service.ask(session, mentee.participant_id, mentor_id, asked.message, services.clock.now())
    sentence = _("%(name)s has your request. We write to you as soon as there is an answer.")
    return redirect(HOME, services.settings, Flash(sentence % {"name": card.mentor.name}))


def _suggested(teller: Teller, mentee: Person, mentor_id: UUID) -> SuggestionCard:
    found = queries.find_suggestion(teller.session, mentee.participant_id, mentor_id)
    cards = suggestion_cards(teller, mentee.participant_id, [found]) if found else []
    if not cards:
        raise NotFoundError(_("This mentor is not among your suggestions, or has no place left by now."))
    return cards[0]


def _show_ask(
    request: Request, card: SuggestionCard, message: str, errors: FormErrors, *, may_keep: bool = False
) -> Response:
    context = {"card": card, "message": message, "errors": errors, "may_keep": may_keep}
    return render(request, "matching/ask.html", context, status=422 if errors else 200)


@router.post("/mentee/choose-for-me")
def choose_for_me(visitor: SignedIn, services: CurrentServices, session: Writing) -> Response:
    mentee = mentee_of(visitor, session)
    service.choose_for_me(session, mentee.participant_id, services.clock.now())
    return redirect(HOME, services.settings, Flash(_("Good. You are in the next match, and we choose with care.")))


@router.post("/mentee/offers/{kind}/{offer_id}/withdraw")
def withdraw_offer(
    kind: OfferKind, offer_id: UUID, visitor: SignedIn, services: CurrentServices, session: Writing
) -> Response:
    offer = find_offer(session, kind, offer_id)
    require(offer_policy.may_withdraw_offer(visitor, offer))
    assert offer is not None  # noqa: S101 — the policy has just said so
    offers.withdraw(session, offer, services.clock.now())
    return redirect(HOME, services.settings, Flash(_("Taken back. The place is free for somebody else.")))
