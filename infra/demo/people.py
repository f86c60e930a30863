"""Invented trainees and mentors, and all that they would have typed in to register."""

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from random import Random
from typing import TypeVar

from infra.demo.banks import pick
from infra.demo.callings import (
    MENTOR_STAGES,
    TRAINEE_STAGES,
    trained_specialties,
    wished_specialties,
)
from infra.demo.identity import Answer, Identity, draw_identity
from infra.demo.institutions import STATES, Institution, institutions
from infra.demo.letters import Shelf, Writer
from infra.demo.names import Registrar
from infra.demo.organizations import DemoCycle
from infra.demo.week import Hours, draw_periods, free_hours, offered_slots
from infra.demo.writing import Desk
from shared.bandwidth import Period, capacity
from shared.vocabulary.mentoring import Kind, MeetingMode, SitePreference, WorkingStyle
from shared.vocabulary.stages import FACULTY_STAGES, NEAR_PEER_STAGES, Stage

P = TypeVar("P", bound="Participation")

TRAINEES, MENTORS_ONLY, BOTH, REVERSE_MENTEES = 1560, 470, 96, 9
SLOTS_PER_WISH = 0.85  # time is scarce: the match has to choose

MODES: dict[MeetingMode, float] = {
    MeetingMode.EITHER: 46, MeetingMode.VIDEO: 38, MeetingMode.PHONE: 11, MeetingMode.IN_PERSON: 5}
STYLES: dict[WorkingStyle | None, float] = {
    WorkingStyle.CONVERSATIONAL: 30, WorkingStyle.STRUCTURED: 20, WorkingStyle.LISTENING: 16,
    WorkingStyle.TASK_BY_TASK: 12, None: 22}
SITES: dict[SitePreference, float] = {
    SitePreference.NO_PREFERENCE: 74, SitePreference.OTHER: 18, SitePreference.SAME: 8}


@dataclass(frozen=True)
class Person:
    """Somebody with an account; `key` is stable for a seed."""

    key: str
    name: str
    email: str
    stage: Stage
    site: Institution
    identity: Identity
    account_language: str


@dataclass(frozen=True)
class Participation:
    """What a person filled in for one role. `hours` are (weekday, hour) in the site's time zone."""

    person: Person
    specialties: tuple[str, ...]
    kinds: tuple[Kind, ...]
    statements: dict[str, str]
    meeting_mode: MeetingMode
    working_style: WorkingStyle | None
    site_preference: SitePreference
    regions: tuple[str, ...]
    hours: Hours
    answers: tuple[Answer, ...]
    registered_days_ago: int


@dataclass(frozen=True)
class Mentee(Participation):
    """Somebody who asks: one mentor per entry of `kinds`."""

    different_perspective: bool


@dataclass(frozen=True)
class Mentor(Participation):
    """Somebody who gives time: the kinds offered, the bandwidth over the cycle."""

    periods: tuple[Period, ...]
    min_mentees: int

    def slots(self, cycle: DemoCycle) -> int:
        """Mentees that fit into the time offered, by the platform's own rule."""
        return capacity(self.periods, cycle.starts_on, cycle.ends_on)


@dataclass(frozen=True)
class Crowd:
    """Everybody who came. `evaluations`: (mentee, mentor) keys of people of whom one grades the other."""

    mentees: tuple[Mentee, ...]
    mentors: tuple[Mentor, ...]
    evaluations: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Census:
    """Draws people one after another."""

    rng: Random
    registrar: Registrar
    desk: Desk
    cycle: DemoCycle

    def person(self, number: int, stage: Stage) -> Person:
        identity = draw_identity(self.rng, trainee=stage not in FACULTY_STAGES)
        student = stage.years < Stage.PGY1.years
        site = pick(self.rng, {place: place.weight for place in institutions() if place.students or not student})
        name = self.registrar.name(identity.heritage, identity.gender)
        language = identity.languages[-1] if identity.languages[-1] in {"es", "fr"} else "en"
        return Person(
            key=f"p{number:04d}",
            name=name.full,
            email=self.registrar.address(name, site.code),
            stage=stage,
            site=site,
            identity=identity,
            account_language=language if self.rng.random() < 0.2 else "en",
        )

    def mentee(self, person: Person) -> Mentee:
        specialties = _specialties(self.rng, person.stage)
        return self._mentee(person, specialties, _wanted_kinds(self.rng, person.stage, specialties))

    def reverse_mentee(self, person: Person, specialties: tuple[str, ...]) -> Mentee:
        """A faculty physician who wants to be mentored by somebody in training."""
        return self._mentee(person, specialties, (Kind.REVERSE,))

    def _mentee(self, person: Person, specialties: tuple[str, ...], kinds: tuple[Kind, ...]) -> Mentee:
        make = partial(Mentee, different_perspective=self.rng.random() < 0.09)
        return self._fill_in(make, person, specialties, kinds)

    def mentor(self, person: Person, specialties: tuple[str, ...]) -> Mentor:
        hours, slots = offered_slots(self.rng, person.stage)
        regular = Period(self.cycle.opens_on, self.cycle.ends_on, Decimal(hours), slots)
        periods = draw_periods(self.rng, person.stage, regular)
        make = partial(Mentor, periods=periods, min_mentees=int(slots > 1 and self.rng.random() < 0.06))
        return self._fill_in(make, person, specialties, _offered_kinds(self.rng, person.stage))

    def _fill_in(
        self, make: "partial[P]", person: Person, specialties: tuple[str, ...], kinds: tuple[Kind, ...]
    ) -> P:
        rng, who, mentor = self.rng, person.identity, make.func is Mentor
        regions = self._regions(person, 0.5 if mentor else 0.35)
        return make(
            person=person,
            specialties=specialties,
            kinds=kinds,
            statements=self.desk.write(self._writer(person, specialties, regions, mentor=mentor)),
            meeting_mode=pick(rng, MODES),
            working_style=pick(rng, STYLES),
            site_preference=SitePreference.NO_PREFERENCE if mentor else pick(rng, SITES),
            regions=regions,
            hours=free_hours(rng, person.stage),
            answers=tuple(replace(a, importance=0) for a in who.answers) if mentor else who.answers,
            registered_days_ago=min(34, int(rng.expovariate(1 / 12))),
        )

    def _writer(
        self, person: Person, specialties: tuple[str, ...], regions: tuple[str, ...], *, mentor: bool
    ) -> Writer:
        elsewhere = sorted({place.state for place in institutions()} - {person.site.state})
        region = self.rng.choice(regions or elsewhere)
        shown, languages = person.identity.shown, person.identity.languages
        return Writer(mentor, person.stage, specialties, person.site, STATES[region], shown, languages)

    def _regions(self, person: Person, chance: float) -> tuple[str, ...]:
        """States that somebody has ties to or wants to live in, other than their own."""
        others = [place.state for place in institutions() if place.state != person.site.state]
        return (self.rng.choice(others),) if self.rng.random() < chance else ()


def gather(seed: int, cycle: DemoCycle) -> Crowd:
    """Everybody who came to a cycle; the same people for the same arguments."""
    rng = Random(f"{seed}/people")
    census = Census(rng, Registrar(Random(f"{seed}/names")), Desk(Shelf(Random(f"{seed}/texts"))), cycle)
    mentees = [census.mentee(census.person(n, pick(rng, TRAINEE_STAGES))) for n in range(TRAINEES)]
    near_peers = [mentee for mentee in mentees if mentee.person.stage in NEAR_PEER_STAGES[1:]]
    both = sorted(rng.sample(near_peers, BOTH), key=lambda mentee: mentee.person.key)
    mentors = [census.mentor(mentee.person, mentee.specialties) for mentee in both]
    for number in range(TRAINEES, TRAINEES + MENTORS_ONLY):
        person = census.person(number, pick(rng, MENTOR_STAGES))
        mentors.append(census.mentor(person, trained_specialties(rng, person.stage)))
    faculty = [mentor for mentor in mentors if mentor.person.stage is Stage.FACULTY]
    mentees += [census.reverse_mentee(m.person, m.specialties) for m in faculty[:REVERSE_MENTEES]]
    mentors = _make_scarce(rng, mentors, round(SLOTS_PER_WISH * sum(len(m.kinds) for m in mentees)), cycle)
    return Crowd(tuple(mentees), tuple(mentors), tuple(_evaluations(rng, mentees, mentors)))


def _specialties(rng: Random, stage: Stage) -> tuple[str, ...]:
    student = stage not in NEAR_PEER_STAGES
    return wished_specialties(rng, stage) if student else trained_specialties(rng, stage)


def _wanted_kinds(rng: Random, stage: Stage, specialties: tuple[str, ...]) -> tuple[Kind, ...]:
    """Clinical students may hold a second, profession-specific slot; residents ask upward."""
    if stage in (Stage.M3, Stage.M4):
        first = rng.choice([Kind.ANY, Kind.ANY, Kind.NEAR_PEER])
        second = rng.choice([Kind.FACULTY, Kind.SPECIALTY, Kind.SPECIALTY]) if specialties else Kind.FACULTY
        return (first, second) if rng.random() < 0.45 else (first,)
    if stage in NEAR_PEER_STAGES:
        return (rng.choice([Kind.FACULTY, Kind.FACULTY, Kind.ANY, Kind.SPECIALTY]),)
    return (rng.choice([Kind.ANY, Kind.ANY, Kind.ANY, Kind.NEAR_PEER]),)


def _offered_kinds(rng: Random, stage: Stage) -> tuple[Kind, ...]:
    own = Kind.FACULTY if stage in FACULTY_STAGES else Kind.NEAR_PEER
    kinds = [own] if rng.random() < 0.3 else [own, Kind.SPECIALTY]
    return tuple([*kinds, Kind.REVERSE] if own is Kind.NEAR_PEER and rng.random() < 0.15 else kinds)


def _make_scarce(rng: Random, mentors: list[Mentor], target: int, cycle: DemoCycle) -> list[Mentor]:
    """The mentors, some of them offering one mentee more or fewer, so that all together offer `target` slots."""
    slots = [mentor.slots(cycle) for mentor in mentors]
    mentors = list(mentors)
    while (missing := target - sum(slots)) != 0:
        at = rng.randrange(len(mentors))
        step = 1 if missing > 0 else -1
        if slots[at] + step < 1 or slots[at] + step > 6:
            continue
        mentors[at] = replace(mentors[at], periods=tuple(_with_more(p, step) for p in mentors[at].periods))
        slots[at] = mentors[at].slots(cycle)
    return mentors


def _with_more(period: Period, step: int) -> Period:
    if period.occasion != "regular":
        return period
    slots = max(1, min(period.mentee_slots, int(period.hours_per_month // 2)) + step)
    return replace(period, mentee_slots=slots, hours_per_month=max(period.hours_per_month, Decimal(2 * slots)))


def _evaluations(rng: Random, mentees: list[Mentee], mentors: list[Mentor]) -> list[tuple[str, str]]:
    """Faculty who grade or rank trainees of their own site and specialty: such pairs must never be matched."""
    pairs = [
        (mentee.person.key, mentor.person.key)
        for mentor in mentors
        if mentor.person.stage is Stage.FACULTY and rng.random() < 0.4
        for mentee in mentees
        if mentee.person.site == mentor.person.site and set(mentee.specialties) & set(mentor.specialties[:1])
    ]
    return [pair for pair in pairs if pair[0] != pair[1]]
