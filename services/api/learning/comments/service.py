"""What people wrote in the survey of week eight, for the leads: without names, and never that of a few alone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.api.dashboards.suppression import SMALLEST
from services.api.learning.comments import queries
from services.api.oversight.audit import record
from services.api.visitor import Visitor
from shared.contacts import without_people
from shared.db.engine import WriteSession
from shared.vocabulary.mentoring import Role


@dataclass(frozen=True)
class Comment:
    """A comment without names and contact details. `told_at` is when it came before the leads, not when written."""

    text: str
    told_at: datetime


@dataclass(frozen=True)
class CommentPage:
    """One page of one side's comments, what was told last first; `counts` of either side in all."""

    side: Role
    page: int
    comments: tuple[Comment, ...]
    counts: dict[Role, int]

    @property
    def pages(self) -> int:
        return max(1, -(-self.counts[self.side] // queries.PAGE_SIZE))


def tell_comments(session: WriteSession, now: datetime) -> int:
    """Let leads read what waits, once enough people of a side have written; how many comments that are."""
    return queries.tell_comments(session, SMALLEST, now)


def read_comments(session: WriteSession, visitor: Visitor, program_id: UUID, side: Role, page: int) -> CommentPage:
    """What this visitor may read; the look is noted."""
    reader = visitor.account_id
    counts = {one: queries.count_comments(session, program_id, reader, one) for one in Role}
    found = queries.comments(session, program_id, reader, side, page)
    record(session, visitor, "survey_comments.viewed", "program", program_id, program_id, side=side, page=page)
    told = tuple(Comment(without_people(raw.text, raw.names), raw.told_at) for raw in found)
    return CommentPage(side, page, told, counts)
