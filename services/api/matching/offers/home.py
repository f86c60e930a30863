"""The mentor's page: what waits for an answer, the mentees, the load against the bandwidth."""

from dataclasses import dataclass
from datetime import datetime

from services.api.matching.cards import OfferCard, Teller, offer_cards
from services.api.matching.offers.queries import open_offers
from services.api.matching.queries import Person, mentor_room
from services.api.matching.room import Room
from services.api.mentorships.cards import MentorshipCard, mentorship_cards
from shared.vocabulary.mentoring import Role


@dataclass(frozen=True)
class MentorHome:
    person: Person
    room: Room
    offers: list[OfferCard]
    mentorships: list[MentorshipCard]
    now: datetime

    @property
    def active(self) -> list[MentorshipCard]:
        return [card for card in self.mentorships if card.is_active]

    @property
    def ended(self) -> list[MentorshipCard]:
        return [card for card in self.mentorships if not card.is_active]

    @property
    def slots(self) -> list[str]:
        """Each slot of the bandwidth as active, held or free; more than the bandwidth if it shrank."""
        taken = ["active"] * self.room.commitments.active + ["held"] * self.room.commitments.held
        return taken + ["free"] * max(0, self.room.slots - len(taken))

    @property
    def is_over(self) -> bool:
        return self.room.commitments.taken > self.room.slots


def mentor_home(teller: Teller, person: Person) -> MentorHome:
    session, me = teller.session, person.participant_id
    return MentorHome(
        person=person,
        room=mentor_room(session, [me], teller.now.date())[me],
        offers=offer_cards(teller, me, open_offers(session, [me])),
        mentorships=mentorship_cards(session, [me], Role.MENTOR, teller.now),
        now=teller.now,
    )
