"""When people are free in their own week, and how much of it mentors give."""

from datetime import timedelta
from decimal import Decimal
from random import Random

from infra.demo.banks import pick
from shared.bandwidth import HOURS_PER_MENTORSHIP, Period
from shared.vocabulary.mentoring import GRID_FIRST_HOUR, GRID_LAST_HOUR
from shared.vocabulary.stages import FACULTY_STAGES, Stage

HALF = Decimal("0.5")

Hours = frozenset[tuple[int, int]]

# Blocks of a week that somebody may have free: weekdays (0 = Monday), first hour, hour after the last.
BLOCKS: dict[str, tuple[tuple[int, ...], int, int]] = {
    "early": ((0, 1, 2, 3, 4), 6, 7),
    "lunch": ((0, 1, 2, 3, 4), 12, 13),
    "late afternoon": ((0, 1, 2, 3, 4), 16, 18),
    "evening": ((0, 1, 2, 3, 4), 18, 21),
    "late evening": ((0, 1, 2, 3), 20, 23),
    "friday": ((4,), 13, 17),
    "academic half-day": ((2,), 13, 17),
    "conference day": ((3,), 8, 12),
    "weekend morning": ((5, 6), 8, 12),
    "weekend afternoon": ((5, 6), 13, 18),
    "sunday evening": ((6,), 17, 21),
}
FREE_BLOCKS: dict[str, dict[str, float]] = {
    "student": {"evening": 6, "late evening": 3, "weekend morning": 3, "weekend afternoon": 4, "late afternoon": 3,
                "friday": 2, "sunday evening": 3, "lunch": 2},
    "resident": {"evening": 4, "late evening": 4, "weekend morning": 2, "weekend afternoon": 3, "conference day": 3,
                 "sunday evening": 3, "early": 1},
    "practice": {"early": 3, "lunch": 4, "late afternoon": 5, "evening": 4, "academic half-day": 3, "friday": 3,
                 "sunday evening": 1, "weekend morning": 1},
}
# Hours a month that mentors offer, and slots they would fill: residents less, faculty more.
OFFERED_HOURS: dict[str, dict[int, float]] = {
    "near_peer": {2: 28, 3: 14, 4: 34, 6: 18, 8: 6},
    "faculty": {2: 10, 4: 28, 6: 28, 8: 18, 10: 10, 12: 6},
}

def free_hours(rng: Random, stage: Stage) -> Hours:
    """(weekday, hour) pairs in local time, from two to four blocks with holes in them; at least three hours."""
    weights = FREE_BLOCKS[_life(stage)]
    names = {pick(rng, weights) for _ in range(rng.choice([2, 3, 3, 4]))}
    hours: set[tuple[int, int]] = set()
    for name in sorted(names):
        hours |= _some_of(rng, *BLOCKS[name])
    while len(hours) < 3:
        hours.add((rng.randrange(7), rng.choice([12, 17, 18, 19, 20])))
    return frozenset((day, hour) for day, hour in hours if GRID_FIRST_HOUR <= hour < GRID_LAST_HOUR)


def _some_of(rng: Random, days: tuple[int, ...], first: int, end: int) -> set[tuple[int, int]]:
    kept = [day for day in days if rng.random() < 0.72] or [rng.choice(days)]
    return {(day, hour) for day in kept for hour in range(first, end)}


def _life(stage: Stage) -> str:
    if stage in FACULTY_STAGES:
        return "practice"
    return "resident" if stage.value.startswith("pgy") or stage is Stage.FELLOW else "student"


def offered_slots(rng: Random, stage: Stage) -> tuple[int, int]:
    """Hours a month and mentee slots that a mentor of this stage offers in a regular month."""
    hours = pick(rng, OFFERED_HOURS["faculty" if stage in FACULTY_STAGES else "near_peer"])
    return hours, max(1, hours // int(HOURS_PER_MENTORSHIP) + rng.choice([-1, 0, 0, 0, 1]))


def draw_periods(rng: Random, stage: Stage, regular: Period) -> tuple[Period, ...]:
    """The regular offer, and for some a rotation, a block of nights or a leave inside it."""
    chance = rng.random()
    if chance < 0.07 and stage not in FACULTY_STAGES:
        return regular, _inside(rng, regular, "nights", weeks=4, share=HALF)
    if chance < 0.16 and stage not in FACULTY_STAGES:
        return regular, _inside(rng, regular, "rotation", weeks=rng.choice([4, 8]), share=HALF)
    if chance > 0.97:
        return regular, _inside(rng, regular, "leave", weeks=rng.choice([6, 8, 12]), share=Decimal(0))
    return (regular,)


def _inside(rng: Random, regular: Period, occasion: str, *, weeks: int, share: Decimal) -> Period:
    room = (regular.ends_on - regular.starts_on).days - 7 * weeks
    starts = regular.starts_on + timedelta(days=rng.randrange(30, max(31, room)))
    return Period(
        starts_on=starts,
        ends_on=min(regular.ends_on, starts + timedelta(weeks=weeks)),
        hours_per_month=round(regular.hours_per_month * share * 2) * HALF,
        mentee_slots=int(regular.mentee_slots * share),
        occasion=occasion,
    )
