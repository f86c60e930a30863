"""Mentees and mentors from tables: every bad cell of both files is found before anything is refused."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfoNotFoundError

from services.matcher.interests.texts import Aside
from services.matcher.scoring.people import Mentee, Mentor
from services.matcher.tables import values
from services.matcher.tables.columns import MENTEE, MENTOR, Columns, recognize
from services.matcher.tables.files import Row, open_sheet
from services.matcher.tables.problems import Findings, Problem, TableError, Watch, unwatched
from shared.vocabulary.mentoring import Kind
from shared.vocabulary.specialties import SPECIALTIES

P = TypeVar("P", Mentee, Mentor)
MOST_SLOTS = 20
MOST_PEOPLE = 1_000_000
MOST_NAMED = 10


def _set(cell: str) -> frozenset[str]:
    return frozenset(values.parts(cell))


def _each(read: Callable[[str], Any]) -> Callable[[str], tuple[Any, ...]]:
    """Reads each entry of a list, equal ones once."""
    return lambda cell: tuple(dict.fromkeys(map(read, values.parts(cell))))


PARSERS: dict[str, Callable[[str], Any]] = {
    "specialties": _each(values.specialty),
    "languages": _each(values.language),
    "kinds": lambda cell: tuple(map(values.kind, values.parts(cell))),
    "experiences": lambda cell: dict(map(values.experience, values.parts(cell))),
    "ties": _set,
    "forbidden": _set,
    "evaluates": _set,
    "pinned": _each(str),
    "stage": values.stage,
    "meeting_mode": values.meeting_mode,
    "working_style": values.working_style,
    "meetings_per_month": partial(values.whole, least=1, most=31),
    "trained": values.yes_no,
    "pledged": values.yes_no,
    "different_perspective": values.yes_no,
    "site_preference": values.site_preference,
    "tier": partial(values.whole, most=1000),
    "mentors_wanted": partial(values.whole, most=MOST_SLOTS),
    "max_mentees": values.whole,
    "min_mentees": values.whole,
    "promised": values.whole,
    "hours_per_month": values.amount,
}


@dataclass(frozen=True)
class Entry(Generic[P]):
    """A person with the line they stand on, and who must and must not be their partner (ids)."""

    person: P
    line: int
    forbidden: frozenset[str]
    pinned: tuple[str, ...]


@dataclass(frozen=True)
class People(Generic[P]):
    """The people of one file in its order; `ignored` are the columns that nothing was made of."""

    file: str
    entries: tuple[Entry[P], ...]
    columns: Columns
    ignored: tuple[str, ...]

    @property
    def persons(self) -> tuple[P, ...]:
        return tuple(entry.person for entry in self.entries)

    def notes(self) -> Iterator[str]:
        """What was read otherwise than somebody may think, but is no reason to refuse the file."""
        if self.ignored:
            yield f"{self.file}: columns that were not used: {', '.join(self.ignored)}."
        if unknown := self._unknown_specialties():
            named = ", ".join(f"{code!r} (line {line})" for code, line in list(unknown.items())[:MOST_NAMED])
            more = f" and {len(unknown) - MOST_NAMED} more" if len(unknown) > MOST_NAMED else ""
            yield f"{self.file}: specialties that are not known, and match only who wrote the same: {named}{more}."

    def _unknown_specialties(self) -> dict[str, int]:
        """Each with the line on which it stands first."""
        found: dict[str, int] = {}
        for entry in self.entries:
            for code in entry.person.specialties:
                if code not in SPECIALTIES:
                    found.setdefault(code, entry.line)
        return found

    def problem(self, entry: Entry[P], field: str, reason: str) -> Problem:
        return Problem(self.file, entry.line, self.columns.name(field), reason)


def read_people(mentees: Path, mentors: Path, watch: Watch = unwatched) -> tuple[People[Mentee], People[Mentor]]:
    """Both tables; raises TableError with the problems of both, also of ids that only the other file could hold."""
    left, right = Findings(mentees.name, watch), Findings(mentors.name, watch)
    problems: list[Problem] = []
    tables: list[Any] = []
    for path, found, read in ((mentees, left, read_mentees), (mentors, right, read_mentors)):
        try:
            tables.append(read(path, found))
        except TableError:
            tables.append(None)
        problems += found.problems
    if tables[0] is not None and tables[1] is not None:
        problems += list(check_pairs(*tables))
    if problems:
        raise TableError(problems)
    return tables[0], tables[1]


def read_mentees(path: Path, findings: Findings) -> People[Mentee]:
    """The mentees of a file; problems go to the findings."""
    return _read(path, MENTEE, findings, _mentee)


def read_mentors(path: Path, findings: Findings) -> People[Mentor]:
    """The mentors of a file; problems go to the findings."""
    return _read(path, MENTOR, findings, _mentor)


def _read(path: Path, aliases: dict[str, tuple[str, ...]], findings: Findings,
          build: Callable[[dict[str, Any]], P]) -> People[P]:
    sheet = open_sheet(path, findings)
    columns = recognize(sheet.header, aliases, findings)
    entries: list[Entry[P]] = []
    line_of: dict[str, int] = {}
    for row in sheet.rows:
        given = _parse(row, columns, findings)
        identity = given["id"]
        if not identity:
            findings.add(row.line, columns.name("id"), "is empty; every row needs an id")
        elif identity in line_of:
            findings.add(row.line, columns.name("id"), f"{identity!r} stands on line {line_of[identity]} already")
        line_of.setdefault(identity, row.line)
        if len(line_of) > MOST_PEOPLE:
            raise findings.stop(row.line, "", f"is one more than {MOST_PEOPLE:,} people; match parts of a nation apart")
        if findings.problems:
            given["statements"] = ()  # the file is refused: what is left is read for its problems only
        try:
            entries.append(Entry(build(given), row.line, given.get("forbidden", frozenset()), given.get("pinned", ())))
        except ValueError as error:
            findings.add(row.line, columns.name("kinds"), str(error))
    if not entries and not findings.problems:
        findings.add(0, "", "names columns, but nobody below them")
    ignored = tuple(columns.header[at] for at in columns.ignored)
    return People(findings.file, tuple(entries), columns, ignored)


def _parse(row: Row, columns: Columns, findings: Findings) -> dict[str, Any]:
    """The values of a row by field; cells that cannot be read are noted and left out."""
    texts = ((at, row.cells[at]) for at in columns.texts if row.cells[at])
    statements = tuple(Aside(text) if at in columns.asides else text for at, text in texts)
    given: dict[str, Any] = {"id": "", "statements": statements}
    for field, places in columns.known.items():
        cell = "; ".join(row.cells[at] for at in places if row.cells[at])
        if not cell or field == "hours":
            continue
        try:
            given[field] = PARSERS.get(field, str)(cell)
        except ValueError as error:
            findings.add(row.line, columns.name(field), str(error))
    if "hours" in columns.known:
        _parse_week(row, columns, given, findings)
    return given


def _parse_week(row: Row, columns: Columns, given: dict[str, Any], findings: Findings) -> None:
    cell = row.cells[columns.known["hours"][0]]
    if not cell:
        return
    try:
        given["hours"] = values.week(cell, given.get("time_zone", "UTC"))
    except (ZoneInfoNotFoundError, OSError):
        zone = given.get("time_zone")
        findings.add(row.line, columns.name("time_zone"), f"{zone!r} is no time zone; use one like America/Chicago")
    except ValueError as error:
        findings.add(row.line, columns.name("hours"), str(error))


COMMON = ("id", "account", "stage", "specialties", "statements", "hours", "institution", "state", "languages",
          "meeting_mode", "working_style", "meetings_per_month", "ties", "trained", "pledged")


def _mentee(given: dict[str, Any]) -> Mentee:
    own = {"different_perspective": "different_perspective", "site_preference": "site", "tier": "tier",
           "experiences": "tokens"}
    return Mentee(
        **{field: given[field] for field in COMMON if field in given},
        **{name: given[field] for field, name in own.items() if field in given},
        slots=_slots(given),
    )


def _slots(given: dict[str, Any]) -> tuple[Kind, ...]:
    """One kind for each slot: a single kind holds for all slots wanted, several are one slot each."""
    kinds: tuple[Kind, ...] = given.get("kinds", ())
    wanted: int = given.get("mentors_wanted", max(len(kinds), 1))
    if len(kinds) <= 1:
        return (kinds or (Kind.ANY,)) * wanted
    if len(kinds) != wanted:
        raise ValueError(f"names {len(kinds)} kinds, but {wanted} mentors are wanted")
    return kinds


def _mentor(given: dict[str, Any]) -> Mentor:
    own = ("max_mentees", "min_mentees", "promised", "hours_per_month", "evaluates")
    return Mentor(
        **{field: given[field] for field in (*COMMON, *own) if field in given},
        kinds=frozenset(given.get("kinds", ())), tokens=frozenset(given.get("experiences", ())),
    )


def check_pairs(mentees: People[Mentee], mentors: People[Mentor]) -> Iterator[Problem]:
    """Ids of partners that nobody has, and pins that cannot be kept."""
    mentee_ids = {m.id for m in mentees.persons}
    mentor_ids = {m.id for m in mentors.persons}
    for entry in mentees.entries:
        yield from _unknown(mentees, entry, {"forbidden": entry.forbidden, "pinned": entry.pinned}, mentor_ids)
        if len(entry.pinned) > len(entry.person.slots):
            yield mentees.problem(entry, "pinned", f"names {len(entry.pinned)} mentors, but "
                                                   f"{len(entry.person.slots)} are wanted")
        for mentor in sorted(entry.forbidden & set(entry.pinned)):
            yield mentees.problem(entry, "pinned", f"{mentor!r} is also forbidden")
    for other in mentors.entries:
        named = {"forbidden": other.forbidden, "evaluates": other.person.evaluates}
        yield from _unknown(mentors, other, named, mentee_ids)
        if other.person.min_mentees > other.person.max_mentees:
            yield mentors.problem(other, "min_mentees", f"{other.person.min_mentees} is more than the mentor's most, "
                                                        f"{other.person.max_mentees}")


def _unknown(people: People[P], entry: Entry[P], named: dict[str, Any], known: set[str]) -> Iterator[Problem]:
    for field, ids in named.items():
        for identity in sorted(set(ids) - known):
            yield people.problem(entry, field, f"{identity!r} is not an id of the other file")
