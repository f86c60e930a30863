"""A small nation for each journey: a program of its own with people at three places, and its lead."""

from dataclasses import dataclass, field
from itertools import count
from uuid import UUID

from sqlalchemy.orm import Session

from shared.contracts.messages import CycleFilled
from shared.db.engine import WriteSession
from shared.models.accounts import Account
from shared.models.enrollment import Participant, Profile
from shared.models.programs import Cycle, Institution, Program
from shared.outbox.writing import send
from tests.factories import rows

_numbers = count(1)

PLACES = (
    ("Morehouse School of Medicine", "Morehouse", "Atlanta", "GA", 33.74, -84.41, "America/New_York"),
    ("Mayo Clinic", "Mayo", "Rochester", "MN", 44.02, -92.47, "America/Chicago"),
    ("Stanford University School of Medicine", "Stanford", "Palo Alto", "CA", 37.43, -122.18, "America/Los_Angeles"),
)
MENTEES = ("Amara Okafor", "Diego Reyes", "Priya Nair", "Hannah Weiss", "Kai Nakamura", "Lucía Fernández")
MENTORS = ("Dr. Ruth Adeyemi", "Dr. Samuel Kim", "Dr. Elena Petrova", "Dr. Marcus Hill")
WISHES = (
    "Emergency medicine from a school without a home program: which away rotations make sense?",
    "Ultrasound at the bedside, teaching, and how to live besides.",
    "Rural family medicine with obstetrics; I am the first physician of my family.",
)
OFFERS = (
    "Emergency medicine, away rotations, personal statements; I run our ultrasound teaching.",
    "Bedside ultrasound, simulation and a life with two small children.",
    "Family medicine in small places, obstetrics, first-generation physicians.",
)


@dataclass(frozen=True)
class Nation:
    """Rows by name; `lead` steers the program."""

    program: Program
    cycle: Cycle
    places: list[Institution]
    lead: Account
    accounts: dict[str, Account] = field(default_factory=dict)
    participants: dict[str, Participant] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        return self.program.slug

    def account_id(self, name: str) -> UUID:
        return self.accounts[name].id

    def email(self, name: str) -> str:
        return self.accounts[name].email


def found_nation(session: WriteSession, name: str, mentees: int, mentors: int) -> Nation:
    """People as if they had all registered; the matcher is told to read them."""
    number = next(_numbers)
    program = rows.make_program(session, slug=f"nation-{number}", name=name, summary="Mentors for those who climb.")
    nation = Nation(program, rows.make_cycle(session, program, name="2026–27"), make_places(session), rows.make_account(
        session, name="Jordan Lee", email=f"lead@{program.slug}.example.org"))  # fmt: skip
    rows.make_policy(session, program)
    rows.make_dimension(session, program)
    rows.make_staff_role(session, nation.lead, "lead", program_id=program.id)
    for order in range(mentees):
        _join(session, nation, "mentee", MENTEES[order], WISHES[order % 3], order)
    for order in range(mentors):
        _join(session, nation, "mentor", MENTORS[order], OFFERS[order % 3], order)
    send(session, CycleFilled(cycle_id=nation.cycle.id))
    return nation


def make_places(session: Session) -> list[Institution]:
    keys = ("name", "short_name", "city", "state", "latitude", "longitude", "time_zone")
    known = {one.name: one for one in session.query(Institution)}
    return [known.get(place[0]) or rows.make_institution(session, **dict(zip(keys, place, strict=True)))
            for place in PLACES]  # fmt: skip


def _join(session: Session, nation: Nation, role: str, name: str, words: str, order: int) -> None:
    email = f"{name.rsplit(maxsplit=1)[-1].lower()}@{nation.slug}.example.org"
    account = rows.make_account(session, name=name, email=email)
    place = nation.places[order % len(nation.places)]
    person = rows.make_participant(session, nation.cycle, role, place, account)
    profile = session.get_one(Profile, person.id)
    profile.statements = {"offer" if role == "mentor" else "wish": words}
    nation.accounts[name], nation.participants[name] = account, person
