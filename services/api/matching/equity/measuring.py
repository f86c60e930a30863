"""From how each person fares to a report by groups. Pure.

What the matcher noted of each mentee (`matching.mentee_standing`) and the load of each mentor are joined with groups
here; the matcher itself knows of no group. Of groups that people named for reports only `dashboards.suppression`
says what may be told.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from statistics import fmean
from uuid import UUID

from services.api.dashboards.intervals import Interval, bonferroni, of_mean, wilson
from services.api.dashboards.suppression import SMALLEST, tellable, told_share, told_size
from services.api.matching.equity.report import (
    EquityReport,
    EquityTable,
    Mean,
    MenteeRow,
    MentorRow,
    Share,
    Size,
)

People = frozenset[UUID]
MEASURES = ("matched", "first_choice", "envies", "mean_score")
FLOOR_BINS = 20


@dataclass(frozen=True)
class Mentee:
    """How a mentee fares in a run (see `shared.models.equity.MenteeStanding`)."""

    id: UUID
    given: int
    mean_score: float | None
    lowest_score: float | None
    first_choice: bool
    envies: bool


@dataclass(frozen=True)
class Mentor:
    """Free places before the run, and how many of them the draft fills."""

    id: UUID
    places: int
    filled: int


@dataclass(frozen=True)
class Grouping:
    """People by group, on either side; `protected` groups were named by people for reports only."""

    code: str
    name: str
    protected: bool
    mentees: Mapping[str, People]
    mentors: Mapping[str, People]


@dataclass(frozen=True)
class Run:
    mentees: Mapping[UUID, Mentee]
    mentors: Mapping[UUID, Mentor]


def measure(run: Run, groupings: Sequence[Grouping]) -> EquityReport:
    """The report of a run by these groupings."""
    shown = _shown(run, groupings)
    groups = sum(len(one.mentees) * len(MEASURES) + len(one.mentors) for one in shown if one.protected)
    look = Look(run, bonferroni(groups))
    return EquityReport(
        smallest=SMALLEST,
        mentees=look.mentees("", frozenset(run.mentees), protected=False),
        mentors=look.mentors("", frozenset(run.mentors), protected=False),
        tables=[look.table(one) for one in shown],
    )


def _shown(run: Run, groupings: Sequence[Grouping]) -> list[Grouping]:
    """The groupings with the groups that may be told."""
    hidden = [one for one in groupings if one.protected]
    mentees = tellable({one.code: one.mentees for one in hidden}, frozenset(run.mentees))
    mentors = tellable({one.code: one.mentors for one in hidden}, frozenset(run.mentors))
    return [
        Grouping(one.code, one.name, one.protected, mentees[one.code], mentors[one.code])
        if one.protected
        else Grouping(one.code, one.name, one.protected, _present(one.mentees, run), _present(one.mentors, run))
        for one in groupings
    ]


def _present(groups: Mapping[str, People], run: Run) -> dict[str, People]:
    everybody = frozenset(run.mentees) | frozenset(run.mentors)
    return {name: group & everybody for name, group in groups.items() if group & everybody}


class Look:
    """The measures of one run; `z` is that of all comparisons together."""

    def __init__(self, run: Run, z: float) -> None:
        self.run, self.z = run, z
        self.lows = sorted(one.lowest_score for one in run.mentees.values() if one.lowest_score is not None)
        self.places = sum(one.places for one in run.mentors.values())
        self.filled = sum(one.filled for one in run.mentors.values())

    def table(self, by: Grouping) -> EquityTable:
        mentees = [self.mentees(name, group, protected=by.protected) for name, group in by.mentees.items()]
        mentors = [self.mentors(name, group, protected=by.protected) for name, group in by.mentors.items()]
        return EquityTable(code=by.code, name=by.name, protected=by.protected, mentees=mentees, mentors=mentors)

    def mentees(self, label: str, group: People, *, protected: bool) -> MenteeRow:
        people = [self.run.mentees[one] for one in sorted(group)]
        scores = [one.mean_score for one in people if one.mean_score is not None]
        share = told if protected else exact
        return MenteeRow(
            label=label,
            size=_size(len(people), protected=protected),
            matched=share(sum(one.given > 0 for one in people), len(people)),
            mean_score=_mean(scores, SMALLEST if protected else 2, 2),
            floor=self._floor(people, protected=protected),
            first_choice=share(sum(one.first_choice for one in people), len(people)),
            envies=share(sum(one.envies for one in people), len(people)),
            differs=self._differences(group) if protected else [],
        )

    def mentors(self, label: str, group: People, *, protected: bool) -> MentorRow:
        people = [self.run.mentors[one] for one in sorted(group)]
        places, filled = sum(one.places for one in people), sum(one.filled for one in people)
        size, everybody = _size(len(people), protected=protected), len(self.run.mentors)
        tells_load = not protected or filled >= SMALLEST
        return MentorRow(
            label=label,
            size=size,
            of_mentors=(_part(size.least, everybody), _part(size.most or everybody, everybody)),
            places=_against(places, self.places, len(people), everybody),
            load=_against(filled, self.filled, len(people), everybody) if tells_load else None,
            mentees_each=_mean([float(one.filled) for one in people], 2, 1) if tells_load else None,
            differs=self._load_differs(group) if protected else [],
        )

    def _floor(self, people: Iterable[Mentee], *, protected: bool) -> float | None:
        lows = [one.lowest_score for one in people if one.lowest_score is not None]
        if not lows or (protected and len(lows) < SMALLEST):
            return None
        return _down(self._protected_floor(min(lows)) if protected else min(lows))

    def _protected_floor(self, low: float) -> float:
        """The lower end of the bin of a score among bins of at least SMALLEST mentees, a twentieth of all or more."""
        width = max(SMALLEST, ceil(len(self.lows) / FLOOR_BINS))
        bins = max(1, len(self.lows) // width)
        return self.lows[min(bisect_left(self.lows, low) // width, bins - 1) * width]

    def _differences(self, group: People) -> list[str]:
        """Measures in which a group and all the others differ by more than chance, with all comparisons in mind."""
        ours = [self.run.mentees[one] for one in sorted(group)]
        theirs = [one for key, one in self.run.mentees.items() if key not in group]
        found = []
        for name, holds in _SHARES.items():
            intervals = (wilson(sum(map(holds, side)), len(side), self.z) for side in (ours, theirs))
            if not Interval.meets(*intervals):
                found.append(name)
        scored = [[one.mean_score for one in side if one.mean_score is not None] for side in (ours, theirs)]
        if min(map(len, scored)) >= SMALLEST and not Interval.meets(*(of_mean(side, self.z) for side in scored)):
            found.append("mean_score")
        return found

    def _load_differs(self, group: People) -> list[str]:
        ours = [float(one.filled) for key, one in self.run.mentors.items() if key in group]
        theirs = [float(one.filled) for key, one in self.run.mentors.items() if key not in group]
        meets = Interval.meets(of_mean(ours, self.z), of_mean(theirs, self.z))
        return [] if meets or sum(ours) < SMALLEST else ["mentees_each"]


_SHARES: dict[str, Callable[[Mentee], bool]] = {
    "matched": lambda one: one.given > 0,
    "first_choice": lambda one: one.first_choice,
    "envies": lambda one: one.envies,
}


def told(count: int, size: int) -> Share:
    found = told_share(count, size)
    return Share(
        low=found.low, high=found.high, interval_low=found.interval.low, interval_high=found.interval.high
    )


def exact(count: int, size: int) -> Share:
    """To the tenth of a percent, for groups that are no secret."""
    share = round(count / size, 3) if size else 0.0
    interval = wilson(count, size)
    return Share(
        low=share, high=share, interval_low=round(interval.low, 3), interval_high=round(interval.high, 3)
    )


def _size(people: int, *, protected: bool) -> Size:
    least, most = told_size(people) if protected else (people, people)
    return Size(least=least, most=most)


def _mean(values: Sequence[float], fewest: int, digits: int) -> Mean | None:
    if len(values) < max(2, fewest):
        return None
    low, high = of_mean(values)
    return Mean(value=round(fmean(values), digits), low=round(low, digits), high=round(high, digits))


def _part(part: int, whole: int) -> float:
    return round(min(1.0, part / whole), 3) if whole else 0.0


def _against(amount: int, of_all: int, people: int, everybody: int) -> float:
    """A share for each part of the share of people; 1 where there is nothing to share."""
    return round(amount / of_all / (people / everybody), 1) if of_all and people else 1.0


def _down(score: float) -> float:
    return floor(score * 100 + 1e-9) / 100
