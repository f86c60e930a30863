"""Reads and writes of offers: proposals and requests, which share one life."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import func, select, update

from services.api.matching.queries import among
from shared.db.engine import ReadSession, WriteSession
from shared.models.matching import OFFER_TRANSITIONS, MentoringRequest, OfferState, Proposal
from shared.models.mentorships import Mentorship
from shared.security.answer_links import OfferKind

Offer = Proposal | MentoringRequest

TABLES: dict[OfferKind, type[Proposal] | type[MentoringRequest]] = {
    OfferKind.PROPOSAL: Proposal,
    OfferKind.REQUEST: MentoringRequest,
}


def kind_of(offer: Offer) -> OfferKind:
    return OfferKind.PROPOSAL if isinstance(offer, Proposal) else OfferKind.REQUEST


def is_over(offer: Offer, now: datetime) -> bool:
    """Whether it came to nothing, or will as soon as the clock's chore has run."""
    if offer.state == OfferState.OPEN:
        return offer.respond_by <= now
    return offer.state != OfferState.ACCEPTED


def find_offer(session: ReadSession, kind: OfferKind, offer_id: UUID) -> Offer | None:
    table = TABLES[kind]
    wanted = select(table).where(table.id == offer_id).execution_options(populate_existing=True)
    return cast("Offer | None", session.scalar(wanted))


def decide(session: WriteSession, offer: Offer, to: OfferState, now: datetime, reason: str | None = None) -> bool:
    """open → accepted | declined | expired | withdrawn; False if somebody was faster.

    1. only a transition of the table is tried; 2. only the row still in a state that allows it is changed.
    """
    table = type(offer)
    sources = [state for state, targets in OFFER_TRANSITIONS.items() if to in targets]
    statement = update(table).where(table.id == offer.id, table.state.in_(sources))
    statement = statement.values(state=to, decided_at=now, decline_reason=reason).returning(table.id)
    return session.execute(statement).first() is not None


def open_offers(session: ReadSession, participant_ids: Sequence[UUID]) -> list[Offer]:
    """What waits for an answer of these mentors, or on behalf of these mentees; what ends first comes first."""
    found: list[Offer] = []
    for table in TABLES.values():
        concerned = among(table.mentor_id, participant_ids) | among(table.mentee_id, participant_ids)
        waiting = select(table).where(concerned, table.state == OfferState.OPEN)
        if table is Proposal:
            waiting = waiting.where(Proposal.opens_at <= func.now())
        found += session.scalars(waiting)
    return sorted(found, key=lambda offer: (offer.respond_by, offer.id))


def past_offers(session: ReadSession, mentee_ids: Sequence[UUID], limit: int = 5) -> list[Offer]:
    """The latest offers of these mentees that ended without a mentorship."""
    ended = (OfferState.DECLINED, OfferState.EXPIRED)
    found: list[Offer] = []
    for table in TABLES.values():
        mine = select(table).where(among(table.mentee_id, mentee_ids), table.state.in_(ended))
        found += session.scalars(mine.order_by(table.decided_at.desc()).limit(limit))
    return sorted(found, key=lambda offer: offer.decided_at or offer.created_at, reverse=True)[:limit]


def expire(session: WriteSession, kind: OfferKind, now: datetime, reason: str) -> list[UUID]:
    """open → expired for all offers whose time is over; which ones they were."""
    table = TABLES[kind]
    late = update(table).where(table.state == OfferState.OPEN, table.respond_by <= now)
    late = late.values(state=OfferState.EXPIRED, decided_at=now, decline_reason=reason)
    return list(session.scalars(late.returning(table.id)))


def open_mentorship(session: WriteSession, offer: Offer, now: datetime) -> Mentorship:
    """The mentorship that an accepted offer becomes."""
    mentorship = Mentorship(
        program_id=offer.program_id,
        cycle_id=offer.cycle_id,
        mentee_id=offer.mentee_id,
        mentor_id=offer.mentor_id,
        kind=offer.kind,
        started_at=now,
    )
    session.add(mentorship)
    session.flush()
    return mentorship


def mentorship_of_pair(session: ReadSession, offer: Offer) -> Mentorship | None:
    """The mentorship that these two have or had in this cycle."""
    return session.scalar(
        select(Mentorship).where(
            Mentorship.cycle_id == offer.cycle_id,
            Mentorship.mentee_id == offer.mentee_id,
            Mentorship.mentor_id == offer.mentor_id,
        )
    )
