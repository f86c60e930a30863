"""The mentee's page: what happens next, and everything it stands on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.api.matching.cards import OfferCard, SuggestionCard, Teller, offer_cards, suggestion_cards
from services.api.matching.offers.queries import open_offers, past_offers
from services.api.matching.queries import Person, mentee_room, wishes_open
from services.api.matching.room import Room
from services.api.matching.suggestions import queries
from services.api.mentorships.cards import MentorshipCard, mentorship_cards
from shared.models.matching import SuggestionList
from shared.models.programs import Cycle
from shared.vocabulary.mentoring import Kind, Role
from shared.wishes import wish_for

RENEWAL_TAKES_AT_MOST = timedelta(minutes=1)  # after that the empty list is told as it is


class NextStep(StrEnum):
    """What stands on top of the page."""

    MEET = "meet"
    WAIT = "wait"
    CHOOSE = "choose"
    LOOKING = "looking"
    NOBODY = "nobody"
    BREAK = "break"


@dataclass(frozen=True)
class MenteeHome:
    person: Person
    cycle: Cycle
    room: Room
    wishes: tuple[Kind, ...]
    mentorships: list[MentorshipCard]
    waiting: list[OfferCard]
    ended: list[OfferCard]
    suggestions: list[SuggestionCard]
    looked: bool
    eligible: int
    embedded: tuple[int, int] | None
    now: datetime

    @property
    def active(self) -> list[MentorshipCard]:
        return [card for card in self.mentorships if card.is_active]

    @property
    def may_ask(self) -> bool:
        return self.room.free > 0

    @property
    def names_kinds(self) -> bool:
        """Whether cards say which wish a mentor would fill: not to those who have but one."""
        return self.room.slots > 1

    def may_ask_for(self, card: SuggestionCard) -> bool:
        """Whether a wish that this mentor would fill is still open."""
        return self.may_ask and wish_for(Kind(card.kind), self.wishes) is not None

    @property
    def next_step(self) -> NextStep:
        if not self.person.takes_part:
            return NextStep.BREAK
        if self.active:
            return NextStep.MEET
        if self.waiting:
            return NextStep.WAIT
        if not self.looked:
            return NextStep.LOOKING
        return NextStep.CHOOSE if self.suggestions else NextStep.NOBODY


def mentee_home(teller: Teller, person: Person) -> MenteeHome:
    session, me = teller.session, person.participant_id
    looked = _current_list(teller, me)
    reading = queries.embedding_progress(session, person.cycle_id) if looked is None else None
    return MenteeHome(
        person=person,
        cycle=queries.cycle_of(session, person.cycle_id),
        room=mentee_room(session, [me])[me],
        wishes=wishes_open(session, [me])[me],
        mentorships=mentorship_cards(session, [me], Role.MENTEE, teller.now),
        waiting=offer_cards(teller, me, open_offers(session, [me])),
        ended=offer_cards(teller, me, past_offers(session, [me])),
        suggestions=suggestion_cards(teller, me, queries.suggestions(session, me)),
        looked=looked is not None,
        eligible=looked.eligible if looked else 0,
        embedded=(reading.embedded, reading.texts) if reading and reading.texts else None,
        now=teller.now,
    )


def _current_list(teller: Teller, mentee_id: UUID) -> SuggestionList | None:
    """None while the matcher has yet to look, also after a place became free with nobody on the list."""
    session, looked = teller.session, queries.suggestion_list(teller.session, mentee_id)
    if looked is None or queries.suggestions(session, mentee_id):
        return looked
    since = max(looked.computed_at, teller.now - RENEWAL_TAKES_AT_MOST)
    return None if queries.was_freed(session, mentee_id, since) else looked
