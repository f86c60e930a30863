"""Registration in the browser: six short steps, each saved at once, working without JavaScript."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from services.api.accounts import service as accounts
from services.api.accounts.challenges import Purpose
from services.api.cookies import cookie_name, forget_cookie, redirect, set_cookie
from services.api.edge import ClientAddress, CurrentBrowser, CurrentServices, CurrentVisitor, Reading, Writing
from services.api.enrollment import choices, drafts, policy, queries, service, showing
from services.api.enrollment.again import AGAIN
from services.api.enrollment.checks import check_step
from services.api.enrollment.contact_details import kept_in, notices
from services.api.enrollment.enrolling import PRIVACY_VERSION
from services.api.enrollment.reading import Raw, read_step, to_keep, typed
from services.api.enrollment.schemas import Answers, Enrolling, Review, Step, Want
from services.api.enrollment.service import Draft
from services.api.enrollment.steps import STEPS, StepSpec, step_number
from services.api.errors import NotFoundError, TooManyTriesError
from services.api.forms import FormErrors, SubmittedForm
from services.api.limiter import REGISTRATION_PER_ADDRESS
from services.api.policies import require
from services.api.services import Services
from services.api.visitor import Visitor
from services.api.web.rendering import Flash, page_of, render
from services.api.web.translations import gettext as _
from shared.db.engine import ReadSession, WriteSession
from shared.models.programs import Program

router = APIRouter()
COOKIE = "-registration"


@dataclass(frozen=True)
class Asking:
    """Who asks, from where: what the handlers below have in common."""

    request: Request
    services: Services
    visitor: Visitor
    browser: str
    address: str


def asking(
    request: Request,
    services: CurrentServices,
    visitor: CurrentVisitor,
    browser: CurrentBrowser,
    address: ClientAddress,
) -> Asking:
    return Asking(request, services, visitor, browser, address)


Asked = Annotated[Asking, Depends(asking)]


@router.get("/register/step/{number}")
def show_step(number: int, asked: Asked, session: Reading) -> Response:
    spec, draft = _spec(number), _draft(asked, session)
    if draft is None:
        return _nothing_open(asked)
    if spec.number > draft.next_step.number:
        return redirect(draft.next_step.path)
    if refused := draft.refused(spec):
        form = FormData([*refused])
        return _show(asked, draft, spec, typed(form, draft.situation), _read(spec, form, draft)[1], status=200)
    known = showing.form_of(spec.of(draft.answers)) or _known(asked, session, draft)
    return _show(asked, draft, spec, known, service.problems(draft, spec), status=200)


@router.post("/register/step/{number}")
def save_step(number: int, asked: Asked, form: SubmittedForm, session: Writing) -> Response:
    spec, draft = _spec(number), _draft(asked, session)
    if draft is None:
        return _nothing_open(asked)
    step, errors = _read(spec, form, draft)
    if step is None or errors:
        return _refuse(asked, draft, spec, form, errors)
    if isinstance(step, Review):
        return _submit(asked, session, draft, step)
    service.keep(asked.services, draft, spec, step)
    return redirect(STEPS[spec.number].path)


def _read(spec: StepSpec, form: FormData, draft: Draft) -> tuple[Step | None, FormErrors]:
    """The step, or a sentence for each field that is wrong or that its writer should look at once more."""
    step, errors = read_step(spec, form, draft.situation)
    if isinstance(step, Want):
        errors = notices(step, draft.answers.own_name, kept_in(form), draft.answers.want)
    if step is not None and not errors:
        errors = check_step(step, draft.answers, draft.situation)
    return step, errors


def _refuse(asked: Asking, draft: Draft, spec: StepSpec, form: FormData, errors: FormErrors) -> Response:
    if spec.schema is not Review:
        draft = service.keep_refused(asked.services, draft, spec, to_keep(form))
    return _show(asked, draft, spec, typed(form, draft.situation), errors)


@router.get("/privacy")
def show_privacy(request: Request) -> Response:
    return render(request, "enrollment/privacy.html", {"privacy_version": PRIVACY_VERSION})


@router.get("/register/{slug}")
def show_start(slug: str, asked: Asked, session: Reading) -> Response:
    program = _program(session, slug)
    cycle = queries.joinable_cycle(session, program.id)
    draft = _draft(asked, session)
    context = {
        "program": program,
        "cycle": cycle,
        "decision": policy.may_register(cycle, asked.services.clock.now().date()),
        "owners": queries.owners_of(session, program.id),
        "draft": draft if draft and cycle and draft.registration.cycle_id == cycle.id else None,
        "enrolled": [one.role for one in asked.visitor.participations if cycle and one.cycle_id == cycle.id],
        "choices": choices,
    }
    return render(asked.request, "enrollment/start.html", context)


@router.post("/register/{slug}")
def start(slug: str, asked: Asked, form: SubmittedForm, session: Writing) -> Response:
    program = _program(session, slug)
    cycle = queries.joinable_cycle(session, program.id)
    require(policy.may_register(cycle, asked.services.clock.now().date()))
    under_way = _draft(asked, session)
    if under_way and not under_way.is_blank and form.get("beside") != str(under_way.registration.id):
        context = {"program": program, "draft": under_way, "role": form.get("role", "")}
        return render(asked.request, "enrollment/under_way.html", context, status=409)
    if cycle is None or not asked.services.limiter.allows(REGISTRATION_PER_ADDRESS, asked.address):
        raise TooManyTriesError
    role = form.get("role")
    chosen = Enrolling(role) if isinstance(role, str) and role in set(Enrolling) else None
    answers = Answers(language=page_of(asked.request).locale, role=chosen)
    started = service.begin(session, asked.services, cycle.id, answers)
    response = redirect(STEPS[0].path)
    set_cookie(response, asked.services.settings, COOKIE, started.token, drafts.LIFETIME)
    return response


def _program(session: ReadSession, slug: str) -> Program:
    if program := queries.find_program(session, slug):
        return program
    raise NotFoundError(_("There is no program at this address."))


def _spec(number: int) -> StepSpec:
    if spec := step_number(number):
        return spec
    raise NotFoundError


def _draft(asked: Asking, session: ReadSession) -> Draft | None:
    token = asked.request.cookies.get(cookie_name(asked.services.settings, COOKIE), "")
    return service.open_draft(session, asked.services, token)


def _nothing_open(asked: Asking) -> Response:
    return render(asked.request, "enrollment/nothing_open.html", status=404)


def _known(asked: Asking, session: ReadSession, draft: Draft) -> Raw:
    """What a first visit to a step can be filled in with."""
    known: Raw = {"role": draft.answers.role}
    if asked.visitor.account_id and draft.answers.who is None:
        account = queries.get_account(session, asked.visitor.account_id)
        known |= {"name": account.name, "email": account.email, "pronouns": account.pronouns}
    return known


def _show(
    asked: Asking, draft: Draft, spec: StepSpec, form: Raw, errors: dict[str, str], status: int = 422
) -> Response:
    context: dict[str, Any] = showing.step_context(spec, draft.answers, draft.situation, form, errors)
    context |= {"draft": draft, "steps": showing.titles(draft.answers), "title": showing.title_of(spec, draft.answers)}
    context["question"] = showing.question_of(spec, draft.answers)
    context["hrefs"] = [one.path if one.number <= draft.next_step.number else "" for one in STEPS]
    if spec.key == "review":
        context |= showing.review_context(draft.answers, draft.situation)
    return render(asked.request, "enrollment/step.html", context, status=status)


def _submit(asked: Asking, session: WriteSession, draft: Draft, review: Review) -> Response:
    service.require_complete(draft)
    service.agree(asked.services, draft, review)
    if service.belongs_to(session, draft, asked.visitor):
        return _enroll_at_once(asked, session, draft)
    return _send_challenge(asked, session, draft)


def _enroll_at_once(asked: Asking, session: WriteSession, draft: Draft) -> Response:
    """Somebody logged in with this very address has nothing to confirm."""
    session.flush()
    confirmed = service.confirm(session, asked.services, draft.registration.id, draft.registration.email)
    if confirmed.again:
        return redirect(AGAIN)
    done = _("You are in. Welcome to %(program)s.") % {"program": draft.situation.program.name}
    response = redirect("/home", asked.services.settings, Flash(done))
    forget_cookie(response, asked.services.settings, COOKIE)
    return response


def _send_challenge(asked: Asking, session: WriteSession, draft: Draft) -> Response:
    """The same answer whether the address is known or new."""
    email, locale = draft.registration.email, page_of(asked.request).locale
    if not accounts.may_ask(asked.services.limiter, email, asked.address):
        raise TooManyTriesError(_("We have sent several e-mails to this address already."))
    purpose, registration_id = Purpose.CONFIRM_REGISTRATION, draft.registration.id
    accounts.challenge(
        session, asked.services, email, purpose, asked.browser, language=locale, registration_id=registration_id
    )
    return redirect("/login/sent")
