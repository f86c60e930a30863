"""The mentor's page, and the page behind the link of an e-mail: it asks; only its POST answers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from services.api.cookies import redirect
from services.api.edge import CurrentServices, CurrentVisitor, Reading, SignedIn, Writing
from services.api.errors import ConflictError, LoginRequiredError, NotFoundError
from services.api.forms import FormErrors, SubmittedForm, parse_form
from services.api.matching.cards import OfferCard, Teller, offer_cards
from services.api.matching.offers.answering import Knock, answer_offer, offer_behind
from services.api.matching.offers.home import mentor_home
from services.api.matching.offers.policy import is_mentor
from services.api.matching.offers.queries import is_over, mentorship_of_pair
from services.api.matching.offers.schemas import Answer, Answered
from services.api.matching.offers.service import ALREADY_ANSWERED
from services.api.matching.queries import mentor_room, people_of_account
from services.api.matching.telling import decline_choices
from services.api.policies import require
from services.api.web.rendering import Flash, page_of, render
from services.api.web.translations import gettext as _
from shared.db.engine import ReadSession
from shared.security.answer_links import OfferKind
from shared.vocabulary.mentoring import Role

router = APIRouter()
HOME = "/mentor"


@router.get(HOME)
def show_mentor(
    request: Request,
    visitor: SignedIn,
    services: CurrentServices,
    session: Reading,
    participant: UUID | None = None,
) -> Response:
    require(is_mentor(visitor))
    assert visitor.account_id is not None  # noqa: S101 — mentors are logged in
    mine = people_of_account(session, visitor.account_id, Role.MENTOR)
    named = [one for one in mine if participant in {None, one.participant_id}]
    if not named:
        raise NotFoundError
    teller = Teller(session, services.keyring, page_of(request).locale, services.clock.now())
    return render(request, "matching/mentor.html", {"home": mentor_home(teller, named[0])})


def knocking(
    kind: OfferKind, offer_id: UUID, visitor: CurrentVisitor, services: CurrentServices, token: str = ""
) -> Knock:
    """Without a valid link, one logs in first: a stranger learns nothing about which offers exist."""
    knock = Knock(services, visitor, kind, offer_id, token)
    if not visitor.is_signed_in and not knock.by_link:
        stale = _("This link does not open the answer: it is too old, or a part of it is missing. Log in to answer.")
        raise LoginRequiredError(advice=stale if token else "")
    return knock


@router.get("/answer/{kind}/{offer_id}")
def show_offer(
    request: Request, session: Reading, knock: Annotated[Knock, Depends(knocking)], choice: str = ""
) -> Response:
    return _show_offer(request, knock, session, {"choice": choice}, {})


@router.post("/answer/{kind}/{offer_id}")
def answer(
    request: Request, session: Writing, form: SubmittedForm, knock: Annotated[Knock, Depends(knocking)]
) -> Response:
    given, errors = parse_form(Answer, form)
    if given is None:
        typed = {name: str(form.get(name, "")) for name in ("choice", "reason")}
        return _show_offer(request, knock, session, typed, _at_the_reason(errors))
    try:
        answered = answer_offer(knock, session, given)
    except ConflictError as problem:
        return _as_decided_before(knock, problem)
    return redirect(_after(knock, answered), knock.services.settings, Flash(_thanks(answered)))


def _as_decided_before(knock: Knock, problem: ConflictError) -> Response:
    """A second tab, or two clicks: the page tells what holds. Raises the problem again if it is another one."""
    if problem.code != ALREADY_ANSWERED:
        raise problem
    return redirect(_page_of(knock), knock.services.settings, Flash(_(problem.message), "info"))


def _at_the_reason(errors: FormErrors) -> FormErrors:
    """What the two fields say together is about the reason; the choice is two buttons, no field to point at."""
    if "choice" in errors:
        return {"form": _("Accept, or decline with a reason.")}
    return {"reason" if name == "form" else name: sentence for name, sentence in errors.items()}


def _after(knock: Knock, answered: Answered) -> str:
    if answered.mentorship_id and knock.visitor.is_signed_in:
        return f"/mentorships/{answered.mentorship_id}"
    return _page_of(knock) if knock.by_link else HOME


def _page_of(knock: Knock) -> str:
    token = f"?token={knock.token}" if knock.by_link else ""
    return f"/answer/{knock.kind}/{knock.offer_id}{token}"


def _thanks(answered: Answered) -> str:
    if answered.mentorship_id:
        return _("Thank you! You are a mentor to one more person, and they have been told.")
    return _("Thank you for answering. The place is free again, and they are told kindly.")


def _show_offer(
    request: Request, knock: Knock, session: ReadSession, typed: dict[str, str], errors: FormErrors
) -> Response:
    services = knock.services
    with offer_behind(knock, session) as offer:
        if is_over(offer, services.clock.now()):
            return render(request, "matching/answer_over.html", {"state": offer.state})
        teller = Teller(session, services.keyring, page_of(request).locale, services.clock.now())
        mine = offer.mentor_id
        cards: list[OfferCard] = offer_cards(teller, mine, [offer], is_logged_in=knock.visitor.owns(mine))
        if not cards:
            raise NotFoundError(_("This person is no longer here."))
        context = {
            "card": cards[0],
            "room": mentor_room(session, [offer.mentor_id], teller.now.date())[offer.mentor_id],
            "mentorship": mentorship_of_pair(session, offer),
            "reasons": decline_choices(),
            "token": knock.token if knock.by_link else "",
            "typed": {"choice": "", "reason": "", **typed},
            "errors": errors,
        }
    return render(request, "matching/answer.html", context, status=422 if errors else 200)
