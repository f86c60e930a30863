"""Supply and demand of a cycle, drawn when it is counted: a chart takes longer than its numbers."""

from dataclasses import dataclass
from datetime import datetime

from services.api.dashboards import figures, queries, service
from services.api.dashboards.recruiting import Recruiting, recruiting, recruiting_figure
from services.api.web.charts import Figure
from shared.db.engine import ReadSession
from shared.models.programs import Cycle


@dataclass(frozen=True)
class Supply:
    """What the page shows. `unnamed` waiting mentees named no specialty."""

    specialties: Figure | None
    unnamed: int
    stages: list[figures.Gap]
    states: list[figures.Gap]
    recruit: Recruiting | None
    recruit_figure: Figure | None


def supply_key(session: ReadSession, cycle: Cycle, locale: str) -> tuple[object, ...]:
    """What is kept of it is for one language, and until the next match has finished or is published or taken back."""
    return "supply", cycle.id, locale, *queries.latest_matches(session, cycle.id)


def supply(session: ReadSession, cycle: Cycle, now: datetime) -> Supply:
    """In the language of whoever reads now."""
    gaps, recruit = service.gaps(session, cycle, now), recruiting(session, cycle.id)
    return Supply(
        specialties=figures.specialty_figure(gaps["specialty"]),
        unnamed=figures.unnamed(gaps["specialty"]),
        stages=figures.labeled_stages(gaps["stage"]),
        states=figures.labeled_states(gaps["state"]),
        recruit=recruit,
        recruit_figure=recruiting_figure(recruit) if recruit else None,
    )
