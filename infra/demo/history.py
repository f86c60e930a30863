"""What happened already: who asked whom, what became of it, when they met, and what they thought of it.

The same simulation tells of the pilot cohort, long over, and of the first weeks of the open one.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from random import Random
from zoneinfo import ZoneInfo

from infra.demo.banks import Deck, load_bank, pick
from infra.demo.organizations import DemoCycle
from infra.demo.people import Crowd, Mentee, Mentor
from shared.models.matching import OfferState
from shared.models.mentorships import MeetingState, MentorshipState
from shared.vocabulary.mentoring import Kind
from shared.vocabulary.specialties import SPECIALTIES, nearness
from shared.vocabulary.stages import FACULTY_STAGES, STAGE_YEARS, Stage

PILOT_MENTEES, PILOT_MENTORS, EARLY_BIRDS = 430, 240, 44
CANDIDATES, MOST_TRIES, DAYS_TO_ANSWER = 30, 3, 14
SURVEY_AFTER = timedelta(weeks=8)
ANSWERS = {OfferState.ACCEPTED: 74, OfferState.DECLINED: 18, OfferState.EXPIRED: 8}
DECLINES = {"no_time": 52, "not_my_field": 20, "know_each_other": 8, "evaluator": 6, "other": 14}
CLOSURES = {"scheduling": 34, "not_a_fit": 22, "no_reply": 24, "moved": 12, "other": 8}
STAGE_BEFORE: dict[Stage, Stage] = {
    Stage.M1: Stage.PREMED, Stage.M2: Stage.M1, Stage.M3: Stage.M2, Stage.M4: Stage.M3, Stage.PGY1: Stage.M4,
    Stage.PGY2: Stage.PGY1, Stage.PGY3: Stage.PGY2, Stage.PGY4: Stage.PGY3, Stage.PGY5: Stage.PGY4,
    Stage.PGY6: Stage.PGY5, Stage.PGY7: Stage.PGY6, Stage.FELLOW: Stage.PGY4,
}


@dataclass(frozen=True)
class PastMeeting:
    starts_at: datetime
    minutes: int
    place: str
    state: MeetingState


@dataclass(frozen=True)
class PastSurvey:
    """One side's survey; without `answered_at` nobody answered."""

    side: str
    invited_at: datetime
    answered_at: datetime | None
    satisfaction: int | None
    comment: str


@dataclass(frozen=True)
class PastMentorship:
    started_at: datetime
    ended_at: datetime | None
    state: MentorshipState
    closure_reason: str | None
    meetings: tuple[PastMeeting, ...]
    surveys: tuple[PastSurvey, ...]


@dataclass(frozen=True)
class PastRequest:
    """A mentee (by key) asked a mentor (by key); the mentorship if it was accepted."""

    mentee: str
    mentor: str
    kind: Kind
    message: str
    asked_at: datetime
    respond_by: datetime
    decided_at: datetime | None
    state: OfferState
    decline_reason: str | None
    mentorship: PastMentorship | None


@dataclass(frozen=True)
class History:
    """A cycle so far: who took part (keys) and what they asked."""

    mentees: tuple[str, ...]
    mentors: tuple[str, ...]
    requests: tuple[PastRequest, ...]


def pilot_history(seed: int, crowd: Crowd, cycle: DemoCycle) -> History:
    """The cohort before this one: some of the people of today, a year younger."""
    rng = Random(f"{seed}/pilot")
    mentees = rng.sample([m for m in crowd.mentees if m.person.stage in STAGE_BEFORE], PILOT_MENTEES)
    mentors = rng.sample([m for m in crowd.mentors if STAGE_YEARS[m.person.stage] > STAGE_YEARS[Stage.PGY1]],
                         PILOT_MENTORS)
    rooms = {mentor.person.key: rng.choice([1, 2, 2, 2, 3]) for mentor in mentors}
    return _Story(rng, cycle, _noon(cycle, 0, cycle.ends_on.toordinal())).tell(mentees, mentors, rooms)


def early_history(seed: int, crowd: Crowd, cycle: DemoCycle, now: datetime) -> History:
    """The open cycle so far: a few were quick, found each other without a match, and have met once or not yet."""
    rng = Random(f"{seed}/early")
    quick = [m for m in crowd.mentees if m.registered_days_ago > 18 and m.person.stage in STAGE_BEFORE]
    mentors = [m for m in crowd.mentors if m.registered_days_ago > 18]
    rooms = {mentor.person.key: mentor.slots(cycle) for mentor in mentors}
    return _Story(rng, cycle, now).tell(rng.sample(quick, min(EARLY_BIRDS, len(quick))), mentors, rooms)


def stage_before(stage: Stage) -> Stage:
    """A year ago."""
    return STAGE_BEFORE.get(stage, stage)


def _noon(cycle: DemoCycle, days: float, ordinal: int = 0) -> datetime:
    day = datetime.fromordinal(ordinal or cycle.opens_on.toordinal()).replace(hour=12, tzinfo=UTC)
    return day + timedelta(days=days)


@dataclass
class _Story:
    """Lets people ask, answer, meet and judge, from the opening of a cycle until `now`."""

    rng: Random
    cycle: DemoCycle
    now: datetime

    def tell(self, mentees: Sequence[Mentee], mentors: Sequence[Mentor], rooms: dict[str, int]) -> History:
        taken: Counter[str] = Counter()
        requests: list[PastRequest] = []
        for mentee in mentees:
            for request in self._courtship(mentee, mentors, rooms, taken):
                taken[request.mentor] += request.state in {OfferState.ACCEPTED, OfferState.OPEN}
                requests.append(request)
        return History(_keys(mentees), _keys(mentors), tuple(requests))

    def _courtship(
        self, mentee: Mentee, mentors: Sequence[Mentor], rooms: dict[str, int], taken: Counter[str]
    ) -> Iterator[PastRequest]:
        """Up to three requests, one after the other, until somebody says yes."""
        asked_at = _noon(self.cycle, self.rng.uniform(12, 40))
        for mentor in self._favorites(mentee, mentors)[:MOST_TRIES]:
            full = taken[mentor.person.key] >= rooms[mentor.person.key]
            if full or asked_at > self.now:
                continue
            request = self._request(mentee, mentor, asked_at)
            yield request
            if request.decided_at is None or request.state is OfferState.ACCEPTED:
                return
            asked_at = request.decided_at + timedelta(days=self.rng.uniform(1, 6))

    def _favorites(self, mentee: Mentee, mentors: Sequence[Mentor]) -> list[Mentor]:
        ahead = [m for m in mentors if STAGE_YEARS[m.person.stage] > STAGE_YEARS[mentee.person.stage]]
        some = self.rng.sample(ahead, min(CANDIDATES, len(ahead)))
        return sorted(some, key=lambda mentor: affinity(mentee, mentor) + self.rng.gauss(0, 0.15), reverse=True)

    def _request(self, mentee: Mentee, mentor: Mentor, asked_at: datetime) -> PastRequest:
        state = pick(self.rng, ANSWERS)
        respond_by = asked_at + timedelta(days=DAYS_TO_ANSWER)
        waited = min(float(DAYS_TO_ANSWER), self.rng.lognormvariate(0.9, 0.8))
        decided_at = respond_by if state is OfferState.EXPIRED else asked_at + timedelta(days=waited)
        if decided_at > self.now:
            state = OfferState.OPEN
        reasons = {OfferState.DECLINED: pick(self.rng, DECLINES), OfferState.EXPIRED: "no_answer"}
        return PastRequest(
            mentee=mentee.person.key,
            mentor=mentor.person.key,
            kind=_kind(mentee, mentor),
            message=self._message(mentor),
            asked_at=asked_at,
            respond_by=respond_by,
            decided_at=None if state is OfferState.OPEN else decided_at,
            state=state,
            decline_reason=reasons.get(state),
            mentorship=self._mentorship(mentee, mentor, decided_at) if state is OfferState.ACCEPTED else None,
        )

    def _message(self, mentor: Mentor) -> str:
        if self.rng.random() < 0.3:
            return ""
        return self._decks["requests"].deal().format(field=SPECIALTIES[mentor.specialties[0]].lower())

    def _mentorship(self, mentee: Mentee, mentor: Mentor, started_at: datetime) -> PastMentorship:
        """1. How well they get on decides how long, how often, how content. 2. What is still to come is left out."""
        warmth = min(1.0, max(0.0, 0.25 + 0.6 * affinity(mentee, mentor) + self.rng.gauss(0, 0.22)))
        ended_at, state, reason = self._end(warmth, started_at)
        until = ended_at or self.now
        meetings = () if reason == "no_reply" else tuple(self._meetings(mentor, warmth, started_at, until))
        if ended_at:
            meetings = tuple(meeting for meeting in meetings if meeting.state is not MeetingState.SCHEDULED)
        return PastMentorship(started_at, ended_at, state, reason, meetings,
                              tuple(self._surveys(warmth, started_at, until, met=bool(meetings))))

    def _end(self, warmth: float, started_at: datetime) -> tuple[datetime | None, MentorshipState, str | None]:
        if self.rng.random() > 0.28 * (1.3 - warmth):
            over = _noon(self.cycle, 0, self.cycle.ends_on.toordinal())
            return (over, MentorshipState.COMPLETED, None) if over <= self.now else (None, MentorshipState.ACTIVE, None)
        closed_at = started_at + timedelta(days=self.rng.uniform(25, 130))
        if closed_at > self.now:
            return None, MentorshipState.ACTIVE, None
        return closed_at, MentorshipState.CLOSED, pick(self.rng, CLOSURES)

    def _meetings(self, mentor: Mentor, warmth: float, first: datetime, until: datetime) -> Iterator[PastMeeting]:
        day = first + timedelta(days=self.rng.lognormvariate(2.4, 0.6))
        while (starts_at := self._hour_of(mentor, day)) < until:
            state = MeetingState.CANCELED if self.rng.random() < 0.09 else MeetingState.HELD
            yield self._meeting(starts_at, state)
            day += timedelta(days=self.rng.uniform(14, 30) + 45 * (1 - warmth) * self.rng.random())

        yield self._meeting(starts_at, MeetingState.SCHEDULED)

    def _meeting(self, starts_at: datetime, state: MeetingState) -> PastMeeting:
        return PastMeeting(starts_at, self.rng.choice([20, 30, 30, 45, 45, 60]), self._decks["places"].deal(), state)

    def _hour_of(self, mentor: Mentor, day: datetime) -> datetime:
        """One of the mentor's free hours in the week after a day, in their own time zone."""
        weekday, hour = self.rng.choice(sorted(mentor.hours))
        date = day.date() + timedelta(days=1 + (weekday - day.weekday() - 1) % 7)
        return datetime.combine(date, time(hour), ZoneInfo(mentor.person.site.time_zone)).astimezone(UTC)

    def _surveys(self, warmth: float, started_at: datetime, until: datetime, *, met: bool) -> Iterator[PastSurvey]:
        invited_at = started_at + SURVEY_AFTER
        if invited_at > until:
            return
        for side, rate in (("mentee", 0.7), ("mentor", 0.62)):
            if self.rng.random() > rate + 0.15 * (warmth - 0.5):
                yield PastSurvey(side, invited_at, None, None, "")
                continue
            felt = warmth if met else 0.1
            satisfaction = min(5, max(1, round(2.2 + 3.0 * felt + self.rng.gauss(0, 0.7))))
            answered_at = invited_at + timedelta(days=self.rng.uniform(0.1, 12))
            yield PastSurvey(side, invited_at, answered_at, satisfaction, self._comment(side, satisfaction))

    def _comment(self, side: str, satisfaction: int) -> str:
        if self.rng.random() > 0.35:
            return ""
        mood = "glad" if satisfaction >= 4 else "mixed" if satisfaction == 3 else "sorry"
        return self._decks[f"{side}_{mood}"].deal()

    @cached_property
    def _decks(self) -> dict[str, Deck[str]]:
        return {name: Deck(lines, self.rng) for name, lines in load_bank("afterwards").items()}


def _keys(people: Sequence[Mentee] | Sequence[Mentor]) -> tuple[str, ...]:
    return tuple(sorted(one.person.key for one in people))


def affinity(mentee: Mentee, mentor: Mentor) -> float:
    """How much two people have in common, in [0, 1]: mostly the specialty, then states and shared experiences."""
    pairs = [nearness(a, b) for a in mentee.specialties[:2] for b in mentor.specialties[:2]]
    mine = {answer.answer for answer in mentee.answers if answer.may_match}
    shared = len(mine & {answer.answer for answer in mentor.answers if answer.may_match})
    states = {mentee.person.site.state, *mentee.regions} & {mentor.person.site.state, *mentor.regions}
    return 0.55 * max(pairs, default=0.3) + 0.15 * bool(states) + 0.15 * min(shared, 2)


def _kind(mentee: Mentee, mentor: Mentor) -> Kind:
    if mentor.person.stage not in FACULTY_STAGES:
        return Kind.NEAR_PEER
    same = bool(set(mentee.specialties[:1]) & set(mentor.specialties))
    return Kind.SPECIALTY if same and Kind.SPECIALTY in mentor.kinds else Kind.FACULTY
