"""From the blind views to the records that scores are made of."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping

from services.matcher import queries
from services.matcher.interests.texts import Aside
from services.matcher.policy import Policy
from services.matcher.scoring.hours import week_in_utc
from services.matcher.scoring.people import Mentee, Mentor
from shared.bandwidth import Period, effective_slots
from shared.db.engine import ReadSession
from shared.vocabulary.mentoring import Kind, MeetingMode, SitePreference, WorkingStyle
from shared.vocabulary.stages import Stage
from shared.wishes import open_wishes

# The state that each of them has from its beginning until it is decided; in it, it takes a slot.
FIRST = {"mentorship": "active", "proposal": "open", "request": "open"}


@dataclass(frozen=True)
class Cycle:
    """A cycle's people as the matcher may know them, mentors with the slots they have left.

    `max_mentees` of a mentor are free slots here; `promised` are those that mentorships and open offers take.
    """

    cycle_id: UUID
    mentees: tuple[Mentee, ...]
    mentors: tuple[Mentor, ...]


def load_cycle(session: ReadSession, cycle_id: UUID, policy: Policy, at: datetime | None = None) -> Cycle:
    """Everybody active in a cycle. Mentees keep the slots that nothing fills, mentors those that nothing takes.

    `at`: with mentorships and offers as they stood at that moment; people and what they wrote are always today's.
    """
    window = _window(session, cycle_id, at)
    views = {view: queries.read_view(session, view, cycle_id) for view in ("token", "availability", "bandwidth")}
    grouped = {view: _group(rows, "participant_id") for view, rows in views.items()}
    commitments = _as_of(at, queries.read_view(session, "commitment", cycle_id))
    exclusions = queries.read_view(session, "exclusion", cycle_id)
    excluded = _group([*exclusions, *_tried(commitments)], "mentee_id")
    by_mentee, by_mentor = _group(_live(commitments), "mentee_id"), _group(_live(commitments), "mentor_id")

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


def load_mentee(session: ReadSession, participant_id: UUID) -> Mentee | None:
    """One active mentee; None for anybody else."""
    row = queries.read_participant(session, participant_id)
    if row is None or row["role"] != "mentee" or row["state"] != "active":
        return None
    tokens = queries.read_view_of(session, "token", "participant_id", participant_id)
    hours = queries.read_view_of(session, "availability", "participant_id", participant_id)
    commitments = _as_of(None, queries.read_view_of(session, "commitment", "mentee_id", participant_id))
    exclusions = queries.read_view_of(session, "exclusion", "mentee_id", participant_id)
    person = _person(row, hours, _window(session, row["cycle_id"])[0])
    return _mentee(row, person, tokens, _live(commitments), [*exclusions, *_tried(commitments)])


Commitment = dict[str, Any]


def _as_of(at: datetime | None, commitments: Sequence[RowMapping]) -> list[Commitment]:
    """Mentorships and offers as they stood at a moment: those that came later left out, later decisions undone."""
    if at is None:
        return [dict(c) for c in commitments]
    known = [dict(c) for c in commitments if c["began_at"] <= at]
    return [{**c, "state": FIRST[c["source"]]} if c["decided_at"] and c["decided_at"] > at else c for c in known]


def _live(commitments: Sequence[Commitment]) -> list[Commitment]:
    return [c for c in commitments if c["state"] == FIRST[c["source"]]]


def _tried(commitments: Sequence[Commitment]) -> list[Commitment]:
    """Pairs that were offered or tried already; an offer that expired or was withdrawn may come again."""
    return [c for c in commitments if c["state"] not in {"expired", "withdrawn"}]


def _window(session: ReadSession, cycle_id: UUID, at: datetime | None = None) -> tuple[date, date]:
    """What is left of the cycle; a cycle that is over counts as a whole."""
    row = queries.read_cycle(session, cycle_id)
    if row is None:
        raise LookupError(f"no cycle {cycle_id}")
    first = max(row["starts_on"], at.date() if at else queries.today(session))
    return (first if first < row["ends_on"] else row["starts_on"]), row["ends_on"]


def _group(rows: Iterable[Mapping[Any, Any]], key: str) -> dict[UUID, list[Any]]:
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
        "statements": tuple(
            Aside(text.strip()) if facet == "interests" else text.strip()
            for facet, text in row["statements"].items()
            if text and text.strip()
        ),
        "utc_offset": _utc_offset(row["time_zone"], monday_near),
        "hours": week_in_utc(local, row["time_zone"], monday) if local else None,
        "institution": str(row["institution_id"]),
        "state": row["institution_state"],
        "languages": tuple(row["languages"]),
        "meeting_mode": MeetingMode(row["meeting_mode"]) if row["meeting_mode"] else None,
        "working_style": WorkingStyle(row["working_style"]) if row["working_style"] else None,
        "ties": frozenset(row["regions"]),
    }


def _utc_offset(time_zone: str, day: date) -> int:
    offset = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(time_zone)).utcoffset() or timedelta()
    return round(offset / timedelta(hours=1))


def _mentee(
    row: RowMapping,
    person: dict[str, Any],
    tokens: Sequence[RowMapping],
    commitments: Sequence[Commitment],
    excluded: Sequence[Mapping[Any, Any]],
) -> Mentee:
    return Mentee(
        **person,
        slots=open_wishes([Kind(kind) for kind in row["kinds"]], [Kind(c["kind"]) for c in commitments]),
        tokens={t["token"].hex(): t["importance"] for t in tokens},
        different_perspective=row["different_perspective"],
        site=SitePreference(row["site_preference"]),
        tier=0 if row["unmatched_before"] else 1,
        blocked=frozenset(str(pair["mentor_id"]) for pair in excluded),
    )


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
    least = min(max(mentor.min_mentees - taken, 0), free)
    return replace(mentor, max_mentees=free, min_mentees=least, promised=taken)
