"""A draft becomes proposals: all of it in one transaction, or nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.api.errors import ConflictError
from services.api.matching.queries import excluded_pairs, lock_people, mentor_room, settled_pairs, wishes_open
from services.api.matching.runs import queries
from services.api.matching.runs.queries import Pair
from services.api.oversight.audit import record
from services.api.services import Services
from services.api.visitor import Visitor
from services.api.web.translations import gettext as _
from services.api.web.translations import ngettext
from shared.contracts.messages import MatchRunPublished, ProposalPublished
from shared.db.engine import WriteSession
from shared.models.matching import MatchRun, RunState
from shared.outbox.writing import send, send_all
from shared.vocabulary.mentoring import Kind
from shared.wishes import wish_for

TIME_TO_ANSWER = timedelta(days=14)


class Obstacle(StrEnum):
    """Why a pair of a draft cannot be proposed any more."""

    NOT_TAKING_PART = "not_taking_part"
    SETTLED = "settled"
    EXCLUDED = "excluded"
    MENTEE_SERVED = "mentee_served"
    MENTOR_FULL = "mentor_full"


@dataclass(frozen=True)
class Published:
    """What publishing did."""

    proposals: int
    left_out: int


class StaleDraftError(ConflictError):
    """The world has moved on since the draft was made; nothing was published."""

    def __init__(self, obstacles: dict[Pair, Obstacle]) -> None:
        count = len(obstacles)
        message = ngettext(
            "%(count)d pair of this draft no longer fits, so nothing was published.",
            "%(count)d pairs of this draft no longer fit, so nothing was published.",
            count,
        ) % {"count": count}
        super().__init__(message, _("Publish the others, or run the match again."), code="stale_draft")
        self.obstacles = obstacles


@dataclass(frozen=True)
class Moment:
    """When a match is published, and how long it can be taken back."""

    now: datetime
    grace: timedelta = timedelta()

    @classmethod
    def of(cls, services: Services) -> "Moment":
        return cls(services.clock.now(), timedelta(seconds=services.settings.publish_grace_seconds))

    @property
    def notices_at(self) -> datetime:
        return self.now + self.grace

    @property
    def later(self) -> datetime | None:
        """When notices leave, if not at once."""
        return self.notices_at if self.grace else None


def publish(session: WriteSession, visitor: Visitor, run: MatchRun, moment: Moment, *, leave_out: bool) -> Published:
    """draft → published, once: every pair becomes an open proposal and a message to its two people.

    1. the run is locked, and must still be a draft; 2. everybody in it is locked, so that no slot is given away
    meanwhile; 3. each pair is checked against today's room; 4. run, proposals, messages and audit line are written
    together. Within the moment's grace nobody is told, and it can be taken back (`taking_back`). Raises ConflictError
    for a run that is no draft, StaleDraftError (nothing written) for pairs that no longer fit unless they may be left
    out and others remain.
    """
    locked = _lock_draft(session, run)
    obstacles = find_obstacles(session, locked, moment.now)
    if obstacles and (not leave_out or len(obstacles) == len(queries.draft_pairs(session, run.id))):
        raise StaleDraftError(obstacles)
    queries.move_run(
        session, run.id, RunState.PUBLISHED,
        published_by=visitor.account_id, published_at=moment.now, notices_at=moment.notices_at,
    )  # fmt: skip
    proposals = queries.insert_proposals(session, locked, moment.notices_at + TIME_TO_ANSWER, list(obstacles))
    if moment.later:
        queries.hide_proposals(session, run.id, moment.later)
    send_all(session, [ProposalPublished(proposal_id=p) for p in proposals], available_at=moment.later)
    send(session, MatchRunPublished(run_id=run.id), available_at=moment.later)
    done = Published(len(proposals), len(obstacles))
    record(
        session, visitor, "match_run.published", "match_run", run.id, run.program_id,
        proposals=done.proposals, left_out=done.left_out,
    )  # fmt: skip
    return done


def _lock_draft(session: WriteSession, run: MatchRun) -> MatchRun:
    locked = queries.lock_run(session, run.id)
    if locked.state == RunState.PUBLISHED:
        raise ConflictError(_("This draft is published already."), code="already_published")
    if locked.state != RunState.DRAFT:
        raise ConflictError(_("Only a draft can be published."), code="not_a_draft")
    return locked


def find_obstacles(session: WriteSession, run: MatchRun, now: datetime) -> dict[Pair, Obstacle]:
    """The pairs of a draft that no longer fit, and why; everybody in the draft is locked."""
    pairs = queries.draft_pairs(session, run.id)
    people = lock_people(session, {person for pair in pairs for person in pair})
    active = {person.id for person in people.values() if person.state == "active"}
    found = {pair: Obstacle.NOT_TAKING_PART for pair in pairs if not active.issuperset(pair)}
    mentees = list({mentee for mentee, _mentor in pairs})
    found |= dict.fromkeys(_both(pairs, settled_pairs(session, mentees)), Obstacle.SETTLED)
    found |= dict.fromkeys(_both(pairs, excluded_pairs(session, mentees)), Obstacle.EXCLUDED)
    return _beyond_room(session, pairs, found, now)


def _both(pairs: Iterable[Pair], others: set[Pair]) -> Iterable[Pair]:
    return (pair for pair in pairs if pair in others)


def _beyond_room(
    session: WriteSession, pairs: Mapping[Pair, Kind], found: dict[Pair, Obstacle], now: datetime
) -> dict[Pair, Obstacle]:
    """Adds the pairs that no open wish or no slot is left for; the lowest scores give way."""
    wishes = {mentee: list(left) for mentee, left in wishes_open(session, {mentee for mentee, _ in pairs}).items()}
    mentors = mentor_room(session, list({mentor for _, mentor in pairs}), now.date())
    given = Counter[UUID]()
    for mentee, mentor in (pair for pair in pairs if pair not in found):
        wish = wish_for(pairs[mentee, mentor], wishes[mentee])
        if wish is None:
            found[mentee, mentor] = Obstacle.MENTEE_SERVED
        elif given[mentor] >= mentors[mentor].free:
            found[mentee, mentor] = Obstacle.MENTOR_FULL
        else:
            wishes[mentee].remove(wish)
            given[mentor] += 1
    return found
