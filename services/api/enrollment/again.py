"""Somebody registered in a role that they have already: what they answered now waits until they say which holds."""

from dataclasses import dataclass

from services.api.enrollment import drafts, queries
from services.api.enrollment.enrolling import Complete, Enrollment, write_profile
from services.api.enrollment.service import Draft, situation_of
from services.api.oversight import audit
from services.api.services import Services
from services.api.visitor import Visitor
from shared.contracts.messages import ParticipantChanged
from shared.db.engine import ReadSession, WriteSession
from shared.models.enrollment import Participant
from shared.outbox.writing import send

AGAIN = "/register/again"


@dataclass(frozen=True)
class Waiting:
    """New answers of somebody enrolled already, and the participants that they are about."""

    draft: Draft
    complete: Complete
    participants: list[Participant]


def waiting_for(session: ReadSession, services: Services, visitor: Visitor) -> Waiting | None:
    """The latest answers under the visitor's own (proved) address, for roles that they have in that cycle."""
    if visitor.account_id is None:
        return None
    email = queries.get_account(session, visitor.account_id).email
    registration = queries.latest_draft(session, email, services.clock.now())
    if registration is None or registration.state != "submitted":
        return None
    draft = Draft(
        registration,
        drafts.read_answers(registration, services.keyring),
        situation_of(session, registration.cycle_id),
    )
    complete = Complete.of(draft.answers)
    present = queries.participants_of(session, visitor.account_id, registration.cycle_id)
    mine = [present[role] for role in complete.who.role.roles if role in present] if complete else []
    return Waiting(draft, complete, mine) if complete and mine else None


def take_over(session: WriteSession, services: Services, visitor: Visitor, waiting: Waiting) -> None:
    """The new answers become the profile. Name, pronouns, address and bandwidth stay as they are."""
    if not queries.claim_registration(session, waiting.draft.registration.id):
        return
    situation = waiting.draft.situation
    for participant in waiting.participants:
        account = queries.get_account(session, participant.account_id)
        here = Enrollment(session, services.keyring, situation, account, services.clock.now())
        write_profile(here, participant, waiting.complete)
        audit.record(
            session, visitor, "profile_changed", "participant", participant.id, participant.program_id, step="all"
        )
        send(session, ParticipantChanged(participant_id=participant.id))


def leave_out(session: WriteSession, waiting: Waiting) -> None:
    """The profile stays; the new answers are forgotten."""
    queries.claim_registration(session, waiting.draft.registration.id)
