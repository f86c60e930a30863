"""From the blind views to the records that scores are made of."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping

from services.matcher import queries
from services.matcher.policy import Policy
from services.matcher.scoring.hours import week_in_utc
from services.matcher.scoring.people import Mentee, Mentor
from shared.bandwidth import Period, effective_slots
from shared.db.engine import ReadSession
from shared.vocabulary.mentoring import Kind, MeetingMode, SitePreference, WorkingStyle
from shared.vocabulary.stages import Stage

LIVE = {"mentorship": {"active"}, "proposal": {"open"}, "request": {"open"}}
Row = Mapping[str, Any] | RowMapping


@dataclass(frozen=True)
class Cycle:
    """A cycle's people as the matcher may know them, mentors with the slots they have left."""

    cycle_id: UUID
    mentees: tuple[Mentee, ...]
    mentors: tuple[Mentor, ...]

    def mentee(self, participant_id: UUID) -> Mentee | None:
        return next((m for m in self.mentees if m.id == str(participant_id)), None)


def load_cycle(session: ReadSession, cycle_id: UUID, policy: Policy) -> Cycle:
    """Everybody active in a cycle. Mentees keep the slots that nothing fills, mentors those that nothing takes."""
    window = _window(session, cycle_id)
    views = {view: queries.read_view(session, view, cycle_id) for view in ("token", "availability", "bandwidth")}
    grouped = {view: _group(rows, "participant_id") for view, rows in views.items()}
    commitments = queries.read_view(session, "commitment", cycle_id)
    excluded = _group(_never_again(session, cycle_id, commitments), "mentee_id")
    live = [c for c in commitments if c["state"] in LIVE[c["source"]]]
    by_mentee, by_mentor = _group(live, "mentee_id"), _group(live, "mentor_id")

    mentees, mentors = [], []
    for row in sorted(queries.read_view(session, "participant", cycle_id), key=lambda r: r["participant_id"]):
        if row["state"] != "active":
            continue
        key = row["participant_id"]
        person = _person(row, grouped["availability"].get(key, ()), window[0])
        tokens = grouped["token"].get(key, ())
        if row["role"] == "mentee":
            mentees.append(_mentee(row, person, tokens, by_mentee.get(key, ()), excluded.get(key, ())))
        else:
            periods = [_period(p) for p in grouped["bandwidth"].get(key, ())]
            slots = (periods, window, len(by_mentor.get(key, ())))
            mentors.append(_with_slots(_mentor(row, person, tokens), slots, policy))
    return Cycle(cycle_id, tuple(mentees), tuple(mentors))


def _window(session: ReadSession, cycle_id: UUID) -> tuple[date, date]:
    """What is left of the cycle; a cycle that is over counts as a whole."""
    row = queries.read_cycle(session, cycle_id)
    if row is None:
        raise LookupError(f"no cycle {cycle_id}")
    first = max(row["starts_on"], queries.today(session))
    return (first if first < row["ends_on"] else row["starts_on"]), row["ends_on"]


def _never_again(
    session: ReadSession, cycle_id: UUID, commitments: Sequence[RowMapping]
) -> Iterable[Row]:
    """Pairs that must not be made: excluded ones, and those that were offered or tried already."""
    yield from queries.read_view(session, "exclusion", cycle_id)
    for row in commitments:
        if row["state"] not in {"expired", "withdrawn"}:
            yield {"mentee_id": row["mentee_id"], "mentor_id": row["mentor_id"], "reason": "earlier_pair"}


def _group(rows: Iterable[Row], key: str) -> dict[UUID, list[Any]]:
    groups: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        groups[row[key]].append(row)
    return groups


def _person(row: RowMapping, hours: Sequence[RowMapping], monday_near: date) -> dict[str, Any]:
    monday = monday_near - timedelta(days=monday_near.weekday())
    local = [(h["weekday"], h["hour"]) for h in hours]
    return {
        "id": str(row["participant_id"]),
        "stage": Stage(row["stage"]),
        "specialties": tuple(row["specialties"]),
        "statements": tuple(text.strip() for text in row["statements"].values() if text and text.strip()),
        "hours": week_in_utc(local, row["time_zone"], monday) if local else None,
        "institution": str(row["institution_id"]),
        "state": row["institution_state"],
        "languages": tuple(row["languages"]),
        "meeting_mode": MeetingMode(row["meeting_mode"]) if row["meeting_mode"] else None,
        "working_style": WorkingStyle(row["working_style"]) if row["working_style"] else None,
        "ties": frozenset(row["regions"]),
    }


def _mentee(
    row: RowMapping,
    person: dict[str, Any],
    tokens: Sequence[RowMapping],
    commitments: Sequence[RowMapping],
    excluded: Sequence[Row],
) -> Mentee:
    return Mentee(
        **person,
        slots=open_slots([Kind(kind) for kind in row["kinds"]], [Kind(c["kind"]) for c in commitments]),
        tokens={t["token"].hex(): t["importance"] for t in tokens},
        different_perspective=row["different_perspective"],
        site=SitePreference(row["site_preference"]),
        tier=0 if row["unmatched_before"] else 1,
        blocked=frozenset(str(pair["mentor_id"]) for pair in excluded),
    )


def open_slots(wanted: Sequence[Kind], held: Sequence[Kind]) -> tuple[Kind, ...]:
    """The wanted slots that nothing holds yet; a pair of another kind fills a slot of any kind, else the last one."""
    remaining = list(wanted)
    for kind in held:
        filled = next((slot for slot in (kind, Kind.ANY) if slot in remaining), None)
        if filled is None and remaining:
            filled = remaining[-1]
        if filled is not None:
            remaining.remove(filled)
    return tuple(remaining)


def _mentor(row: RowMapping, person: dict[str, Any], tokens: Sequence[RowMapping]) -> Mentor:
    return Mentor(
        **person,
        kinds=frozenset(Kind(kind) for kind in row["kinds"] if kind != Kind.ANY),
        tokens=frozenset(t["token"].hex() for t in tokens),
        min_mentees=row["min_mentees"],
    )


def _period(row: RowMapping) -> Period:
    return Period(row["starts_on"], row["ends_on"], row["hours_per_month"], row["mentee_slots"])


def _with_slots(mentor: Mentor, slots: tuple[list[Period], tuple[date, date], int], policy: Policy) -> Mentor:
    """Free slots, counted with the dearest kind that the mentor offers: hours are never promised twice."""
    periods, (first, last), taken = slots
    cost = Decimal(str(max(policy.kinds[kind].hours_per_month for kind in mentor.offer)))
    free = effective_slots(periods, first, last, taken=taken, cost=cost)
    return replace(mentor, max_mentees=free, min_mentees=min(mentor.min_mentees, free), promised=0)
