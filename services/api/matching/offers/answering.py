"""Answering an offer, from the mentor's page or from the link in the e-mail: one door for both."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from services.api.matching.offers import service
from services.api.matching.offers.policy import may_answer_offer
from services.api.matching.offers.queries import Offer, find_offer
from services.api.matching.offers.schemas import Answer, Answered, Choice, DeclineReason
from services.api.oversight.audit import record
from services.api.policies import require
from services.api.services import Services
from services.api.visitor import Visitor
from shared.db.actor import SYSTEM, acting_as
from shared.db.engine import ReadSession, WriteSession
from shared.models.matching import OfferState
from shared.security.answer_links import OfferKind, may_answer

S = TypeVar("S", bound=ReadSession)


@dataclass(frozen=True)
class Knock:
    """Somebody wants to answer an offer: logged in, or with the token of a link."""

    services: Services
    visitor: Visitor
    kind: OfferKind
    offer_id: UUID
    token: str = ""

    @property
    def by_link(self) -> bool:
        """Whether a valid token opens the door; a log-in is not needed then."""
        secret, now = self.services.settings.secret_key.get_secret_value(), self.services.clock.now()
        return may_answer(secret, self.kind, self.offer_id, self.token, now)


@contextmanager
def offer_behind(knock: Knock, session: S) -> Iterator[Offer]:
    """The offer, if this visitor may answer it; inside the block the database shows what answering needs.

    Raises NotFoundError for an unknown offer and for one of somebody else alike.
    """
    by_link = knock.by_link
    with acting_as(session, SYSTEM if by_link else knock.visitor.actor):
        offer = find_offer(session, knock.kind, knock.offer_id)
        require(may_answer_offer(knock.visitor, offer, by_link=by_link))
        assert offer is not None  # noqa: S101 — the policy has just said so
        yield offer


def answer_offer(knock: Knock, session: WriteSession, answer: Answer) -> Answered:
    """Accept or decline. Raises ConflictError, with nothing written, if it was answered before or no room is left."""
    with offer_behind(knock, session) as offer:
        answered = _decide(session, offer, answer, knock.services.clock.now())
        _note(knock, session, offer, answer)
        return answered


def _decide(session: WriteSession, offer: Offer, answer: Answer, now: datetime) -> Answered:
    if answer.choice is Choice.ACCEPT:
        mentorship = service.accept(session, offer, now)
        return Answered(state=OfferState.ACCEPTED, mentorship_id=mentorship.id)
    service.decline(session, offer, answer.reason or DeclineReason.OTHER, now)
    return Answered(state=OfferState.DECLINED)


def _note(knock: Knock, session: WriteSession, offer: Offer, answer: Answer) -> None:
    done = "accepted" if answer.choice is Choice.ACCEPT else "declined"
    record(
        session, knock.visitor, f"{knock.kind}.{done}", knock.kind, offer.id, offer.program_id,
        by_link=knock.by_link and not knock.visitor.owns(offer.mentor_id),
    )  # fmt: skip
