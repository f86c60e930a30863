"""From answers to rows: participants with profile, sealed dimension answers, match tokens, availability, bandwidth."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from services.api.enrollment import queries
from services.api.enrollment.checks import Situation
from services.api.enrollment.schemas import Answers, DimensionChoice, Matters, Meeting, Place, Want, Who, parse_hour
from shared.db.engine import WriteSession
from shared.models.accounts import Account
from shared.models.bandwidth import BandwidthPeriod
from shared.models.enrollment import Consent, DimensionAnswer, MatchToken, Participant, Profile
from shared.models.programs import Dimension
from shared.security.identity import open_answer, open_cycle_key, seal_answer
from shared.security.keyring import Keyring
from shared.security.tokens import match_token
from shared.vocabulary.mentoring import Kind, Role

PRIVACY_VERSION = "2026-11"
FACETS: dict[Role, tuple[str, ...]] = {
    Role.MENTEE: ("wish", "goals", "interests"),
    Role.MENTOR: ("offer", "expertise", "interests"),
}


@dataclass(frozen=True)
class Complete:
    """All steps of a registration, answered."""

    who: Who
    place: Place
    want: Want
    matters: Matters
    meeting: Meeting

    @classmethod
    def of(cls, answers: Answers) -> "Complete | None":
        """The answers if nothing is missing (consent is asked elsewhere)."""
        match answers:
            case Answers(
                who=Who() as who,
                place=Place() as place,
                want=Want() as want,
                matters=Matters() as matters,
                meeting=Meeting() as meeting,
            ):
                return cls(who, place, want, matters, meeting)
        return None


@dataclass(frozen=True)
class Enrollment:
    """Where answers become rows: for whom, into what, when."""

    session: WriteSession
    keyring: Keyring
    situation: Situation
    account: Account
    now: datetime


@dataclass(frozen=True)
class Said:
    """One exact answer about one dimension, and what may be done with it."""

    dimension: Dimension
    choice: DimensionChoice
    answer: str


def enroll(here: Enrollment, answers: Complete) -> list[Participant]:
    """Participants for the roles that this account has not in the cycle yet; flushed, not committed."""
    present = queries.participants_of(here.session, here.account.id, here.situation.cycle.id)
    added = [_add_participant(here, answers, role) for role in answers.who.role.roles if role not in present]
    _note_consent(here)
    here.session.flush()
    return added


def _add_participant(here: Enrollment, answers: Complete, role: Role) -> Participant:
    cycle = here.situation.cycle
    participant = Participant(
        id=uuid4(),
        program_id=cycle.program_id,
        cycle_id=cycle.id,
        account_id=here.account.id,
        institution_id=answers.place.institution_id,
        role=role,
        stage=answers.who.stage,
    )
    here.session.add(participant)
    here.session.flush()
    here.session.add(Profile(participant_id=participant.id, program_id=cycle.program_id, time_zone=""))
    write_profile(here, participant, answers)
    if role is Role.MENTOR:
        here.session.add(_first_period(here, participant, answers.meeting))
    return participant


def write_profile(here: Enrollment, participant: Participant, answers: Complete) -> None:
    """Everything a participant says about themselves, as a whole."""
    role = Role(participant.role)
    participant.institution_id = answers.place.institution_id
    participant.stage = answers.who.stage
    profile = queries.get_profile(here.session, participant.id)
    _write_wishes(profile, role, answers.want)
    _write_meeting(profile, answers.meeting)
    profile.time_zone = _time_zone(here.situation, answers.place)
    profile.different_perspective = role is Role.MENTEE and answers.matters.different_perspective
    queries.replace_hours(here.session, participant, map(parse_hour, answers.meeting.hours))
    _write_dimensions(here, participant, answers.matters)


def _write_wishes(profile: Profile, role: Role, want: Want) -> None:
    texts = {facet: getattr(want, facet) for facet in FACETS[role]}
    profile.statements = {facet: text for facet, text in texts.items() if text}
    profile.specialties = list(want.specialties)
    kinds = want.kinds_wanted if role is Role.MENTEE else want.kinds_offered
    profile.kinds = list(kinds) or [Kind.ANY]


def _write_meeting(profile: Profile, meeting: Meeting) -> None:
    profile.languages = list(meeting.languages)
    profile.meeting_mode = meeting.meeting_mode
    profile.working_style = meeting.working_style or ""
    profile.site_preference = meeting.site_preference
    profile.regions = list(meeting.regions)


def _time_zone(situation: Situation, place: Place) -> str:
    return place.time_zone or situation.institutions[place.institution_id].time_zone


def _write_dimensions(here: Enrollment, participant: Participant, matters: Matters) -> None:
    said = list(_said(here.situation, matters))
    counted = _counted_already(here, participant)
    key = open_cycle_key(here.keyring, here.situation.cycle.id, here.situation.cycle.sealed_token_key)
    rows = [_answer_row(here, participant, one, counted) for one in said]
    tokens = {token.token: token for token in (_token_row(key, participant, one) for one in said if one.choice.match)}
    queries.replace_answers(here.session, participant.id, rows, tokens.values())


def _said(situation: Situation, matters: Matters) -> Iterator[Said]:
    for choice in matters.dimensions:
        if dimension := situation.dimension(choice.code):
            yield from (Said(dimension, choice, answer) for answer in choice.exact_answers)


def _counted_already(here: Enrollment, participant: Participant) -> dict[tuple[UUID, str], datetime | None]:
    """Since when reports count each answer: one that stays as it was need not wait again."""
    rows = queries.list_answers(here.session, participant.id)
    return {
        (row.dimension_id, open_answer(here.keyring, row.id, row.sealed)): row.counted_at
        for row in rows
        if row.may_report
    }


def _answer_row(
    here: Enrollment, participant: Participant, said: Said, counted: dict[tuple[UUID, str], datetime | None]
) -> DimensionAnswer:
    answer_id = uuid4()
    return DimensionAnswer(
        id=answer_id,
        program_id=participant.program_id,
        account_id=participant.account_id,
        participant_id=participant.id,
        dimension_id=said.dimension.id,
        sealed=seal_answer(here.keyring, answer_id, said.answer),
        may_match=said.choice.match,
        may_show=said.choice.show,
        may_report=said.choice.report,
        importance=said.choice.importance,
        counted_at=counted.get((said.dimension.id, said.answer)) if said.choice.report else None,
    )


def _token_row(key: bytes, participant: Participant, said: Said) -> MatchToken:
    return MatchToken(
        participant_id=participant.id,
        token=match_token(key, said.dimension.id, said.answer),
        program_id=participant.program_id,
        dimension_id=said.dimension.id,
        importance=said.choice.importance if participant.role == Role.MENTEE else 0,
    )


def _first_period(here: Enrollment, participant: Participant, meeting: Meeting) -> BandwidthPeriod:
    """What the mentor gives from now, or from the start of the cycle, to its end."""
    cycle, today = here.situation.cycle, here.now.date()
    return BandwidthPeriod(
        program_id=participant.program_id,
        participant_id=participant.id,
        starts_on=min(today, cycle.starts_on),
        ends_on=cycle.ends_on,
        hours_per_month=meeting.hours_per_month,
        mentee_slots=meeting.mentee_slots,
    )


def _note_consent(here: Enrollment) -> None:
    program_id, account_id = here.situation.program.id, here.account.id
    if not queries.has_consented(here.session, account_id, program_id, PRIVACY_VERSION):
        consent = Consent(account_id=account_id, program_id=program_id, subject="privacy", version=PRIVACY_VERSION)
        here.session.add(consent)
