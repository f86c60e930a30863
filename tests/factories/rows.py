"""One function for each kind of row; what a test does not care about is filled in."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from shared.models.accounts import Account, StaffRole
from shared.models.bandwidth import AvailabilityHour, BandwidthPeriod
from shared.models.enrollment import Exclusion, Participant, Profile
from shared.models.matching import MatchRun, MentoringRequest, Proposal
from shared.models.mentorships import Mentorship
from shared.models.programs import Cycle, Dimension, Institution, Policy, Program
from shared.security.identity import seal_cycle_key
from shared.security.keyring import Keyring
from shared.settings import DEVELOPMENT_KEYS

_numbers = count(1)
TOKEN_KEY = b"k" * 32
TODAY = datetime.now(UTC).date()


def save(session: Session, row: Any) -> Any:
    """Flushed, so that what refers to it may follow."""
    session.add(row)
    session.flush()
    return row


def make_institution(session: Session, **fields: Any) -> Institution:
    number = next(_numbers)
    row: Institution = save(
        session,
        Institution(
            **{
                "name": f"Teaching Hospital {number}",
                "short_name": f"TH {number}",
                "city": "Rochester",
                "state": "MN",
                "latitude": 44.02,
                "longitude": -92.47,
                "time_zone": "America/Chicago",
                **fields,
            }
        ),
    )
    return row


def make_program(session: Session, **fields: Any) -> Program:
    number = next(_numbers)
    row: Program = save(session, Program(**{"slug": f"program-{number}", "name": f"Program {number}", **fields}))
    return row


def make_cycle(session: Session, program: Program, **fields: Any) -> Cycle:
    """An open cycle that starts soon; its match tokens' key is TOKEN_KEY under the development keys."""
    cycle_id = fields.pop("id", uuid4())
    dates = {
        "opens_on": TODAY - timedelta(days=30),
        "starts_on": TODAY + timedelta(days=14),
        "ends_on": TODAY + timedelta(days=280),
    }
    row: Cycle = save(
        session,
        Cycle(
            **{
                "id": cycle_id,
                "program_id": program.id,
                "name": f"Cycle {next(_numbers)}",
                "state": "open",
                "sealed_token_key": seal_cycle_key(Keyring.parse(DEVELOPMENT_KEYS), cycle_id, TOKEN_KEY),
                **dates,
                **fields,
            }
        ),
    )
    return row


def make_dimension(session: Session, program: Program, **fields: Any) -> Dimension:
    row: Dimension = save(
        session,
        Dimension(
            **{
                "program_id": program.id,
                "code": f"first_generation_{next(_numbers)}",
                "name": "First generation in medicine",
                "answers": ["Yes", "No"],
                **fields,
            }
        ),
    )
    return row


def make_policy(session: Session, program: Program, **fields: Any) -> Policy:
    row: Policy = save(session, Policy(**{"program_id": program.id, "version": 1, "document": {}, **fields}))
    return row


def make_account(session: Session, **fields: Any) -> Account:
    number = next(_numbers)
    row: Account = save(
        session, Account(**{"email": f"person{number}@example.org", "name": f"Robin Example {number}", **fields})
    )
    return row


def make_staff_role(session: Session, account: Account, role: str, **fields: Any) -> StaffRole:
    row: StaffRole = save(session, StaffRole(account_id=account.id, role=role, **fields))
    return row


def make_participant(
    session: Session, cycle: Cycle, role: str, institution: Institution, account: Account, **fields: Any
) -> Participant:
    """Somebody enrolled, with a profile, one free evening and (mentors) bandwidth for two mentees."""
    stage = "faculty" if role == "mentor" else "m3"
    row: Participant = save(
        session,
        Participant(
            **{
                "program_id": cycle.program_id,
                "cycle_id": cycle.id,
                "account_id": account.id,
                "institution_id": institution.id,
                "role": role,
                "stage": stage,
                **fields,
            }
        ),
    )
    make_profile(session, row)
    make_hours(session, row, [(1, 18), (1, 19)])
    if role == "mentor":
        make_bandwidth(session, row, cycle)
    return row


def make_profile(session: Session, participant: Participant, **fields: Any) -> Profile:
    facet = "offer" if participant.role == "mentor" else "wish"
    row: Profile = save(
        session,
        Profile(
            **{
                "participant_id": participant.id,
                "program_id": participant.program_id,
                "statements": {facet: "Emergency medicine, ultrasound and a life besides."},
                "specialties": ["emergency_medicine"],
                "time_zone": "America/Chicago",
                **fields,
            }
        ),
    )
    return row


def make_hours(session: Session, participant: Participant, hours: list[tuple[int, int]]) -> None:
    session.add_all(
        AvailabilityHour(participant_id=participant.id, program_id=participant.program_id, weekday=weekday, hour=hour)
        for weekday, hour in hours
    )
    session.flush()


def make_bandwidth(session: Session, participant: Participant, cycle: Cycle, **fields: Any) -> BandwidthPeriod:
    row: BandwidthPeriod = save(
        session,
        BandwidthPeriod(
            **{
                "program_id": participant.program_id,
                "participant_id": participant.id,
                "starts_on": cycle.starts_on,
                "ends_on": cycle.ends_on,
                "hours_per_month": 8,
                "mentee_slots": 2,
                **fields,
            }
        ),
    )
    return row


def make_run(session: Session, cycle: Cycle, policy: Policy, **fields: Any) -> MatchRun:
    row: MatchRun = save(
        session, MatchRun(**{"program_id": cycle.program_id, "cycle_id": cycle.id, "policy_id": policy.id, **fields})
    )
    return row


def make_proposal(session: Session, run: MatchRun, mentee: Participant, mentor: Participant, **fields: Any) -> Proposal:
    row: Proposal = save(
        session,
        Proposal(
            **{
                **_pair(run.program_id, run.cycle_id, mentee, mentor),
                "run_id": run.id,
                "score": 0.8,
                "explanation": {},
                "respond_by": datetime.now(UTC) + timedelta(days=14),
                **fields,
            }
        ),
    )
    return row


def make_request(session: Session, mentee: Participant, mentor: Participant, **fields: Any) -> MentoringRequest:
    row: MentoringRequest = save(
        session,
        MentoringRequest(
            **{
                **_pair(mentee.program_id, mentee.cycle_id, mentee, mentor),
                "respond_by": datetime.now(UTC) + timedelta(days=14),
                **fields,
            }
        ),
    )
    return row


def make_mentorship(session: Session, mentee: Participant, mentor: Participant, **fields: Any) -> Mentorship:
    row: Mentorship = save(
        session, Mentorship(**{**_pair(mentee.program_id, mentee.cycle_id, mentee, mentor), **fields})
    )
    return row


def _pair(program_id: Any, cycle_id: Any, mentee: Participant, mentor: Participant) -> dict[str, Any]:
    return {
        "program_id": program_id,
        "cycle_id": cycle_id,
        "mentee_id": mentee.id,
        "mentor_id": mentor.id,
        "kind": "any",
    }


def make_exclusion(session: Session, mentee: Participant, mentor: Participant, **fields: Any) -> Exclusion:
    both = {"program_id": mentee.program_id, "mentee_id": mentee.id, "mentor_id": mentor.id}
    row: Exclusion = save(session, Exclusion(**{**both, "reason": "evaluator", **fields}))
    return row
