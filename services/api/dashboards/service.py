"""What a program's leads should know at a glance, worked out from counts."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from services.api.dashboards import queries
from services.api.dashboards.survival import Step, Wait, median_days, survival_curve
from shared.db.engine import ReadSession
from shared.models.programs import Cycle

REMEMBERED_SECONDS = 30.0
TREND = timedelta(days=28)
T = TypeVar("T")


@dataclass(frozen=True)
class Numbers:
    """The five numbers of a cycle, and what they are made of."""

    mentees: int
    waiting: int
    waiting_before: int
    mentors: int
    hours: float
    slots: int
    free: int
    matched_share: float
    across_share: float | None
    mentorships: int
    median_wait: int | None
    satisfaction: float | None
    answered: int
    asked: int


@dataclass(frozen=True)
class Todo:
    """What needs a lead today: counts, and drafts to look at."""

    drafts: tuple[UUID, ...]
    expiring: int
    without_bandwidth: int
    never_met: int
    texts: int
    embedded: int

    @property
    def is_reading(self) -> bool:
        """The matcher is still reading what people wrote."""
        return self.embedded < self.texts

    @property
    def is_empty(self) -> bool:
        return not (self.drafts or self.expiring or self.without_bandwidth or self.never_met or self.is_reading)


@dataclass(frozen=True)
class Overview:
    cycle: Cycle
    numbers: Numbers
    before: Numbers | None
    todo: Todo
    curve: list[Step]
    sites: list[queries.Figures]
    ropes: list[queries.Figures]


@dataclass
class Memory:
    """Aggregates of a nation, kept for half a minute: a dashboard may lag that much, a page may not."""

    clock: Callable[[], float] = time.monotonic
    _kept: dict[Hashable, tuple[float, object]] = field(default_factory=dict)

    def recall(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value made at most 30 s ago, or a new one. Unchanging values only."""
        at, value = self._kept.get(key, (float("-inf"), None))
        if self.clock() - at > REMEMBERED_SECONDS:
            at, value = self.clock(), make()
            self._kept = {k: v for k, v in self._kept.items() if self.clock() - v[0] <= REMEMBERED_SECONDS}
            self._kept[key] = (at, value)
        return value  # type: ignore[return-value]


def current_cycle(cycles: list[Cycle]) -> Cycle | None:
    """The cycle that matters now: the one that is open or running, else the newest."""
    return next((c for c in cycles if c.state in {"open", "running"}), cycles[0] if cycles else None)


def overview(session: ReadSession, cycles: list[Cycle], cycle: Cycle, now: datetime) -> Overview:
    """Everything the overview shows of a cycle, with the one before it for comparison."""
    earlier = next((c for c in cycles if c.starts_on < cycle.starts_on), None)
    shown = [cycle.id, earlier.id] if earlier else [cycle.id]
    return Overview(
        cycle=cycle,
        numbers=numbers(session, cycle, now),
        before=numbers(session, earlier, now) if earlier else None,
        todo=todo(session, cycle, now),
        curve=wait_curve(session, cycle, now),
        sites=list(queries.sites(session, shown)),
        ropes=list(queries.ropes(session, shown)),
    )


def numbers(session: ReadSession, cycle: Cycle, now: datetime) -> Numbers:
    mentees, before = (queries.mentee_figures(session, cycle.id, at) for at in (now, now - TREND))
    room = queries.room_figures(session, cycle.id, max(now.date(), cycle.starts_on))
    pairs = queries.mentorship_figures(session, cycle.id, now)
    surveys = queries.survey_figures(session, cycle.id)
    return Numbers(
        mentees=mentees["mentees"],
        waiting=mentees["mentees"] - mentees["matched"],
        waiting_before=before["mentees"] - before["matched"],
        mentors=room["mentors"],
        hours=room["hours"],
        slots=room["slots"],
        free=room["free"],
        matched_share=mentees["matched"] / mentees["mentees"] if mentees["mentees"] else 0.0,
        across_share=pairs["across"] / pairs["mentorships"] if pairs["mentorships"] else None,
        mentorships=pairs["mentorships"],
        median_wait=median_days(wait_curve(session, cycle, now)),
        satisfaction=surveys["satisfaction"],
        answered=surveys["answered"],
        asked=surveys["asked"],
    )


def todo(session: ReadSession, cycle: Cycle, now: datetime) -> Todo:
    progress = queries.embedding_progress(session, cycle.id)
    room = queries.room_figures(session, cycle.id, max(now.date(), cycle.starts_on))
    return Todo(
        drafts=tuple(queries.drafts_waiting(session, cycle.id)),
        expiring=queries.offer_figures(session, cycle.id, now)["expiring"],
        without_bandwidth=room["without"],
        never_met=queries.mentorship_figures(session, cycle.id, now)["never_met"],
        texts=progress["texts"] if progress else 0,
        embedded=progress["embedded"] if progress else 0,
    )


def wait_curve(session: ReadSession, cycle: Cycle, now: datetime) -> list[Step]:
    counted = queries.waits(session, cycle.id, now)
    return survival_curve(Wait(days, over) for days, over, people in counted for _ in range(people))
