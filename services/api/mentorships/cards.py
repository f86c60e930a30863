"""Mentorships as a mentee's or mentor's own page lists them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.api.matching.queries import Person, people
from services.api.matching.telling import line_of
from services.api.mentorships import queries
from shared.db.engine import ReadSession
from shared.models.mentorships import Mentorship, MentorshipState
from shared.vocabulary.mentoring import Role


@dataclass(frozen=True)
class MentorshipCard:
    id: UUID
    state: str
    kind: str
    partner: Person
    line: str
    started_at: datetime
    ended_at: datetime | None
    next_meeting: datetime | None

    @property
    def is_active(self) -> bool:
        return self.state == MentorshipState.ACTIVE

    @property
    def href(self) -> str:
        return f"/mentorships/{self.id}"


def mentorship_cards(session: ReadSession, mine: Sequence[UUID], role: Role, now: datetime) -> list[MentorshipCard]:
    """The mentorships of these participants in this role, active ones first."""
    found = queries.mentorships_of(session, mine)
    if not found:
        return []
    partners = people(session, (partner_in(one, role) for one in found))
    meetings = queries.next_meetings(session, [one.id for one in found], now)
    return [
        _card(one, partners[partner_in(one, role)], meetings[one.id].starts_at if one.id in meetings else None)
        for one in found
        if partner_in(one, role) in partners
    ]


def partner_in(mentorship: Mentorship, role: Role) -> UUID:
    """Who stands on the other side of somebody in this role."""
    return mentorship.mentor_id if role is Role.MENTEE else mentorship.mentee_id


def _card(mentorship: Mentorship, partner: Person, next_meeting: datetime | None) -> MentorshipCard:
    return MentorshipCard(
        id=mentorship.id,
        state=mentorship.state,
        kind=mentorship.kind,
        partner=partner,
        line=line_of(partner),
        started_at=mentorship.started_at,
        ended_at=mentorship.ended_at,
        next_meeting=next_meeting,
    )
