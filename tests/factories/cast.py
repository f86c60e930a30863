"""The cast: one of each kind of person, in a small world of two programs and two sites."""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from shared.models.accounts import Account
from shared.models.enrollment import Participant
from shared.models.mentorships import Mentorship
from shared.models.programs import Cycle, Dimension, Institution, Policy, Program
from tests.factories import rows

# Everybody whom the access matrix asks. `mentee` and `mentor` are a pair; `outsider` is another mentee of the program.
ROLES = (
    "stranger",
    "mentee",
    "mentor",
    "outsider",
    "coordinator",
    "other_coordinator",
    "lead",
    "other_lead",
    "operator",
)


@dataclass(frozen=True)
class Cast:
    """Rows by what they are; `accounts` and `participants` by role. The stranger has neither."""

    program: Program
    other_program: Program
    cycle: Cycle
    other_cycle: Cycle
    institution: Institution
    other_institution: Institution
    dimension: Dimension
    policy: Policy
    mentorship: Mentorship
    accounts: dict[str, Account] = field(default_factory=dict)
    participants: dict[str, Participant] = field(default_factory=dict)


def make_cast(session: Session) -> Cast:
    """Everybody, flushed; the mentee and the mentor have an active mentorship."""
    program, other = rows.make_program(session, name="Climb Together"), rows.make_program(session, name="Elsewhere")
    here, there = rows.make_institution(session), rows.make_institution(session, city="Phoenix", state="AZ")
    cycle, other_cycle = rows.make_cycle(session, program), rows.make_cycle(session, other)
    people = _enroll_people(session, cycle, here)
    mentorship = rows.make_mentorship(session, people["mentee"], people["mentor"])
    cast = Cast(
        program=program,
        other_program=other,
        cycle=cycle,
        other_cycle=other_cycle,
        institution=here,
        other_institution=there,
        dimension=rows.make_dimension(session, program),
        policy=rows.make_policy(session, program),
        mentorship=mentorship,
        participants=people,
    )
    _add_accounts(session, cast)
    return cast


def _enroll_people(session: Session, cycle: Cycle, site: Institution) -> dict[str, Participant]:
    parts = {"mentee": "mentee", "mentor": "mentor", "outsider": "mentee"}
    return {
        name: rows.make_participant(
            session, cycle, role, site, rows.make_account(session, name=f"Robin {name.title()}")
        )
        for name, role in parts.items()
    }


def _add_accounts(session: Session, cast: Cast) -> None:
    for name, participant in cast.participants.items():
        cast.accounts[name] = session.get_one(Account, participant.account_id)
    grants = {
        "coordinator": ("coordinator", {"program_id": cast.program.id, "institution_id": cast.institution.id}),
        "other_coordinator": (
            "coordinator",
            {"program_id": cast.program.id, "institution_id": cast.other_institution.id},
        ),
        "lead": ("lead", {"program_id": cast.program.id}),
        "other_lead": ("lead", {"program_id": cast.other_program.id}),
        "operator": ("operator", {}),
    }
    for name, (role, where) in grants.items():
        cast.accounts[name] = rows.make_account(session, name=f"Alex {name.title()}")
        rows.make_staff_role(session, cast.accounts[name], role, **where)
