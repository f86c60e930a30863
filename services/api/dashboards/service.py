"""What a program's leads should know at a glance, worked out from counts."""

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import State

from services.api.dashboards import queries
from services.api.dashboards.places import Places, places, supply_and_demand
from services.api.dashboards.survival import Step, Wait, median_days, survival_curve
from shared.db.engine import ReadSession
from shared.models.programs import Cycle

REMEMBERED_SECONDS, SHOWN_SECONDS = 30.0, 600.0
QUICK_SECONDS, MOMENT_SECONDS = 0.05, 2.0
log = structlog.get_logger()
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
    offers: int
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
        counts = (self.offers, self.expiring, self.without_bandwidth, self.never_met)
        return not (self.drafts or any(counts) or self.is_reading)


@dataclass(frozen=True)
class Overview:
    cycle: Cycle
    numbers: Numbers
    before: Numbers | None
    todo: Todo
    curve: list[Step]
    sites: list[queries.Figures]
    ropes: list[queries.Figures]


@dataclass(frozen=True)
class Kept:
    """A value, when it was counted, and how long that took, in seconds."""

    at: float
    cost: float
    value: object

    @property
    def lasts(self) -> float:
        return REMEMBERED_SECONDS if self.cost > QUICK_SECONDS else MOMENT_SECONDS


@dataclass
class Memory:
    """Aggregates of a nation, kept for half a minute: a dashboard may lag that much, a page may not.

    A value older than that is shown once more, up to ten minutes, while a new one is counted beside the request.
    What is counted in no time is kept for a moment only: whoever has just published sees it at once.
    """

    clock: Callable[[], float] = time.monotonic
    _kept: dict[Hashable, Kept] = field(default_factory=dict)
    _under_way: set[Hashable] = field(default_factory=set)

    def recall(
        self, key: Hashable, make: Callable[[], T], again: Callable[[], T] | None = None, *, drawn: bool = False
    ) -> T:
        """The value as kept, or a new one; `again` makes it beside the request. Frozen values only.

        `drawn`: with charts, which are quick as long as they are the same: never made in a request if that can be.
        """
        kept = self._kept.get(key)
        age = self.clock() - kept.at if kept else float("inf")
        if kept is None or age > SHOWN_SECONDS:
            return self.count(key, make)
        if age > (REMEMBERED_SECONDS if drawn else kept.lasts):
            if again is None or (kept.cost <= QUICK_SECONDS and not drawn):
                return self.count(key, make)
            self._renew(key, again)
        return kept.value  # type: ignore[return-value]

    def holds(self, key: Hashable, seconds: float) -> bool:
        """A value no older than that."""
        kept = self._kept.get(key)
        return kept is not None and self.clock() - kept.at <= seconds

    def count(self, key: Hashable, make: Callable[[], T]) -> T:
        begun = self.clock()
        value = make()
        now = self.clock()
        self._kept = {k: kept for k, kept in self._kept.items() if now - kept.at <= SHOWN_SECONDS}
        self._kept[key] = Kept(now, now - begun, value)
        return value

    def _renew(self, key: Hashable, again: Callable[[], object]) -> None:
        if key not in self._under_way:
            self._under_way.add(key)
            threading.Thread(target=self._work, args=(key, again), daemon=True).start()

    def _work(self, key: Hashable, again: Callable[[], object]) -> None:
        try:
            self.count(key, again)
        except SQLAlchemyError:
            log.warning("a dashboard could not be counted anew", exc_info=True)
        finally:
            self._under_way.discard(key)


def memory_in(state: State) -> Memory:
    """The one of this process."""
    if not hasattr(state, "dashboards"):
        state.dashboards = Memory()
    memory: Memory = state.dashboards
    return memory


def current_cycle(cycles: list[Cycle]) -> Cycle | None:
    """The cycle that matters now: the one that is open or running, else the newest."""
    return next((c for c in cycles if c.state in {"open", "running"}), cycles[0] if cycles else None)


def overview(session: ReadSession, cycles: list[Cycle], cycle: Cycle, now: datetime) -> Overview:
    """Everything the overview shows of a cycle, with the one before it for comparison."""
    earlier = next((c for c in cycles if c.starts_on < cycle.starts_on), None)
    shown = [cycle.id, earlier.id] if earlier else [cycle.id]
    counts = count(session, cycle, now)
    return Overview(
        cycle=cycle,
        numbers=numbers(counts),
        before=numbers(count(session, earlier, now)) if earlier else None,
        todo=todo(session, cycle, now, counts),
        curve=counts.curve,
        sites=list(queries.sites(session, shown)),
        ropes=list(queries.ropes(session, shown)),
    )


@dataclass(frozen=True)
class Counts:
    """What a cycle's numbers are made of, each counted once."""

    mentees: queries.Figures
    before: queries.Figures
    places: list[Places]
    hours: float
    pairs: queries.Figures
    surveys: queries.Figures
    curve: list[Step]


def count(session: ReadSession, cycle: Cycle, now: datetime) -> Counts:
    return Counts(
        mentees=queries.mentee_figures(session, cycle.id, now),
        before=queries.mentee_figures(session, cycle.id, now - TREND),
        places=places(session, cycle, now.date()),
        hours=queries.hours_offered(session, cycle.id, max(now.date(), cycle.starts_on)),
        pairs=queries.mentorship_figures(session, cycle.id, now),
        surveys=queries.survey_figures(session, cycle.id),
        curve=wait_curve(session, cycle, now),
    )


def numbers(counts: Counts) -> Numbers:
    mentees, before = counts.mentees, counts.before
    pairs, surveys = counts.pairs, counts.surveys
    return Numbers(
        mentees=mentees["mentees"],
        waiting=mentees["mentees"] - mentees["matched"],
        waiting_before=before["mentees"] - before["matched"],
        mentors=sum(group.mentors for group in counts.places),
        hours=counts.hours,
        slots=sum(group.mentors * group.slots for group in counts.places),
        free=sum(group.free for group in counts.places),
        matched_share=mentees["matched"] / mentees["mentees"] if mentees["mentees"] else 0.0,
        across_share=pairs["across"] / pairs["mentorships"] if pairs["mentorships"] else None,
        mentorships=pairs["mentorships"],
        median_wait=median_days(counts.curve),
        satisfaction=surveys["satisfaction"],
        answered=surveys["answered"],
        asked=surveys["asked"],
    )


def gaps(session: ReadSession, cycle: Cycle, now: datetime) -> dict[str, list[tuple[str, int, int]]]:
    """(group, free places, waiting mentees) by specialty, stage and state."""
    found = places(session, cycle, now.date())
    return {by: supply_and_demand(session, cycle, found, by) for by in ("specialty", "stage", "state")}


def todo(session: ReadSession, cycle: Cycle, now: datetime, counts: Counts) -> Todo:
    progress, offers = queries.embedding_progress(session, cycle.id), queries.offer_figures(session, cycle.id, now)
    return Todo(
        drafts=tuple(queries.drafts_waiting(session, cycle.id)),
        offers=offers["open"],
        expiring=offers["expiring"],
        without_bandwidth=sum(group.mentors for group in counts.places if group.slots == 0),
        never_met=counts.pairs["never_met"],
        texts=progress["texts"] if progress else 0,
        embedded=progress["embedded"] if progress else 0,
    )


def wait_curve(session: ReadSession, cycle: Cycle, now: datetime) -> list[Step]:
    counted = queries.waits(session, cycle.id, now)
    return survival_curve(Wait(days, over) for days, over, people in counted for _ in range(people))
