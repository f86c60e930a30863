"""Programs and registration as JSON: the same steps, checks and outcome as in the browser."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header
from pydantic import BaseModel, ConfigDict, Field

from services.api.accounts import service as accounts
from services.api.accounts.challenges import Purpose
from services.api.edge import ClientAddress, CurrentBrowser, CurrentServices, Reading, Writing
from services.api.enrollment import policy, queries, service
from services.api.enrollment.contact_details import notices
from services.api.enrollment.schemas import Answers, Enrolling, Matters, Meeting, Place, Review, Step, Want, Who
from services.api.enrollment.service import Draft
from services.api.enrollment.steps import BY_KEY, STEPS
from services.api.errors import NotFoundError, TooManyTriesError
from services.api.limiter import REGISTRATION_PER_ADDRESS
from services.api.policies import require
from services.api.problems import PROBLEMS
from services.api.services import Services
from services.api.web.translations import LOCALES
from shared.db.engine import ReadSession
from shared.models.programs import Cycle, Program

programs = APIRouter(prefix="/api/v1", tags=["programs"], responses=PROBLEMS)
router = APIRouter(prefix="/api/v1/registrations", tags=["registration"], responses=PROBLEMS)


class Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class CycleOut(Out):
    id: UUID
    name: str = Field(examples=["2026–27"])
    opens_on: date
    starts_on: date
    ends_on: date


class ProgramOut(Out):
    slug: str = Field(examples=["national-em"])
    name: str
    summary: str
    synthetic: bool = Field(description="Every person and text in it is invented.")
    organizations: list[str] = []
    cycle: CycleOut | None = Field(None, description="The cycle that takes registrations now, if any.")


class DimensionOut(Out):
    code: str = Field(examples=["first_generation"])
    name: str = Field(examples=["First in the family"])
    answers: list[str]


class ProgramDetail(ProgramOut):
    dimensions: list[DimensionOut] = []


class InstitutionOut(Out):
    id: UUID
    name: str
    city: str
    state: str = Field(examples=["MN"])
    time_zone: str = Field(examples=["America/Chicago"])


class RegistrationStart(BaseModel):
    model_config = ConfigDict(extra="forbid")

    program: str = Field(description="The program's slug.", examples=["national-em"])
    role: Enrolling | None = None
    language: str = Field("en", pattern="|".join(LOCALES))


class RegistrationOut(BaseModel):
    program: str
    state: str = Field(examples=["draft"])
    next_step: str = Field(examples=["who"])
    steps: dict[str, bool] = Field(description="Which steps are answered and fit together.")
    answers: dict[str, Any] = Field(description="What was answered so far.")
    notices: dict[str, str] = Field(
        description="Texts in which we noticed a name or a way to reach somebody. Nothing is refused for it."
    )
    expires_at: datetime


class RegistrationStarted(RegistrationOut):
    token: str = Field(description="Send it as X-Registration-Token with every further call. It is shown once.")


class Submitted(BaseModel):
    state: str = Field("submitted", examples=["submitted"])
    detail: str = "We sent an e-mail with a link and a code. Open it in this browser, or type the code there."


@programs.get("/programs", summary="Programs and whether they take registrations")
def list_programs(session: Reading) -> list[ProgramOut]:
    open_cycles = {cycle.program_id: cycle for cycle in reversed(queries.joinable_cycles(session))}
    return [_program_out(session, program, open_cycles.get(program.id)) for program in queries.list_programs(session)]


@programs.get("/programs/{slug}", summary="One program with the dimensions it asks about")
def read_program(slug: str, session: Reading) -> ProgramDetail:
    program = _program(session, slug)
    found = _program_out(session, program, queries.joinable_cycle(session, program.id))
    dimensions = [DimensionOut.model_validate(one) for one in queries.list_dimensions(session, program.id)]
    return ProgramDetail(**dict(found), dimensions=dimensions)


@programs.get("/institutions", summary="Institutions one can train or work at")
def list_institutions(session: Reading) -> list[InstitutionOut]:
    return [InstitutionOut.model_validate(one) for one in queries.list_institutions(session)]


@router.post("", status_code=201, summary="Start a registration")
def start(
    wanted: RegistrationStart, session: Writing, services: CurrentServices, address: ClientAddress
) -> RegistrationStarted:
    """Nothing is known of you yet; the steps follow one by one, in any order that makes sense to you."""
    cycle = queries.joinable_cycle(session, _program(session, wanted.program).id)
    require(policy.may_register(cycle, services.clock.now().date()))
    if cycle is None or not services.limiter.allows(REGISTRATION_PER_ADDRESS, address):
        raise TooManyTriesError
    answers = Answers(language=wanted.language, role=wanted.role)
    started = service.begin(session, services, cycle.id, answers)
    draft = Draft(started.registration, answers, service.situation_of(session, cycle.id))
    return RegistrationStarted(**dict(_registration_out(draft)), token=started.token)


def reading_draft(
    session: Reading,
    services: CurrentServices,
    token: Annotated[str, Header(alias="X-Registration-Token", description="From the answer that started it.")] = "",
) -> Draft:
    return _open_draft(session, services, token)


def writing_draft(
    session: Writing,
    services: CurrentServices,
    token: Annotated[str, Header(alias="X-Registration-Token", description="From the answer that started it.")] = "",
) -> Draft:
    return _open_draft(session, services, token)


def _open_draft(session: ReadSession, services: Services, token: str) -> Draft:
    if draft := service.open_draft(session, services, token):
        return draft
    raise NotFoundError("There is no unfinished registration with this token.")


SeenDraft = Annotated[Draft, Depends(reading_draft, scope="function")]
OpenDraft = Annotated[Draft, Depends(writing_draft, scope="function")]


@router.get("/current", summary="How far a registration has come")
def read_registration(draft: SeenDraft) -> RegistrationOut:
    return _registration_out(draft)


@router.put("/current/who", summary="Step 1: who you are")
def put_who(step: Who, draft: OpenDraft, services: CurrentServices) -> RegistrationOut:
    return _keep(services, draft, "who", step)


@router.put("/current/place", summary="Step 2: where you train or work")
def put_place(step: Place, draft: OpenDraft, services: CurrentServices) -> RegistrationOut:
    return _keep(services, draft, "place", step)


@router.put("/current/want", summary="Step 3: what you want and offer")
def put_want(step: Want, draft: OpenDraft, services: CurrentServices) -> RegistrationOut:
    return _keep(services, draft, "want", step)


@router.put("/current/matters", summary="Step 4: what matters to you")
def put_matters(step: Matters, draft: OpenDraft, services: CurrentServices) -> RegistrationOut:
    return _keep(services, draft, "matters", step)


@router.put("/current/meeting", summary="Step 5: when and how you can meet")
def put_meeting(step: Meeting, draft: OpenDraft, services: CurrentServices) -> RegistrationOut:
    return _keep(services, draft, "meeting", step)


@router.post("/current/submission", status_code=202, summary="Step 6: consent, and confirm by e-mail")
def submit(
    review: Review,
    draft: OpenDraft,
    session: Writing,
    services: CurrentServices,
    browser: CurrentBrowser,
    address: ClientAddress,
) -> Submitted:
    """The answer is the same whether the address is known or new."""
    service.require_complete(draft)
    service.agree(services, draft, review)
    email, registration_id = draft.registration.email, draft.registration.id
    if not accounts.may_ask(services.limiter, email, address):
        raise TooManyTriesError
    purpose, language = Purpose.CONFIRM_REGISTRATION, draft.answers.language
    accounts.challenge(
        session, services, email, purpose, browser, language=language, registration_id=registration_id
    )
    return Submitted()


def _program(session: ReadSession, slug: str) -> Program:
    if program := queries.find_program(session, slug):
        return program
    raise NotFoundError


def _program_out(session: ReadSession, program: Program, cycle: Cycle | None) -> ProgramOut:
    found = ProgramOut.model_validate(program)
    found.organizations = [owner.name for owner in queries.owners_of(session, program.id)]
    found.cycle = CycleOut.model_validate(cycle) if cycle else None
    return found


def _keep(services: Services, draft: Draft, key: str, step: Step) -> RegistrationOut:
    answers = service.keep(services, draft, BY_KEY[key], step)
    return _registration_out(Draft(draft.registration, answers, draft.situation))


def _registration_out(draft: Draft) -> RegistrationOut:
    return RegistrationOut(
        program=draft.situation.program.slug,
        state=draft.registration.state,
        next_step=draft.next_step.key,
        steps={spec.key: draft.has(spec) for spec in STEPS[:-1]},
        answers=draft.answers.model_dump(mode="json", exclude_none=True, exclude={"language", "refused"}),
        notices=notices(draft.answers.want, draft.answers.own_name) if draft.answers.want else {},
        expires_at=draft.registration.expires_at,
    )
