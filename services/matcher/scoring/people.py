"""Mentees and mentors as the matcher knows them: exactly what the blind view or a CSV file can give.

No name, no e-mail, no identity: an experience is a keyed token that either equals another one or does not.
Whatever a person has not said is empty, and an empty field never makes anybody ineligible.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.vocabulary.mentoring import Kind, MeetingMode, SitePreference, WorkingStyle
from shared.vocabulary.stages import FACULTY_STAGES, Stage

TRAINEE_OFFER = frozenset({Kind.NEAR_PEER, Kind.SPECIALTY, Kind.REVERSE})
FACULTY_OFFER = frozenset({Kind.FACULTY, Kind.SPECIALTY})
ANY_OFFER = TRAINEE_OFFER | FACULTY_OFFER


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """What mentees and mentors have in common.

    `account` is an opaque token that is equal for the two participants of one person. `hours` are the free hours of
    a week as 168 bits (bit 0 is Monday 0:00 to 1:00 UTC), None if not given; `utc_offset`, in hours, only serves to
    speak of them in local time. `languages` come best first. `ties` are states or regions: those in which a mentee
    would like a mentor, those that a mentor knows from inside.
    """

    id: str
    account: str = ""
    stage: Stage | None = None
    specialties: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    hours: int | None = None
    utc_offset: int = 0
    institution: str = ""
    state: str = ""
    languages: tuple[str, ...] = ()
    meeting_mode: MeetingMode | None = None
    working_style: WorkingStyle | None = None
    meetings_per_month: int | None = None
    ties: frozenset[str] = frozenset()
    trained: bool = True
    pledged: bool = True
    blocked: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Mentee(Person):
    """Somebody who asks for mentors: one slot per entry of `slots`.

    `tokens` maps an experience to the importance it has for this mentee (0 to 3), `ties` are states or regions in
    which a mentor would be welcome, `tier` 0 is served first.
    """

    slots: tuple[Kind, ...] = (Kind.ANY,)
    tokens: Mapping[str, int] = field(default_factory=dict)
    different_perspective: bool = False
    site: SitePreference = SitePreference.NO_PREFERENCE
    tier: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Mentor(Person):
    """Somebody who offers bandwidth.

    `promised` counts active mentorships and held offers, `evaluates` the mentees that this mentor grades, ranks
    or interviews.
    """

    kinds: frozenset[Kind] = frozenset()
    tokens: frozenset[str] = frozenset()
    max_mentees: int = 1
    min_mentees: int = 0
    hours_per_month: float | None = None
    promised: int = 0
    evaluates: frozenset[str] = frozenset()

    @property
    def offer(self) -> frozenset[Kind]:
        """The kinds this mentor gives: as chosen, else what the career stage suggests."""
        if self.kinds:
            return ANY_OFFER if Kind.ANY in self.kinds else self.kinds
        if self.stage is None:
            return ANY_OFFER
        return FACULTY_OFFER if self.stage in FACULTY_STAGES else TRAINEE_OFFER
