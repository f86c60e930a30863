"""Oneself, as JSON."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.api.accounts import queries, service
from services.api.accounts.schemas import Language, PersonForm, TimeZone
from services.api.edge import CurrentServices, Reading, SignedIn, Writing
from services.api.errors import NotFoundError
from services.api.problems import PROBLEMS
from services.api.visitor import Visitor
from services.api.web.rendering import page_of

router = APIRouter(prefix="/api/v1/me", tags=["me"], responses=PROBLEMS)


class ParticipationOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    participant_id: UUID
    program_id: UUID
    cycle_id: UUID
    role: str = Field(examples=["mentee"])
    institution_id: UUID
    state: str = Field(examples=["active"])


class StaffRoleOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    role: str = Field(examples=["lead"])
    program_id: UUID | None
    institution_id: UUID | None


class Me(BaseModel):
    account_id: UUID
    email: str
    name: str
    pronouns: str
    language: str
    time_zone: str
    participations: list[ParticipationOut]
    roles: list[StaffRoleOut]
    csrf_token: str = Field(description="Send it as X-CSRF-Token with every call that changes something.")


class PersonChange(BaseModel):
    """Only what is given changes."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(None, min_length=1, max_length=120)
    pronouns: str | None = Field(None, max_length=40)
    language: Language | None = None
    time_zone: TimeZone | None = None


class LoginOut(BaseModel):
    id: UUID
    device: str
    created_at: datetime
    seen_at: datetime
    is_this: bool


@router.get("", summary="Who I am")
def read_me(request: Request, visitor: SignedIn, session: Reading) -> Me:
    account = queries.get_account(session, visitor.account_id)
    return Me(
        account_id=account.id,
        email=account.email,
        name=account.name,
        pronouns=account.pronouns,
        language=account.language,
        time_zone=account.time_zone,
        participations=[ParticipationOut.model_validate(one) for one in visitor.participations],
        roles=[StaffRoleOut.model_validate(one) for one in visitor.roles],
        csrf_token=page_of(request).csrf_token,
    )


@router.patch("", summary="Change name, pronouns, language or time zone")
def change_me(request: Request, change: PersonChange, visitor: SignedIn, session: Writing) -> Me:
    account = queries.get_account(session, visitor.account_id)
    before = PersonForm.model_validate(account, from_attributes=True)
    service.change_person(session, visitor, before.model_copy(update=change.model_dump(exclude_none=True)))
    return read_me(request, visitor, session)


@router.get("/sessions", summary="Where I am logged in")
def list_sessions(visitor: SignedIn, session: Reading, services: CurrentServices) -> list[LoginOut]:
    logins = queries.live_logins(session, _account_id(visitor), services.clock.now())
    return [
        LoginOut(
            id=one.id,
            device=one.device,
            created_at=one.created_at,
            seen_at=one.seen_at,
            is_this=one.id == visitor.session_id,
        )
        for one in logins
    ]


@router.delete("/sessions/{session_id}", status_code=204, summary="Log out one of my devices")
def end_session(session_id: UUID, visitor: SignedIn, session: Writing, services: CurrentServices) -> Response:
    if not service.end_session(session, services, visitor, session_id):
        raise NotFoundError
    return Response(status_code=204)


def _account_id(visitor: Visitor) -> UUID:
    assert visitor.account_id is not None  # noqa: S101 — SignedIn says so
    return visitor.account_id
