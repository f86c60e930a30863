"""Registration from the first step to the participant, as pages, JSON API and log-in all use it.

1. `begin`: a draft, known to the browser by a token  2. `keep`: one step at a time  3. `submit`: an e-mailed link and
code, or enrolled at once for somebody who is logged in  4. `confirm`: the e-mail is theirs, so they are enrolled.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.api.enrollment import drafts, queries
from services.api.enrollment.checks import Situation, check_step, fits
from services.api.enrollment.drafts import Started
from services.api.enrollment.enrolling import Complete, Enrollment, enroll
from services.api.enrollment.schemas import Answers, Review, Step, Typed
from services.api.enrollment.steps import STEPS, StepSpec, first_open
from services.api.errors import ConflictError, InvalidError
from services.api.oversight import audit
from services.api.services import Services
from services.api.visitor import Participation, Visitor
from services.api.web.translations import gettext as _
from shared.contracts.messages import ParticipantChanged, RegistrationConfirmed
from shared.db.actor import SYSTEM, acting_as
from shared.db.engine import ReadSession, WriteSession
from shared.models.accounts import Account
from shared.models.enrollment import Participant, Registration
from shared.outbox.writing import send

IDENTITY_LIFETIME = timedelta(days=90)
PLATFORM = Visitor()


@dataclass(frozen=True)
class Draft:
    """A registration under way, opened."""

    registration: Registration
    answers: Answers
    situation: Situation

    @property
    def next_step(self) -> StepSpec:
        """The first step that is missing, was refused or no longer fits; the review when all others are done."""
        return next((spec for spec in STEPS[:-1] if not self.has(spec)), STEPS[-1])

    @property
    def is_blank(self) -> bool:
        """Whether nothing would be lost with it."""
        return not self.answers.refused and all(spec.of(self.answers) is None for spec in STEPS)

    def has(self, spec: StepSpec) -> bool:
        return self.refused(spec) is None and fits(spec.of(self.answers), self.answers, self.situation)

    def refused(self, spec: StepSpec) -> Typed | None:
        """What was typed last in a step and could not be saved as it was."""
        return self.answers.refused.get(spec.key)


def situation_of(session: ReadSession, cycle_id: UUID) -> Situation:
    program, cycle = queries.get_cycle(session, cycle_id)
    institutions = {one.id: one for one in queries.list_institutions(session)}
    return Situation(program, cycle, tuple(queries.list_dimensions(session, program.id)), institutions)


def begin(session: WriteSession, services: Services, cycle_id: UUID, answers: Answers) -> Started:
    return drafts.start(session, services.keyring, cycle_id, answers, services.clock.now())


def open_draft(session: ReadSession, services: Services, token: str) -> Draft | None:
    """The unfinished registration of a browser's token, with its answers."""
    registration = drafts.find(session, token, services.clock.now())
    if registration is None:
        return None
    answers = drafts.read_answers(registration, services.keyring)
    return Draft(registration, answers, situation_of(session, registration.cycle_id))


def problems(draft: Draft, spec: StepSpec) -> dict[str, str]:
    """What no longer fits in a step that was saved; nothing for one that was not."""
    step = spec.of(draft.answers)
    return check_step(step, draft.answers, draft.situation) if step else {}


def keep(services: Services, draft: Draft, spec: StepSpec, step: Step) -> Answers:
    """Save one step. Raises InvalidError with a sentence for each field that does not fit."""
    if wrong := check_step(step, draft.answers, draft.situation):
        raise InvalidError(wrong)
    refused = {key: typed for key, typed in draft.answers.refused.items() if key != spec.key}
    answers = draft.answers.model_copy(update={spec.key: step, "refused": refused})
    drafts.save_step(draft.registration, services.keyring, answers, spec.number)
    return answers


def keep_refused(services: Services, draft: Draft, spec: StepSpec, typed: Typed) -> Draft:
    """Whoever leaves after an error finds their words again; the step counts as open until it is put right."""
    refused = {**draft.answers.refused, spec.key: typed}
    answers = draft.answers.model_copy(update={"refused": refused})
    drafts.save_refused(draft.registration, services.keyring, answers)
    return replace(draft, answers=answers)


def require_complete(draft: Draft) -> Complete:
    """All answers, checked once more together. Raises ConflictError naming the step that needs another look."""
    complete = Complete.of(draft.answers)
    if complete is None or draft.next_step.key != "review":
        sentence = _("Step %(number)s needs another look.") % {"number": draft.next_step.number}
        raise ConflictError(sentence, _(draft.next_step.title), code="step_missing")
    return complete


def agree(services: Services, draft: Draft, review: Review) -> None:
    """Everything is said and agreed to: the registration waits for its confirmation."""
    if wrong := check_step(review, draft.answers, draft.situation):
        raise InvalidError(wrong)
    drafts.write_answers(draft.registration, services.keyring, draft.answers.model_copy(update={"review": review}))
    draft.registration.state = "submitted"


def belongs_to(session: ReadSession, draft: Draft, visitor: Visitor) -> bool:
    """Whether the visitor is logged in with the very address of the registration: nothing to confirm then."""
    if visitor.account_id is None:
        return False
    return queries.get_account(session, visitor.account_id).email == draft.registration.email


@dataclass(frozen=True)
class Confirmed:
    """Whose the address is; `again` if they had one of these roles already, so that their new answers wait."""

    account_id: UUID
    again: bool = False


def confirm(session: WriteSession, services: Services, registration_id: UUID, email: str) -> Confirmed:
    """`email` is proved to be theirs: open the account if it is new, and enroll it in the roles it lacks.

    Confirming twice has one effect. Raises ConflictError if the registration is gone or was changed since the e-mail
    left: a proof for one address must never confirm a registration that names another by now.
    """
    registration = queries.get_registration(session, registration_id)
    if registration is None or registration.state == "draft" or registration.email != email.lower():
        raise ConflictError(
            _("This registration was changed after the e-mail was sent."), _("Submit it again to get a new e-mail.")
        )
    if registration.state == "confirmed":
        return Confirmed(_account_of(session, registration.email))
    return _enroll_submitted(session, services, registration)


def _account_of(session: ReadSession, email: str) -> UUID:
    account = queries.find_account(session, email)
    if account is None:
        raise ConflictError(_("This registration is over."), _("Please register again."))
    return account.id


def _enroll_submitted(session: WriteSession, services: Services, registration: Registration) -> Confirmed:
    answers = drafts.read_answers(registration, services.keyring)
    complete = Complete.of(answers)
    if complete is None:
        return Confirmed(_account_of(session, registration.email))
    situation = situation_of(session, registration.cycle_id)
    account = queries.ensure_account(session, _new_account(complete, answers.language, situation))
    with acting_as(session, SYSTEM):
        present = queries.participants_of(session, account.id, registration.cycle_id)
        again = not present.keys().isdisjoint(complete.who.role.roles)
        if not again and not queries.claim_registration(session, registration.id):
            return Confirmed(account.id)
        here = Enrollment(session, services.keyring, situation, account, services.clock.now())
        added = enroll(here, complete)
        _tell(session, _as_visitor(account, added), added)
        session.flush()
    return Confirmed(account.id, again)


def _new_account(complete: Complete, language: str, situation: Situation) -> Account:
    zone = complete.place.time_zone or situation.institutions[complete.place.institution_id].time_zone
    who = complete.who
    return Account(email=who.email, name=who.name, pronouns=who.pronouns, time_zone=zone, language=language)


def _as_visitor(account: Account, added: list[Participant]) -> Visitor:
    enrolled = [Participation(p.id, p.program_id, p.cycle_id, p.role, p.institution_id, p.state) for p in added]
    return Visitor(account_id=account.id, participations=tuple(enrolled))


def _tell(session: WriteSession, visitor: Visitor, added: list[Participant]) -> None:
    """The audit trail, the matcher, and the person."""
    for participant in added:
        audit.record(
            session, visitor, "registered", "participant", participant.id, participant.program_id, role=participant.role
        )
        send(session, ParticipantChanged(participant_id=participant.id))
        send(session, RegistrationConfirmed(participant_id=participant.id))


@dataclass(frozen=True)
class Resumed:
    """Where an unfinished registration goes on: the new token for the cookie, and the page."""

    token: str
    path: str


def resume_by_email(session: WriteSession, services: Services, email: str) -> Resumed | None:
    """The unfinished registration of an address whose owner has just proved it, for this device from now on."""
    registration = queries.latest_draft(session, email.lower(), services.clock.now())
    if registration is None:
        return None
    answers = drafts.read_answers(registration, services.keyring)
    return Resumed(drafts.hand_over(registration), f"/register/step/{first_open(answers).number}")


def purge_identity(session: WriteSession, now: datetime) -> int:
    """Answers about identity go 90 days after their cycle has ended, and so do their tokens; an audit line stays."""
    purged = queries.purge_identity(session, (now - IDENTITY_LIFETIME).date())
    for program_id, count in purged.items():
        audit.record(session, PLATFORM, "identity_purged", "program", program_id, program_id, answers=count)
    return sum(purged.values())


def forget_expired(session: WriteSession, now: datetime) -> int:
    """Registrations that nobody finished within 30 days are deleted; returns how many."""
    return queries.forget_expired(session, now)
