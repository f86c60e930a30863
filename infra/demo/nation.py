"""The whole synthetic nation at a moment: its cycles, its people, what happened so far, and the cast."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from infra.demo.callings import HEART
from infra.demo.history import History, early_history, pilot_history
from infra.demo.organizations import DemoCycle, earlier_cycle, open_cycle
from infra.demo.people import Crowd, Mentee, Mentor, P, gather
from shared.demo import CAST_DOMAIN
from shared.vocabulary.stages import Stage

SEED = 7


@dataclass(frozen=True)
class Staff:
    """Somebody of the cast who runs the program; `site` only for a coordinator."""

    key: str
    name: str
    role: str
    site: str | None = None

    @property
    def email(self) -> str:
        return f"{self.role}@{CAST_DOMAIN}"


TRAINEE_EMAIL, MENTOR_EMAIL = f"trainee@{CAST_DOMAIN}", f"mentor@{CAST_DOMAIN}"
STAFF = (
    Staff("s1", "Rosalind Achterberg", "lead"),
    Staff("s2", "Teodoro Quispe", "coordinator", site="umn"),
    Staff("s3", "Winifred Oduya", "operator"),
)


@dataclass(frozen=True)
class Nation:
    """Everything the demo holds; `trainee` and `mentor` are the keys of the cast's participants."""

    now: datetime
    cycle: DemoCycle
    pilot_cycle: DemoCycle
    crowd: Crowd
    pilot: History
    early: History
    trainee: str
    mentor: str


def build_nation(now: datetime, seed: int = SEED) -> Nation:
    """The nation as it was at the last noon before `now` (aware). Same noon and seed, same nation."""
    noon = _last_noon(now)
    cycle, pilot_cycle = open_cycle(noon.date()), earlier_cycle(noon.date())
    crowd = gather(seed, cycle)
    early = early_history(seed, crowd, cycle, noon)
    trainee, mentor = _leading_parts(crowd, early, cycle)
    cast = {trainee: TRAINEE_EMAIL, mentor: MENTOR_EMAIL}
    return Nation(
        now=noon,
        cycle=cycle,
        pilot_cycle=pilot_cycle,
        crowd=_with_addresses(crowd, cast),
        pilot=pilot_history(seed, crowd, pilot_cycle),
        early=early,
        trainee=trainee,
        mentor=mentor,
    )


def _last_noon(now: datetime) -> datetime:
    """Not the noon to come: nobody in the nation has registered, met or answered later than now."""
    noon = now.replace(hour=12, minute=0, second=0, microsecond=0)
    return noon if noon <= now else noon - timedelta(days=1)


def _leading_parts(crowd: Crowd, early: History, cycle: DemoCycle) -> tuple[str, str]:
    """A student and a mentor of emergency medicine with something to say and nothing promised yet."""
    busy = {key for request in early.requests for key in (request.mentee, request.mentor)}
    trainee = next(m for m in crowd.mentees if m.person.key not in busy and _is_leading_trainee(m))
    mentors = [m for m in crowd.mentors if m.person.key not in busy and _is_leading_mentor(m) and m.slots(cycle) > 1]
    mentor = max(mentors, key=lambda m: len(m.periods))  # a leave in the year shows what bandwidth is about
    return trainee.person.key, mentor.person.key


def _is_leading_trainee(mentee: Mentee) -> bool:
    at_ease = mentee.person.stage is Stage.M3 and mentee.specialties[:1] == (HEART,) and len(mentee.kinds) > 1
    speaks = len(mentee.statements["wish"].split()) > 35 and len(mentee.answers) > 1
    return at_ease and speaks and len(mentee.hours) > 8 and any(a.may_match and a.may_show for a in mentee.answers)


def _is_leading_mentor(mentor: Mentor) -> bool:
    gives = mentor.person.stage is Stage.FACULTY and mentor.specialties[0] == HEART
    speaks = len(mentor.statements) == 3 and len(mentor.statements["offer"].split()) > 20
    return gives and speaks and mentor.periods[0].mentee_slots >= 3 and any(a.may_show for a in mentor.answers)


def _with_addresses(crowd: Crowd, cast: dict[str, str]) -> Crowd:
    """The crowd in which the cast has addresses that are easy to type."""
    return replace(
        crowd,
        mentees=tuple(_renamed(one, cast) for one in crowd.mentees),
        mentors=tuple(_renamed(one, cast) for one in crowd.mentors),
    )


def _renamed(one: P, cast: dict[str, str]) -> P:
    email = cast.get(one.person.key)
    return replace(one, person=replace(one.person, email=email)) if email else one
