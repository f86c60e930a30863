"""Cards of people and of what waits between two of them, as pages show them and the JSON API tells them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from textwrap import shorten
from typing import TypeVar
from uuid import UUID

from services.api.matching.common_ground import shared_and_shown
from services.api.matching.offers.queries import Offer, kind_of
from services.api.matching.queries import Person, mentor_room, people, weekly_hours
from services.api.matching.room import Room
from services.api.matching.telling import Told, line_of, tell, told_apart
from services.api.mentorships.times import common_hours_a_week
from shared.contacts import without_contacts
from shared.db.engine import ReadSession
from shared.explanations.words import Reader
from shared.models.matching import Suggestion
from shared.security.answer_links import OfferKind
from shared.security.keyring import Keyring
from shared.vocabulary.mentoring import Role

OPENING_LETTERS = 150
FACETS = {Role.MENTOR: ("offer", "expertise", "interests"), Role.MENTEE: ("wish", "goals", "interests")}


@dataclass(frozen=True)
class Teller:
    """What it takes to write cards for somebody: the database, the keys of shown answers, language and time."""

    session: ReadSession
    keyring: Keyring
    language: str
    now: datetime


@dataclass(frozen=True)
class SuggestionCard:
    """A suggested mentor, with what a mentee needs to choose."""

    mentor: Person
    line: str
    kind: str
    told: Told
    room: Room
    common_hours: float
    shared: tuple[str, ...]

    @property
    def quote(self) -> str:
        """How the mentor begins to say what they offer."""
        return opening(self.mentor)


@dataclass(frozen=True)
class OfferCard:
    """A proposal or request, seen from one side: `other` is the person on the other side."""

    id: UUID
    kind: OfferKind
    state: str
    other: Person
    line: str
    told: Told
    shared: tuple[str, ...]
    common_hours: float
    message: str
    respond_by: datetime
    decline_reason: str | None
    mentoring_kind: str

    @property
    def href(self) -> str:
        return f"/answer/{self.kind}/{self.id}"

    @property
    def quote(self) -> str:
        """How the other begins to say what they wish or offer."""
        return opening(self.other)


Card = TypeVar("Card", SuggestionCard, OfferCard)


def suggestion_cards(teller: Teller, mentee_id: UUID, found: Sequence[Suggestion]) -> list[SuggestionCard]:
    """Cards in the order of the suggestions, without mentors who have no slot left by now, told apart."""
    if not found:
        return []
    session, mentors = teller.session, [suggestion.mentor_id for suggestion in found]
    who, room = people(session, mentors), mentor_room(session, mentors, teller.now.date())
    shown = shared_and_shown(session, teller.keyring, mentee_id, mentors)
    hours = common_hours(teller, mentee_id, mentors)
    return _apart(
        SuggestionCard(
            mentor=who[s.mentor_id],
            line=line_of(who[s.mentor_id]),
            kind=s.kind,
            told=tell(s.explanation, Reader.MENTEE, teller.language, shown[s.mentor_id]),
            room=room[s.mentor_id],
            common_hours=hours[s.mentor_id],
            shared=shown[s.mentor_id],
        )
        for s in found
        if s.mentor_id in who and room[s.mentor_id].free
    )


def _apart(cards: Iterable[Card]) -> list[Card]:
    """The same cards, with headlines that tell one from the other."""
    told = list(cards)
    return [replace(card, told=one) for card, one in zip(told, told_apart([card.told for card in told]), strict=True)]


def offer_cards(
    teller: Teller, mine: UUID, offers: Sequence[Offer], *, is_logged_in: bool = True
) -> list[OfferCard]:
    """Cards of offers that concern the participant `mine`, in their order.

    Who came by a link without logging in is told nothing of what the two share: it was opened from a mail.
    """
    if not offers:
        return []
    others = {offer.id: other_side(offer, mine) for offer in offers}
    who = people(teller.session, others.values())
    shown = shared_and_shown(teller.session, teller.keyring, mine, set(others.values()) if is_logged_in else ())
    hours = common_hours(teller, mine, list(set(others.values())))
    common = {other: (shown.get(other, ()), hours[other]) for other in others.values()}
    return _apart(
        _offer_card(teller, mine, offer, who[others[offer.id]], common[others[offer.id]])
        for offer in offers
        if others[offer.id] in who
    )


def _offer_card(
    teller: Teller, mine: UUID, offer: Offer, other: Person, common: tuple[tuple[str, ...], float]
) -> OfferCard:
    shown, hours = common
    reader = Reader.MENTOR if offer.mentor_id == mine else Reader.MENTEE
    return OfferCard(
        id=offer.id,
        kind=kind_of(offer),
        state=offer.state,
        other=other,
        line=line_of(other),
        told=tell(offer.explanation, reader, teller.language, shown),
        shared=shown,
        common_hours=hours,
        message=without_contacts(getattr(offer, "message", "")),
        respond_by=offer.respond_by,
        decline_reason=offer.decline_reason,
        mentoring_kind=offer.kind,
    )


def opening(person: Person) -> str:
    """The first words that somebody wrote, under the first heading that is not empty."""
    given = next((text for facet in FACETS[person.role] if (text := person.statements.get(facet))), "")
    return shorten(" ".join(given) if isinstance(given, list) else given, OPENING_LETTERS, placeholder=" …")


def other_side(offer: Offer, mine: UUID) -> UUID:
    return offer.mentee_id if offer.mentor_id == mine else offer.mentor_id


def common_hours(teller: Teller, one: UUID, others: Sequence[UUID]) -> dict[UUID, float]:
    """Hours of the coming week that suit `one` and each of the others."""
    grids = weekly_hours(teller.session, [one, *others])
    return {
        other: common_hours_a_week(grids[one], grids[other], teller.now) if {one, other} <= grids.keys() else 0.0
        for other in others
    }
