"""Where to recruit next: what one more place would add, by what mentors have in common, from the last match."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.api.dashboards import queries
from services.api.web.charts import Figure, Finding, bars
from services.api.web.translations import gettext as _
from shared.contracts.run_report import SlotWorth
from shared.db.engine import ReadSession
from shared.vocabulary.specialties import SPECIALTIES
from shared.vocabulary.stages import Stage
from shared.vocabulary.states import STATES

SHOWN = 10
FEW = 3  # a group of one or two mentors says little about the next one


@dataclass(frozen=True)
class Group:
    """Mentors who have something in common, and what one more place of theirs adds at least, on average."""

    key: str
    name: str
    mentors: int
    coverage: float
    total: float


@dataclass(frozen=True)
class Recruiting:
    """From which run, and the groups of each grouping, the most valuable first."""

    run_id: UUID
    finished_at: datetime
    groups: dict[str, list[Group]]


def recruiting(session: ReadSession, cycle_id: UUID) -> Recruiting | None:
    """What the last match of a cycle says; None before there is one."""
    found = queries.latest_worth(session, cycle_id)
    if found is None:
        return None
    worth = [SlotWorth.model_validate(one) for one in found["worth"]]
    sites = queries.institution_names(session, [UUID(one.group) for one in worth if one.grouping == "institution"])
    groups: dict[str, list[Group]] = {}
    for one in worth:
        name = _name(one, sites)
        groups.setdefault(one.grouping, []).append(Group(one.group, name, one.mentors, one.coverage, one.total))
    return Recruiting(found["run_id"], found["finished_at"], groups)


def _name(one: SlotWorth, sites: dict[str, str]) -> str:
    if one.grouping == "institution":
        return sites.get(one.group, one.group)
    if one.grouping == "stage":
        known = {stage.value: stage.label for stage in Stage}
        return _(known.get(one.group, one.group))
    return _({"specialty": SPECIALTIES, "state": STATES}[one.grouping].get(one.group, one.group))


def recruiting_figure(found: Recruiting) -> Figure | None:
    """The specialties in which one more place adds most."""
    groups = [one for one in found.groups.get("specialty", ()) if one.mentors >= FEW][:SHOWN]
    if not groups or groups[0].total <= 0:
        return None
    title = _("One more place helps most in %(specialty)s") % {"specialty": groups[0].name}
    told = _("Bars: score that one more place at a mentor of each specialty adds to the whole match, at least.")
    rows = [(one.name, one.total) for one in groups]
    names = (_("Specialty"), _("Added score"))
    return bars(Finding("recruit", title, told), rows, names, number_format=".3f", highlight=rows[0][0])
