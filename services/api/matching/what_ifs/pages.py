"""What if: a lead asks what more mentors, more places or other rules would do, and reads the answer."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from services.api.cookies import redirect
from services.api.edge import CurrentServices, Reading, SignedIn, Writing
from services.api.errors import InvalidError, NotFoundError
from services.api.forms import FormErrors, SubmittedForm, parse_form
from services.api.matching.runs.pages import LedProgram
from services.api.matching.runs.queries import RunLine, open_cycles, run_line
from services.api.matching.runs.service import discard_run, progress_of
from services.api.matching.telling import phase_label, run_state_label, steps
from services.api.matching.what_ifs import queries, service, telling
from services.api.matching.what_ifs.schemas import WhatIfForm
from services.api.web.rendering import Flash, render
from services.api.web.translations import gettext as _
from shared.contracts.what_if import WhatIfQuestion
from shared.db.engine import ReadSession
from shared.models.matching import RunPurpose, RunState
from shared.models.programs import Program
from shared.vocabulary.specialties import SPECIALTIES
from shared.vocabulary.states import STATES

router = APIRouter(prefix="/lead/{slug}/what-if")
MOST_ASKED = 12
Raw = dict[str, Any]


def led_question(run_id: UUID, program: LedProgram, session: Reading) -> RunLine:
    line = run_line(session, program.id, run_id)
    if line is None or line.run.purpose != RunPurpose.WHAT_IF:
        raise NotFoundError
    return line


@router.get("")
def show_questions(
    request: Request, program: LedProgram, session: Reading, specialty: str = "", state: str = ""
) -> Response:
    """`specialty` and `state` fill in the form: the supply page sends leads here."""
    typed = {"mentors": 5, "specialty": specialty, "state": state} if specialty or state else {}
    return _show(request, program, session, typed, {})


@router.post("")
def ask_question(
    request: Request, visitor: SignedIn, program: LedProgram, session: Writing, form: SubmittedForm
) -> Response:
    wanted, errors = parse_form(WhatIfForm, form)
    cycles = open_cycles(session, program.id)
    try:
        if wanted and cycles:
            run = service.ask(session, visitor, program, cycles[0], wanted.question)
            return redirect(f"/lead/{program.slug}/what-if/{run.id}")
    except InvalidError as error:
        errors = error.fields
    return _show(request, program, session, dict(form), dict(errors))


def _show(request: Request, program: Program, session: ReadSession, typed: Raw, errors: FormErrors) -> Response:
    cycles = open_cycles(session, program.id)
    specialties, states = queries.mentor_groups(session, cycles[0].id) if cycles else ({}, {})
    context = {
        "program": program,
        "cycle": cycles[0] if cycles else None,
        "specialties": sorted(((s, _(SPECIALTIES.get(s, s))) for s in specialties), key=lambda one: one[1]),
        "states": sorted(((s, STATES.get(s, s)) for s in states), key=lambda one: one[1]),
        "typed": {**WhatIfForm().model_dump(), **typed},
        "errors": errors,
        "asked": [
            (run, telling.told_question(WhatIfQuestion.model_validate(run.asked)), answer and telling.headline(answer))
            for run, answer in service.answered(session, program, MOST_ASKED)
        ],
        "run_state_label": run_state_label,
    }
    return render(request, "matching/what_if.html", context, status=422 if errors else 200)


@router.get("/{run_id}")
def show_answer(
    request: Request, program: LedProgram, line: Annotated[RunLine, Depends(led_question)], session: Reading
) -> Response:
    return render(request, "matching/what_if_answer.html", _context(program, line, session))


@router.get("/{run_id}/progress")
def show_progress(
    request: Request, program: LedProgram, line: Annotated[RunLine, Depends(led_question)], session: Reading
) -> Response:
    """What htmx asks for while the matcher works; the whole page is fetched again at the end."""
    if line.run.state != RunState.REQUESTED:
        return Response(headers={"HX-Refresh": "true"})
    return render(request, "matching/what_if_answer.html", _context(program, line, session), block="progress")


@router.post("/{run_id}/discard")
def forget_question(
    visitor: SignedIn,
    program: LedProgram,
    line: Annotated[RunLine, Depends(led_question)],
    services: CurrentServices,
    session: Writing,
) -> Response:
    discard_run(session, visitor, line.run)
    return redirect(f"/lead/{program.slug}/what-if", services.settings, Flash(_("The question is gone."), "info"))


def _context(program: Program, line: RunLine, session: ReadSession) -> Raw:
    answer, progress = service.answer_of(session, line.run), progress_of(line)
    return {
        "program": program,
        "line": line,
        "run": line.run,
        "question": telling.told_question(WhatIfQuestion.model_validate(line.run.asked)),
        "answer": answer,
        "headline": telling.headline(answer) if answer else "",
        "figures": telling.figures(answer) if answer else [],
        "served": telling.served_figure(answer) if answer else None,
        "progress": progress,
        "steps": steps(progress),
        "phase_label": phase_label,
    }
