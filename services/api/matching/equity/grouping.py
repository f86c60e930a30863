"""Who is in which group: by what the program knows anyway, and by what people named for reports, once it may count."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.api.dashboards.suppression import batch_is_due
from services.api.matching.equity.measuring import Grouping, People
from services.api.matching.equity.queries import Person, SealedAnswer
from services.api.web.translations import gettext as _
from shared.models.programs import Dimension
from shared.security.identity import open_answer
from shared.security.keyring import Keyring
from shared.vocabulary.mentoring import Role
from shared.vocabulary.stages import FACULTY_STAGES, Stage
from shared.vocabulary.states import REGION_OF

SITE_SIZES = ((1, "Institution with fewer than 10 people"), (10, "Institution with 10 to 29 people"),
              (30, "Institution with 30 people or more"))  # fmt: skip


def plain_groupings(people: Sequence[Person]) -> list[Grouping]:
    """Career stage, region and size of institution: no secret to a lead, who sees everybody's."""
    at_site = Counter(person.institution_id for person in people)
    by: tuple[tuple[str, str, Callable[[Person], str]], ...] = (
        ("stage", _("Career stage"), _phase),
        ("region", _("Region"), lambda person: REGION_OF.get(person.state, person.state)),
        ("site", _("Institution"), lambda person: _site_size(at_site[person.institution_id])),
    )
    return [_plain(code, name, people, group_of) for code, name, group_of in by]


def _plain(code: str, name: str, people: Sequence[Person], group_of: Callable[[Person], str]) -> Grouping:
    sides = {role: _grouped((group_of(one), one.id) for one in people if one.role == role) for role in Role}
    return Grouping(code, name, False, sides[Role.MENTEE], sides[Role.MENTOR])


def _grouped(pairs: Iterable[tuple[str, UUID]]) -> dict[str, People]:
    groups = defaultdict[str, set[UUID]](set)
    for group, person in pairs:
        groups[group].add(person)
    return {group: frozenset(groups[group]) for group in sorted(groups)}


def _phase(person: Person) -> str:
    stage = Stage(person.stage)
    if stage is Stage.FELLOW or stage in FACULTY_STAGES or stage is Stage.PREMED:
        return stage.label
    return "Resident" if stage.value.startswith("pgy") else "Medical student"


def _site_size(people: int) -> str:
    return next(label for least, label in reversed(SITE_SIZES) if people >= least)


@dataclass
class Answers:
    """Who gave one exact answer: those whom reports count already, and those who wait, with their answers' ids."""

    label: str
    counted: set[UUID] = field(default_factory=set)
    waiting: dict[UUID, UUID] = field(default_factory=dict)
    since: datetime | None = None

    def note(self, row: SealedAnswer) -> None:
        if row.counted_at is None:
            self.waiting[row.participant_id] = row.id
        else:
            self.counted.add(row.participant_id)
            self.since = max(self.since or row.counted_at, row.counted_at)

    def is_due(self, side: Sequence[Person]) -> bool:
        """Whether those who wait may be counted, among the people of one side of a run."""
        newcomers = {one.id for one in side if self.since is None or one.registered_at > self.since}
        present = {one.id for one in side}
        return batch_is_due(len(self.waiting.keys() & present), len(newcomers - self.waiting.keys() - self.counted))


@dataclass(frozen=True)
class Named:
    """The protected groupings, and the answers that reports count from now on."""

    groupings: list[Grouping]
    newly_counted: list[UUID]


def named_groupings(
    people: Sequence[Person], dimensions: Sequence[Dimension], rows: Sequence[SealedAnswer], keyring: Keyring
) -> Named:
    """Groups by what people named for reports, of both sides; `people` are those in the run."""
    roles = {person.id: person.role for person in people}
    sides = {role: [person for person in people if person.role == role] for role in Role}
    answers = _opened([row for row in rows if row.participant_id in roles], roles, keyring)
    newly: list[UUID] = []
    groups: dict[tuple[UUID, str], dict[str, People]] = defaultdict(dict)
    for (role, dimension, _exact), given in sorted(answers.items(), key=lambda item: item[0][2]):
        if given.is_due(sides[Role(role)]):
            newly += given.waiting.values()
            given.counted |= given.waiting.keys()
        groups[dimension, role][given.label] = frozenset(given.counted)
    return Named([_of_dimension(one, groups) for one in dimensions], newly)


def _of_dimension(dimension: Dimension, groups: Mapping[tuple[UUID, str], dict[str, People]]) -> Grouping:
    mentees, mentors = (groups.get((dimension.id, role), {}) for role in (Role.MENTEE, Role.MENTOR))
    return Grouping(dimension.code, dimension.name, True, mentees, mentors)


def _opened(
    rows: Iterable[SealedAnswer], roles: Mapping[UUID, str], keyring: Keyring
) -> dict[tuple[str, UUID, str], Answers]:
    """By role, dimension and exact answer (however it is capitalized)."""
    found: dict[tuple[str, UUID, str], Answers] = {}
    for row in rows:
        answer = open_answer(keyring, row.id, row.sealed).strip()
        key = (roles[row.participant_id], row.dimension_id, unicodedata.normalize("NFKC", answer).casefold())
        found.setdefault(key, Answers(answer)).note(row)
    return found
