"""One's own profile: look at it, and change it with the forms of the registration."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from services.api.bandwidth import queries as bandwidth
from services.api.cookies import redirect
from services.api.edge import CurrentServices, Reading, SignedIn, Writing
from services.api.enrollment import policy, showing
from services.api.enrollment.contact_details import kept_in, notices
from services.api.enrollment.reading import Raw, read_step, typed
from services.api.enrollment.schemas import Answers, Want
from services.api.enrollment.steps import BY_KEY, StepSpec
from services.api.errors import InvalidError, NotFoundError
from services.api.forms import FormErrors, SubmittedForm
from services.api.policies import require
from services.api.profiles import service
from services.api.profiles.service import OwnProfile
from services.api.services import Services
from services.api.visitor import Visitor
from services.api.web.rendering import Flash, render
from services.api.web.translations import gettext as _
from shared.db.engine import ReadSession

router = APIRouter()


@router.get("/profile")
def show_mine(request: Request, visitor: SignedIn, session: Reading) -> Response:
    """Straight to the profile of those who have one only."""
    mine = visitor.participations
    if len(mine) == 1:
        return redirect(f"/profile/{mine[0].participant_id}")
    named = bandwidth.program_names(session, [one.participant_id for one in mine])
    names = {one: (program, cycle) for one, program, cycle in named}
    listed = [(one, *names[one.participant_id]) for one in mine]
    return render(request, "profiles/profiles.html", {"listed": listed})


@router.get("/profile/{participant_id}")
def show_profile(
    request: Request, participant_id: UUID, visitor: SignedIn, session: Reading, services: CurrentServices
) -> Response:
    mine = _mine(session, services, visitor, participant_id)
    context = showing.review_context(mine.answers, mine.situation)
    return render(request, "profiles/profile.html", {**context, "mine": mine, "situation": mine.situation})


@router.get("/profile/{participant_id}/{key}")
def edit_profile(
    request: Request, participant_id: UUID, key: str, visitor: SignedIn, session: Reading, services: CurrentServices
) -> Response:
    spec = _spec(key)
    mine = _mine(session, services, visitor, participant_id)
    return _show(request, mine, spec, showing.form_of(spec.of(mine.answers)), {})


@router.post("/profile/{participant_id}/{key}")
def save_profile(
    request: Request,
    participant_id: UUID,
    key: str,
    form: SubmittedForm,
    visitor: SignedIn,
    session: Writing,
    services: CurrentServices,
) -> Response:
    spec = _spec(key)
    mine = _mine(session, services, visitor, participant_id)
    step, errors = read_step(spec, _with_identity(spec, form, mine.answers), mine.situation)
    if isinstance(step, Want):
        errors = notices(step, mine.answers.own_name, kept_in(form), mine.answers.want)
    try:
        if step is not None and not errors:
            service.save_profile(session, services, visitor, mine, step)
    except InvalidError as problem:
        errors = problem.fields
    if errors:
        return _show(request, mine, spec, typed(form, mine.situation), errors)
    saved = _("Saved. The match reckons with it in a moment.")
    return redirect(f"/profile/{participant_id}", services.settings, Flash(saved))


def _mine(session: ReadSession, services: Services, visitor: Visitor, participant_id: UUID) -> OwnProfile:
    require(policy.may_edit_profile(visitor, participant_id))
    return service.read_profile(session, services.keyring, participant_id)


def _spec(key: str) -> StepSpec:
    if key in BY_KEY and BY_KEY[key] in service.EDITABLE:
        return BY_KEY[key]
    raise NotFoundError


def _with_identity(spec: StepSpec, form: FormData, answers: Answers) -> FormData:
    """Role, name and address are not changed here, whatever a form says."""
    if spec.key != "who" or answers.who is None:
        return form
    who = answers.who
    fixed = {"role": who.role.value, "name": who.name, "email": who.email, "pronouns": who.pronouns}
    return FormData([*((name, value) for name, value in form.multi_items() if name not in fixed), *fixed.items()])


def _show(request: Request, mine: OwnProfile, spec: StepSpec, form: Raw, errors: FormErrors) -> Response:
    context = showing.step_context(spec, mine.answers, mine.situation, form, errors)
    context |= {"mine": mine, "title": showing.title_of(spec, mine.answers)}
    return render(request, "profiles/step.html", context, status=422 if errors else 200)
