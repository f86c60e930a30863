"""Who is asking: nobody in particular, or an account with its roles and participations."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from shared.db.actor import Actor

StaffRoleName = Literal["lead", "coordinator", "operator"]
ParticipantRole = Literal["mentee", "mentor"]


@dataclass(frozen=True)
class StaffGrant:
    role: str
    program_id: UUID | None = None
    institution_id: UUID | None = None


@dataclass(frozen=True)
class Participation:
    participant_id: UUID
    program_id: UUID
    cycle_id: UUID
    role: str
    institution_id: UUID
    state: str


@dataclass(frozen=True)
class Shown:
    """What the page's header shows of a visitor."""

    display_name: str
    roles: frozenset[str]


@dataclass(frozen=True)
class Visitor:
    """`account_id` is None for a stranger."""

    account_id: UUID | None = None
    session_id: UUID | None = None
    display_name: str = ""
    language: str = "en"
    time_zone: str = "America/New_York"
    roles: frozenset[StaffGrant] = frozenset()
    participations: tuple[Participation, ...] = ()

    @property
    def is_signed_in(self) -> bool:
        return self.account_id is not None

    @property
    def actor(self) -> Actor:
        """Whom row-level security sees. An operator's role opens no tenant rows."""
        staffed = {grant.program_id for grant in self.roles if grant.program_id}
        enrolled = {participation.program_id for participation in self.participations}
        return Actor(self.account_id, frozenset(staffed | enrolled))

    @property
    def is_operator(self) -> bool:
        return any(grant.role == "operator" for grant in self.roles)

    @property
    def is_staff(self) -> bool:
        return bool(self.roles)

    @property
    def role_names(self) -> frozenset[str]:
        """Every kind of role this visitor has anywhere."""
        return frozenset({grant.role for grant in self.roles} | {one.role for one in self.participations})

    def leads(self, program_id: UUID) -> bool:
        return any(grant.role == "lead" and grant.program_id == program_id for grant in self.roles)

    def coordinates(self, institution_id: UUID) -> bool:
        return any(grant.role == "coordinator" and grant.institution_id == institution_id for grant in self.roles)

    def participates(self, role: str) -> tuple[Participation, ...]:
        """This visitor's participations as mentee or as mentor."""
        return tuple(one for one in self.participations if one.role == role)

    def owns(self, participant_id: UUID) -> bool:
        return any(one.participant_id == participant_id for one in self.participations)

    def acts_as(self, program_id: UUID | None) -> str:
        """The word for the audit trail: in which role this visitor acts within a program."""
        if program_id is None:
            return "operator" if self.is_operator else "account" if self.is_signed_in else "stranger"
        staffed = sorted(grant.role for grant in self.roles if grant.program_id == program_id)
        enrolled = sorted(one.role for one in self.participations if one.program_id == program_id)
        return next(iter([*reversed(staffed), *enrolled]), "account" if self.is_signed_in else "stranger")


STRANGER = Visitor()
