"""Honest waiting times: people who still wait count, too (Kaplan and Meier, JASA 53 (1958) 457 to 481). Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Wait:
    """How many whole days somebody has waited, and whether the wait is over."""

    days: int
    over: bool


@dataclass(frozen=True)
class Step:
    """From `day` on, this share still waits; it comes down where waits end, not where watching stops."""

    day: int
    waiting: float


def survival_curve(waits: Iterable[Wait]) -> list[Step]:
    """The product-limit estimate of the share still waiting; begins at day 0 with 1."""
    waits = list(waits)
    ended, watched = Counter(w.days for w in waits if w.over), Counter(w.days for w in waits)
    at_risk, share, curve = len(waits), 1.0, [Step(0, 1.0)]
    for day in sorted(watched):
        if ended[day]:
            share *= 1 - ended[day] / at_risk
            curve.append(Step(day, share))
        at_risk -= watched[day]
    return curve


def median_days(curve: list[Step]) -> int | None:
    """The first day by which half have been matched; None if that has not happened yet."""
    return next((step.day for step in curve if step.waiting <= 0.5), None)
