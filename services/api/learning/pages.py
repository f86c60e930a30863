"""*Learning*: what the outcomes say about the weights; a lead adopts it or does not."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, StringConstraints
from starlette.datastructures import FormData
from starlette.responses import Response

from services.api.cookies import redirect
from services.api.edge import CurrentClock, Reading, SignedIn, Writing
from services.api.errors import NotFoundError
from services.api.forms import FormErrors, SubmittedForm, parse_form
from services.api.learning import queries, service, wording
from services.api.learning.exploring.service import standing_of
from services.api.learning.figures import figures
from services.api.learning.policy import may_learn
from services.api.learning.queries import ModelLine
from services.api.learning.service import Case
from services.api.matching.queries import program_by_slug
from services.api.matching.telling import feature_label
from services.api.policies import require
from services.api.services import services_of
from services.api.web.rendering import Flash, render
from services.api.web.translations import gettext as _
from shared.models.learning import ModelState
from shared.models.programs import Program

router = APIRouter(prefix="/lead/{slug}/learning")


class Decision(BaseModel):
    """Why a model is adopted or refused: for whoever asks later."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=1000)]


def learning_program(slug: str, visitor: SignedIn, session: Reading) -> Program:
    program = program_by_slug(session, slug)
    require(may_learn(visitor, program))
    assert program is not None  # noqa: S101 — the policy has just said so
    return program


LearningProgram = Annotated[Program, Depends(learning_program)]


def seen_model(model_id: UUID, program: LearningProgram, session: Reading) -> ModelLine:
    line = queries.model_line(session, program.id, model_id)
    if line is None:
        raise NotFoundError
    return line


def deciding(
    model_id: UUID, visitor: SignedIn, program: LearningProgram, clock: CurrentClock, session: Writing
) -> Case:
    return Case(session, visitor, seen_model(model_id, program, session), clock.now())


@router.get("")
def show_learning(request: Request, program: LearningProgram, session: Reading, clock: CurrentClock) -> Response:
    """All models, the newest first, and the way to a new one."""
    lines = queries.model_lines(session, program.id)
    context = {
        "program": program,
        "lines": [(line, service.card_of(line)) for line in lines],
        "is_learning": any(line.model.state == ModelState.REQUESTED for line in lines),
        "standing": standing_of(session, program.id),
        "started": queries.count_started(session, program.id, clock.now()),
        "wording": wording,
    }
    return render(request, "learning/learning.html", context)


@router.post("")
def request_model(visitor: SignedIn, program: LearningProgram, session: Writing) -> Response:
    model = service.request_model(session, visitor, program)
    return redirect(f"/lead/{program.slug}/learning/{model.id}")


@router.get("/{model_id}")
def show_model(request: Request, program: LearningProgram, line: Annotated[ModelLine, Depends(seen_model)]) -> Response:
    return _show(request, program, line, {}, {"reason": ""})


def _show(request: Request, program: Program, line: ModelLine, errors: FormErrors, form: dict[str, Any]) -> Response:
    card = service.card_of(line)
    context = {
        "program": program,
        "line": line,
        "model": line.model,
        "card": card,
        "figures": figures(card) if card else [],
        "wording": wording,
        "feature_label": feature_label,
        "errors": errors,
        "form": form,
    }
    return render(request, "learning/model.html", context, status=422 if errors else 200)


@router.get("/{model_id}/progress")
def show_progress(
    request: Request, program: LearningProgram, line: Annotated[ModelLine, Depends(seen_model)]
) -> Response:
    """What htmx asks for while the matcher learns; once there is a card, the whole page is fetched again."""
    if line.model.state != ModelState.REQUESTED:
        return Response(headers={"HX-Refresh": "true"})
    context = {"program": program, "line": line, "model": line.model, "wording": wording, "card": None, "figures": []}
    context |= {"feature_label": feature_label, "errors": {}, "form": {}}
    return render(request, "learning/model.html", context, block="progress")


@router.post("/{model_id}/adopt")
def adopt_model(
    request: Request, program: LearningProgram, case: Annotated[Case, Depends(deciding)], form: SubmittedForm
) -> Response:
    def adopt(reason: str) -> Flash:
        sentence = _("Adopted as version %(version)s of the policy. Choose it in the next match run.")
        return Flash(sentence % {"version": service.adopt(case, reason).version})

    return _decided(request, program, case, form, adopt)


@router.post("/{model_id}/refuse")
def refuse_model(
    request: Request, program: LearningProgram, case: Annotated[Case, Depends(deciding)], form: SubmittedForm
) -> Response:
    def refuse(reason: str) -> Flash:
        service.refuse(case, reason)
        return Flash(_("Refused. The weights stay as they are."), "info")

    return _decided(request, program, case, form, refuse)


def _decided(
    request: Request, program: Program, case: Case, form: FormData, decide: Callable[[str], Flash]
) -> Response:
    decision, errors = parse_form(Decision, form)
    if decision is None:
        return _show(request, program, case.line, errors, {"reason": str(form.get("reason", ""))})
    flash = decide(decision.reason)
    settings = services_of(request.app.state).settings
    return redirect(f"/lead/{program.slug}/learning/{case.line.model.id}", settings, flash)
