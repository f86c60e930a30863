"""Mentors who take part and offer no bandwidth: whom a lead may want to ask."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.api.dashboards.idle import queries
from services.api.dashboards.places import read_periods, slots_by_rule
from shared.db.engine import ReadSession
from shared.models.programs import Cycle
from shared.vocabulary.specialties import SPECIALTIES
from shared.vocabulary.stages import Stage


@dataclass(frozen=True)
class IdleMentor:
    """`hours`: the most a month that any period offers; None where no bandwidth was given."""

    name: str
    institution: str
    stage: Stage
    specialty: str
    hours: Decimal | None


def idle_mentors(session: ReadSession, cycle: Cycle, today: date) -> list[IdleMentor]:
    """Active mentors who cannot take on a single mentee in what is left of the cycle, by name."""
    slots = slots_by_rule(session, cycle, today)
    return [
        IdleMentor(
            one["name"], one["institution"], Stage(one["stage"]), SPECIALTIES.get(one["specialty"], one["specialty"]),
            max((period.hours_per_month for period in read_periods(one["periods"])), default=None),
        )
        for one in queries.mentors_with_periods(session, cycle.id)
        if slots(one["periods"], tuple(one["kinds"]), one["stage"]) == 0
    ]  # fmt: skip
