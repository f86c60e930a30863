"""A profile after registration: the same steps, read from the rows they became and written back to them."""

from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast
from uuid import UUID

from services.api.enrollment import queries, service
from services.api.enrollment.checks import Situation, check_step
from services.api.enrollment.enrolling import FACETS, Complete, Enrollment, write_profile
from services.api.enrollment.schemas import (
    Answers,
    DimensionChoice,
    Enrolling,
    Matters,
    Meeting,
    Place,
    Step,
    Want,
    Who,
)
from services.api.enrollment.steps import STEPS, StepSpec, spec_of
from services.api.errors import InvalidError
from services.api.oversight import audit
from services.api.services import Services
from services.api.visitor import Visitor
from shared.contracts.messages import ParticipantChanged
from shared.db.engine import ReadSession, WriteSession
from shared.models.accounts import Account
from shared.models.enrollment import DimensionAnswer, Participant, Profile
from shared.outbox.writing import send
from shared.security.identity import open_answer
from shared.security.keyring import Keyring
from shared.vocabulary.mentoring import Kind, Role

EDITABLE: tuple[StepSpec, ...] = STEPS[:-1]


StepT = TypeVar("StepT", bound=Step)


@dataclass(frozen=True)
class OwnProfile:
    """A participant as the steps of a registration would have it."""

    participant_id: UUID
    answers: Answers
    situation: Situation


def read_profile(session: ReadSession, keyring: Keyring, participant_id: UUID) -> OwnProfile:
    """Only for the person themselves: nobody else may read the sealed answers."""
    participant = queries.get_participant(session, participant_id)
    profile = queries.get_profile(session, participant_id)
    situation = replace(service.situation_of(session, participant.cycle_id), asks_bandwidth=False)
    answers = Answers.model_construct(
        who=_who(participant, queries.get_account(session, participant.account_id)),
        place=Place(institution_id=participant.institution_id, time_zone=profile.time_zone),
        want=_want(profile, Role(participant.role)),
        matters=_matters(session, keyring, situation, profile),
        meeting=_meeting(session, profile),
    )
    return OwnProfile(participant_id, answers, situation)


def _as_stored(schema: type[StepT], values: dict[str, Any]) -> StepT:
    """What was checked when it was written, or came from an import: shown as it is."""
    return cast("StepT", schema.model_construct(**values))


def _who(participant: Participant, account: Account) -> Who:
    person = {"name": account.name, "email": account.email, "pronouns": account.pronouns}
    return _as_stored(Who, {**person, "role": Enrolling(participant.role), "stage": participant.stage})


def _want(profile: Profile, role: Role) -> Want:
    texts = {facet: _text(profile.statements.get(facet)) for facet in FACETS[role]}
    kinds = [Kind(kind) for kind in profile.kinds if kind != Kind.ANY]
    which = "kinds_wanted" if role is Role.MENTEE else "kinds_offered"
    return _as_stored(Want, {**texts, "specialties": list(profile.specialties), which: kinds})


def _text(statement: object) -> str:
    """An import may bring several texts of one facet; people edit them as one."""
    return "\n\n".join(map(str, statement)) if isinstance(statement, list) else str(statement or "")


def _matters(session: ReadSession, keyring: Keyring, situation: Situation, profile: Profile) -> Matters:
    rows = queries.list_answers(session, profile.participant_id)
    choices = [
        _choice(keyring, dimension.code, set(dimension.answers), found)
        for dimension in situation.dimensions
        if (found := [row for row in rows if row.dimension_id == dimension.id])
    ]
    return Matters(dimensions=choices, different_perspective=profile.different_perspective)


def _choice(keyring: Keyring, code: str, listed: set[str], rows: list[DimensionAnswer]) -> DimensionChoice:
    said = [open_answer(keyring, row.id, row.sealed) for row in rows]
    return DimensionChoice.model_construct(
        code=code,
        answers=[answer for answer in said if answer in listed],
        own_words=next((answer for answer in said if answer not in listed), ""),
        match=any(row.may_match for row in rows),
        show=any(row.may_show for row in rows),
        report=any(row.may_report for row in rows),
        importance=max(row.importance for row in rows),
    )


def _meeting(session: ReadSession, profile: Profile) -> Meeting:
    same = ("meeting_mode", "languages", "working_style", "site_preference", "regions")
    hours = [f"{day}-{hour}" for day, hour in queries.list_hours(session, profile.participant_id)]
    return _as_stored(Meeting, {name: getattr(profile, name) for name in same} | {"hours": hours})


def save_profile(
    session: WriteSession, services: Services, visitor: Visitor, mine: OwnProfile, step: Step
) -> None:
    """Change one step of a profile. Raises InvalidError with a sentence for each field that does not fit."""
    if wrong := check_step(step, mine.answers, mine.situation):
        raise InvalidError(wrong)
    spec = spec_of(step)
    complete = Complete.of(mine.answers.model_copy(update={spec.key: step}))
    assert complete is not None  # noqa: S101 — read_profile fills in every step
    participant = queries.get_participant(session, mine.participant_id)
    account = queries.get_account(session, participant.account_id)
    here = Enrollment(session, services.keyring, mine.situation, account, services.clock.now())
    write_profile(here, participant, complete)
    program_id = participant.program_id
    audit.record(session, visitor, "profile_changed", "participant", participant.id, program_id, step=spec.key)
    send(session, ParticipantChanged(participant_id=participant.id))
