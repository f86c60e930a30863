"""Reads and writes of registrations and of what they become."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared.db.engine import ReadSession, WriteSession
from shared.models.accounts import Account
from shared.models.bandwidth import AvailabilityHour
from shared.models.enrollment import Consent, DimensionAnswer, MatchToken, Participant, Profile, Registration
from shared.models.programs import Cycle, Dimension, Institution, Organization, Program, ProgramOrganization

JOINABLE = ("open", "running")


def find_program(session: ReadSession, slug: str) -> Program | None:
    return session.scalar(select(Program).where(Program.slug == slug))


def list_programs(session: ReadSession) -> Sequence[Program]:
    return session.scalars(select(Program).order_by(Program.name)).all()


def owners_of(session: ReadSession, program_id: UUID) -> Sequence[Organization]:
    owned = select(ProgramOrganization.organization_id).where(ProgramOrganization.program_id == program_id)
    return session.scalars(select(Organization).where(Organization.id.in_(owned)).order_by(Organization.name)).all()


def joinable_cycles(session: ReadSession) -> Sequence[Cycle]:
    """The cycles that take registrations, the latest first."""
    return session.scalars(select(Cycle).where(Cycle.state.in_(JOINABLE)).order_by(Cycle.starts_on.desc())).all()


def joinable_cycle(session: ReadSession, program_id: UUID) -> Cycle | None:
    found = select(Cycle).where(Cycle.program_id == program_id, Cycle.state.in_(JOINABLE))
    return session.scalar(found.order_by(Cycle.starts_on.desc()).limit(1))


def get_cycle(session: ReadSession, cycle_id: UUID) -> tuple[Program, Cycle]:
    found = select(Program, Cycle).join(Cycle, Cycle.program_id == Program.id).where(Cycle.id == cycle_id)
    program, cycle = session.execute(found).one()
    return program, cycle


def list_dimensions(session: ReadSession, program_id: UUID) -> Sequence[Dimension]:
    found = select(Dimension).where(Dimension.program_id == program_id)
    return session.scalars(found.order_by(Dimension.position, Dimension.name)).all()


def list_institutions(session: ReadSession) -> Sequence[Institution]:
    return session.scalars(select(Institution).order_by(Institution.name, Institution.city)).all()


def find_registration(session: ReadSession, token_hash: bytes, now: datetime) -> Registration | None:
    found = select(Registration).where(Registration.token_hash == token_hash, Registration.expires_at > now)
    return session.scalar(found.where(Registration.state != "confirmed"))


def get_registration(session: ReadSession, registration_id: UUID) -> Registration | None:
    return session.get(Registration, registration_id)


def latest_draft(session: ReadSession, email: str, now: datetime) -> Registration | None:
    """The registration under way that somebody with this address touched last."""
    found = select(Registration).where(Registration.email == email, Registration.expires_at > now)
    under_way = found.where(Registration.state != "confirmed")
    return session.scalar(under_way.order_by(Registration.updated_at.desc()).limit(1))


def claim_registration(session: WriteSession, registration_id: UUID) -> bool:
    """submitted → confirmed, once; its answers are forgotten there. False if it was not waiting."""
    claimed = update(Registration).where(Registration.id == registration_id, Registration.state == "submitted")
    done = session.execute(claimed.values(state="confirmed", sealed_answers=b"").returning(Registration.id))
    return done.first() is not None


def forget_expired(session: WriteSession, now: datetime) -> int:
    """Delete the registrations that nobody finished in time; returns how many."""
    gone = delete(Registration).where(Registration.expires_at <= now).returning(Registration.id)
    return len(session.scalars(gone).all())


def purge_identity(session: WriteSession, ended_before: date) -> dict[UUID, int]:
    """Delete dimension answers and match tokens of cycles that ended before a day; how many answers, by program."""
    over = select(Participant.id).join(Cycle, Cycle.id == Participant.cycle_id).where(Cycle.ends_on < ended_before)
    session.execute(delete(MatchToken).where(MatchToken.participant_id.in_(over)))
    gone = delete(DimensionAnswer).where(DimensionAnswer.participant_id.in_(over))
    return dict(Counter(session.scalars(gone.returning(DimensionAnswer.program_id))))


def get_account(session: Session, account_id: UUID) -> Account:
    return session.get_one(Account, account_id)


def find_account(session: ReadSession, email: str) -> Account | None:
    return session.scalar(select(Account).where(Account.email == email, Account.closed_at.is_(None)))


def ensure_account(session: WriteSession, account: Account) -> Account:
    """The account with this address: the one that exists, or else this new one (also when two arrive at once)."""
    columns = ("email", "name", "pronouns", "time_zone", "language")
    values = {name: getattr(account, name) for name in columns}
    session.execute(insert(Account).values(values).on_conflict_do_nothing(index_elements=["email"]))
    return session.scalars(select(Account).where(Account.email == account.email)).one()


def participants_of(session: ReadSession, account_id: UUID, cycle_id: UUID) -> dict[str, Participant]:
    """An account's participants of a cycle, by role."""
    found = select(Participant).where(Participant.account_id == account_id, Participant.cycle_id == cycle_id)
    return {participant.role: participant for participant in session.scalars(found)}


def get_participant(session: ReadSession, participant_id: UUID) -> Participant:
    return session.get_one(Participant, participant_id)


def get_profile(session: ReadSession, participant_id: UUID) -> Profile:
    return session.get_one(Profile, participant_id)


def list_answers(session: ReadSession, participant_id: UUID) -> Sequence[DimensionAnswer]:
    return session.scalars(select(DimensionAnswer).where(DimensionAnswer.participant_id == participant_id)).all()


def replace_answers(
    session: WriteSession, participant_id: UUID, answers: Iterable[DimensionAnswer], tokens: Iterable[MatchToken]
) -> None:
    """What somebody said about dimensions, as a whole: an answer taken back is gone, and so is its token."""
    session.execute(delete(DimensionAnswer).where(DimensionAnswer.participant_id == participant_id))
    session.execute(delete(MatchToken).where(MatchToken.participant_id == participant_id))
    session.add_all([*answers, *tokens])


def list_hours(session: ReadSession, participant_id: UUID) -> Sequence[tuple[int, int]]:
    found = select(AvailabilityHour.weekday, AvailabilityHour.hour).where(
        AvailabilityHour.participant_id == participant_id
    )
    return [(weekday, hour) for weekday, hour in session.execute(found.order_by("weekday", "hour"))]


def replace_hours(session: WriteSession, participant: Participant, hours: Iterable[tuple[int, int]]) -> None:
    session.execute(delete(AvailabilityHour).where(AvailabilityHour.participant_id == participant.id))
    session.add_all(
        AvailabilityHour(participant_id=participant.id, program_id=participant.program_id, weekday=day, hour=hour)
        for day, hour in hours
    )


def has_consented(session: ReadSession, account_id: UUID, program_id: UUID, version: str) -> bool:
    found = select(Consent.id).where(
        Consent.account_id == account_id,
        Consent.program_id == program_id,
        Consent.subject == "privacy",
        Consent.version == version,
    )
    return session.scalar(found.limit(1)) is not None


def sealed_rows(session: WriteSession, table: type[Any], after: UUID | None, limit: int) -> Sequence[Any]:
    """Rows in the order of their ids, from just after one of them, locked."""
    statement = select(table).order_by(table.id).limit(limit).with_for_update()
    return session.scalars(statement if after is None else statement.where(table.id > after)).all()
