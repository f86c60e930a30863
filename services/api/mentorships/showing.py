"""A mentorship as one of the two sees it."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from services.api.accounts.time_zones import time_zone_name
from services.api.matching.cards import Teller
from services.api.matching.common_ground import shared_and_shown
from services.api.matching.queries import Person, people
from services.api.matching.telling import Told, line_of, tell
from services.api.mentorships import queries
from services.api.mentorships.cards import partner_in
from services.api.mentorships.service import proposed_times
from services.api.visitor import Visitor
from shared.explanations.words import Reader
from shared.models.mentorships import Meeting, MeetingState, Mentorship, MentorshipState, SurveyResponse
from shared.vocabulary.mentoring import Role


@dataclass(frozen=True)
class MeetingTime:
    """A time that suits both, on both clocks."""

    starts_at: datetime
    theirs: datetime

    @property
    def value(self) -> str:
        return self.starts_at.astimezone(UTC).isoformat().replace("+00:00", "Z")

    @property
    def is_same_clock(self) -> bool:
        return self.starts_at.utcoffset() == self.theirs.utcoffset()


@dataclass(frozen=True)
class MentorshipPage:
    """Everything on the page; `contact` is the partner's, None once they closed their account."""

    mentorship: Mentorship
    role: Role
    partner: Person
    line: str
    contact: queries.Contact | None
    told: Told
    shared: tuple[str, ...]
    meetings: list[Meeting]
    times: list[MeetingTime]
    minutes: int
    now: datetime
    survey: SurveyResponse | None = None

    @property
    def is_active(self) -> bool:
        return self.mentorship.state == MentorshipState.ACTIVE

    @property
    def asks_how_it_goes(self) -> bool:
        """The survey of week eight waits for an answer."""
        return self.survey is not None and self.survey.answered_at is None

    @property
    def their_clock(self) -> time:
        """What the partner's clock shows now."""
        zone = ZoneInfo(self.contact.time_zone) if self.contact else UTC
        return self.now.astimezone(zone).time()

    @property
    def their_zone(self) -> str:
        return time_zone_name(self.contact.time_zone) if self.contact else ""

    @property
    def coming(self) -> list[Meeting]:
        """Scheduled meetings that have not begun, the next one first."""
        ahead = [m for m in self.meetings if m.state == MeetingState.SCHEDULED and m.starts_at > self.now]
        return sorted(ahead, key=lambda meeting: meeting.starts_at)

    @property
    def unnoted(self) -> list[Meeting]:
        """Meetings whose time has come: did they take place?"""
        return [m for m in self.meetings if m.state == MeetingState.SCHEDULED and m.starts_at <= self.now]

    @property
    def held(self) -> list[Meeting]:
        return [m for m in self.meetings if m.state == MeetingState.HELD]


def role_in(visitor: Visitor, mentorship: Mentorship) -> Role:
    return Role.MENTEE if visitor.owns(mentorship.mentee_id) else Role.MENTOR


def mentorship_page(teller: Teller, visitor: Visitor, mentorship: Mentorship, minutes: int) -> MentorshipPage:
    """The page for one of the two (the policy has said that the visitor is)."""
    session, role = teller.session, role_in(visitor, mentorship)
    me = mentorship.mentee_id if role is Role.MENTEE else mentorship.mentor_id
    other = partner_in(mentorship, role)
    shared = shared_and_shown(session, teller.keyring, me, [other])[other]
    contact = queries.contact_of(session, other)
    partner = people(session, [other])[other]
    return MentorshipPage(
        mentorship=mentorship,
        role=role,
        partner=partner,
        line=line_of(partner),
        contact=contact,
        told=tell(queries.explanation_of(session, mentorship), Reader(role), teller.language, shared),
        shared=shared,
        meetings=queries.meetings_of(session, mentorship.id),
        times=_times(teller, visitor, mentorship, contact, minutes),
        minutes=minutes,
        now=teller.now,
        survey=queries.survey_of(session, mentorship.id, role),
    )


def _times(
    teller: Teller, visitor: Visitor, mentorship: Mentorship, contact: queries.Contact | None, minutes: int
) -> list[MeetingTime]:
    if mentorship.state != MentorshipState.ACTIVE or contact is None:
        return []
    mine, theirs = ZoneInfo(visitor.time_zone), ZoneInfo(contact.time_zone)
    starts = proposed_times(teller.session, mentorship, minutes, teller.now)
    return [MeetingTime(start.astimezone(mine), start.astimezone(theirs)) for start in starts]
