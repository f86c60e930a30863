"""Why a slot stays open, and what would help: more hours, another kind, more bandwidth."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from services.matcher.scoring.hours import as_words
from services.matcher.scoring.national import Index, NationalScores
from services.matcher.scoring.rules import WhyNot
from services.matcher.scoring.stages import KINDS, STAGES, UNFIT
from shared.explanations.reasons import Reason, ReasonCode
from shared.vocabulary.mentoring import WEEK_HOURS, Kind

Bools = NDArray[np.bool_]

LEAST_USEFUL_HOURS = 2
MOST_RULES = 3
PARTS_OF_WEEK: dict[str, tuple[range, range]] = {
    "weekday_mornings": (range(5), range(6, 9)),
    "weekday_days": (range(5), range(9, 17)),
    "weekday_evenings": (range(5), range(17, 22)),
    "weekends": (range(5, 7), range(8, 22)),
}
CODE_OF_RULE: dict[WhyNot, ReasonCode] = {
    WhyNot.KIND: ReasonCode.BARRED_KIND,
    WhyNot.SPECIALTY: ReasonCode.BARRED_SPECIALTY,
    WhyNot.HOURS: ReasonCode.BARRED_HOURS,
    WhyNot.LANGUAGE: ReasonCode.BARRED_LANGUAGE,
    WhyNot.SITE: ReasonCode.BARRED_SITE,
    WhyNot.EVALUATOR | WhyNot.BLOCKED | WhyNot.SAME_PERSON: ReasonCode.BARRED_CONFLICT,
    WhyNot.MENTOR_NOT_READY: ReasonCode.BARRED_MENTORS_NOT_READY,
}


def why_open(scores: NationalScores, row: int, free: Index) -> list[Reason]:
    """Why a row got no mentor, the first reason the decisive one, then what would help.

    `free` int[mentors]: slots that the run leaves to each mentor (0 also for those this mentee already has).
    """
    if scores.mentors == 0:
        return [Reason.of(ReasonCode.NO_MENTORS)]
    broken = scores.why_not(*_everyone(scores, row))
    if broken[0] & WhyNot.MENTEE_NOT_READY:
        return [Reason.of(ReasonCode.MENTEE_NOT_READY)]
    fitting = broken == 0
    if fitting.any():
        return [*_no_room(fitting, free), *what_would_help(scores, row, free)]
    return [*_barred(broken), *what_would_help(scores, row, free)]


def what_would_help(scores: NationalScores, row: int, free: Index | None = None) -> list[Reason]:
    """Changes in the mentee's own hands that would let more mentors (with room, if `free` is given) fit."""
    open_to = np.ones(scores.mentors, np.bool_) if free is None else free > 0
    broken = scores.why_not(*_everyone(scores, row))
    return [*_more_hours(scores, row, broken, open_to), *_any_kind(scores, row, broken, open_to)]


def part_of_week(part: str, utc_offset: int) -> int:
    """The UTC bits of a part of the local week."""
    days, hours = PARTS_OF_WEEK[part]
    local = (day * 24 + hour for day in days for hour in hours)
    return sum(1 << ((hour - utc_offset) % WEEK_HOURS) for hour in local)


def _everyone(scores: NationalScores, row: int) -> tuple[Index, Index]:
    return np.full(scores.mentors, row, np.int64), np.arange(scores.mentors, dtype=np.int64)


def _no_room(fitting: Bools, free: Index) -> Iterator[Reason]:
    with_room = int((fitting & (free > 0)).sum())
    if with_room:
        yield Reason.of(ReasonCode.SLOTS_LEFT, number=with_room)
    else:
        yield Reason.of(ReasonCode.ALL_FULL, number=int(fitting.sum()))
        yield Reason.of(ReasonCode.MORE_BANDWIDTH)


def _barred(broken: Index) -> list[Reason]:
    """The rules that bar the mentors, those first that alone stand between the mentee and most mentors."""
    found = []
    for rule, code in CODE_OF_RULE.items():
        by_this, only_this = int(np.count_nonzero(broken & rule)), int(np.count_nonzero((broken & ~int(rule)) == 0))
        if by_this:
            found.append((only_this, by_this, Reason.of(code, number=by_this)))
    found.sort(key=lambda entry: (-entry[0], -entry[1]))
    return [reason for _, _, reason in found[:MOST_RULES]]


def _more_hours(scores: NationalScores, row: int, broken: Index, open_to: Bools) -> Iterator[Reason]:
    """The part of the week that would let most further mentors share enough hours."""
    mentee = scores.owner[row]
    person, hours = scores.mentee_people[mentee], scores.hours
    if person.hours is None:
        return
    needed = max(hours.least, LEAST_USEFUL_HOURS)
    now = _common(scores, person.hours)
    possible = open_to & ((broken & ~int(WhyNot.HOURS)) == 0) & hours.mentor_known & (now < needed)
    gains = {part: int((possible & (_common(scores, person.hours | part_of_week(part, person.utc_offset)) >= needed))
                       .sum()) for part in PARTS_OF_WEEK}
    best = max(gains, key=lambda part: gains[part])
    if gains[best]:
        yield Reason.of(ReasonCode.MORE_HOURS, part=best, number=gains[best])


def _common(scores: NationalScores, hours: int) -> Index:
    both = scores.hours.mentor_hours & as_words([hours])
    counted: Index = np.bitwise_count(both).sum(axis=1, dtype=np.int64)
    return counted


def _any_kind(scores: NationalScores, row: int, broken: Index, open_to: Bools) -> Iterator[Reason]:
    if scores.kinds[row] is Kind.ANY:
        return
    stage = STAGES.index(scores.mentee_people[scores.owner[row]].stage)
    code = KINDS.index(Kind.ANY) * len(STAGES) + stage
    fits = scores.stage.table[code, scores.stage.mentor_code] != UNFIT
    more = int((open_to & (broken == int(WhyNot.KIND)) & fits).sum())
    if more:
        yield Reason.of(ReasonCode.ANY_KIND, number=more)
