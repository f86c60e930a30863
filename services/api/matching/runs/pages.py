"""Match runs for leads: the list, a new run, its progress, publishing, discarding."""

from math import ceil
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from services.api.cookies import redirect
from services.api.edge import CurrentServices, Reading, SignedIn, Writing
from services.api.errors import InvalidError, NotFoundError
from services.api.forms import FormErrors, SubmittedForm, parse_form
from services.api.matching.comparing.service import Comparison, compare
from services.api.matching.drafts.figures import draft_figures
from services.api.matching.queries import program_by_slug
from services.api.matching.revising.queries import newcomers_since, rule_lines
from services.api.matching.runs import publishing, queries, service
from services.api.matching.runs.policy import may_steer_runs
from services.api.matching.runs.publishing import Moment
from services.api.matching.runs.queries import RunLine
from services.api.matching.runs.taking_back import take_back
from services.api.matching.telling import obstacle_sentences, phase_label, run_state_label, steps
from services.api.policies import require
from services.api.services import Services
from services.api.web.rendering import Flash, render
from services.api.web.translations import format_number, ngettext
from services.api.web.translations import gettext as _
from shared.db.engine import ReadSession
from shared.models.matching import MatchRun, RunPurpose, RunState
from shared.models.programs import Program

router = APIRouter(prefix="/lead/{slug}/runs")
MOST_RUNS = 30


class NewRun(BaseModel):
    model_config = ConfigDict(extra="forbid")

    cycle_id: UUID
    policy_id: UUID


def led_program(slug: str, visitor: SignedIn, session: Reading) -> Program:
    program = program_by_slug(session, slug)
    require(may_steer_runs(visitor, program))
    assert program is not None  # noqa: S101 — the policy has just said so
    return program


LedProgram = Annotated[Program, Depends(led_program)]


def led_run(run_id: UUID, program: LedProgram, session: Reading) -> RunLine:
    line = queries.run_line(session, program.id, run_id)
    if line is None or line.run.purpose == RunPurpose.WHAT_IF:
        raise NotFoundError
    return line


@router.get("")
def list_runs(request: Request, program: LedProgram, session: Reading) -> Response:
    lines = queries.run_lines(session, program.id, MOST_RUNS)
    return render(request, "matching/runs.html", {"program": program, "lines": lines, **_labels()})


@router.get("/new")
def show_new_run(request: Request, program: LedProgram, session: Reading) -> Response:
    return _show_new_run(request, program, session, {}, {})


@router.post("/new")
def request_run(
    request: Request,
    visitor: SignedIn,
    program: LedProgram,
    services: CurrentServices,
    session: Writing,
    form: SubmittedForm,
) -> Response:
    wanted, errors = parse_form(NewRun, form)
    try:
        if wanted:
            run = service.request_run(session, visitor, program, wanted.cycle_id, wanted.policy_id)
            return redirect(f"/lead/{program.slug}/runs/{run.id}")
    except InvalidError as error:
        errors = error.fields
    except service.RunUnderWayError as busy:
        return to_run_under_way(services, program, busy)
    return _show_new_run(request, program, session, dict(form), errors)


def to_run_under_way(services: Services, program: Program, busy: service.RunUnderWayError) -> Response:
    """Whoever clicks twice, or beside another lead, is shown the run that is there."""
    place = "what-if" if busy.run.purpose == RunPurpose.WHAT_IF else "runs"
    flash = Flash(f"{busy.message} {busy.advice}", "warning")
    return redirect(f"/lead/{program.slug}/{place}/{busy.run.id}", services.settings, flash)


def _show_new_run(
    request: Request, program: Program, session: ReadSession, typed: dict[str, Any], errors: FormErrors
) -> Response:
    cycles = queries.open_cycles(session, program.id)
    context = {
        "program": program,
        "cycles": [(cycle, queries.who_is_in(session, cycle.id)) for cycle in cycles],
        "policies": queries.policies(session, program.id),
        "typed": {"cycle_id": str(cycles[0].id) if cycles else "", "policy_id": "", **typed},
        "errors": errors,
    }
    return render(request, "matching/new_run.html", context, status=422 if errors else 200)


@router.get("/{run_id}")
def show_run(
    request: Request,
    program: LedProgram,
    services: CurrentServices,
    session: Reading,
    line: Annotated[RunLine, Depends(led_run)],
) -> Response:
    return render(request, "matching/run.html", _run_context(program, line, session, services))


def _run_context(program: Program, line: RunLine, session: ReadSession, services: Services) -> dict[str, Any]:
    report = service.read_report(session, line.run.id) if line.run.state != RunState.REQUESTED else None
    base = queries.find_run(session, line.run.base_run_id)
    published = line.run.state == RunState.PUBLISHED and line.run.published_at is not None
    return {
        "program": program,
        "line": line,
        "run": line.run,
        **_progress(line),
        "report": report,
        "figures": draft_figures(line.run.id, report) if report else [],
        "obstacles": [],
        "others_fit": False,
        "overtaken_by": queries.overtaken_by(session, line.run),
        "base": base,
        "rules": rule_lines(session, line.run.id),
        "comparison": _against_base(session, line.run, base) if report else None,
        "newcomers": newcomers_since(session, line.run) if published else (0, 0),
        "seconds_left": _seconds_left(line.run, services),
        **_labels(),
    }


def _against_base(session: ReadSession, run: MatchRun, base: MatchRun | None) -> Comparison | None:
    """What a revised draft costs and gains; additions to a published match are no rival of it."""
    return compare(session, run, base) if base and base.state != RunState.PUBLISHED else None


def _seconds_left(run: MatchRun, services: Services) -> int:
    """How long a published run can still be taken back."""
    if run.state != RunState.PUBLISHED or run.notices_at is None:
        return 0
    return max(0, ceil((run.notices_at - services.clock.now()).total_seconds()))


def _progress(line: RunLine) -> dict[str, Any]:
    progress = service.progress_of(line)
    return {"progress": progress, "steps": steps(progress)}


def _labels() -> dict[str, Any]:
    return {"phase_label": phase_label, "run_state_label": run_state_label, "progress_of": service.progress_of}


@router.get("/{run_id}/progress")
def show_progress(request: Request, program: LedProgram, line: Annotated[RunLine, Depends(led_run)]) -> Response:
    """What htmx asks for while the matcher works; once there is a draft, the whole page is fetched again."""
    if line.run.state != RunState.REQUESTED:
        return Response(headers={"HX-Refresh": "true"})
    context = {"program": program, "line": line, "run": line.run, **_progress(line)}
    context |= {"report": None, "figures": [], "obstacles": [], "others_fit": False, **_labels()}
    context |= {"base": None, "rules": [], "comparison": None, "newcomers": (0, 0), "seconds_left": 0}
    return render(request, "matching/run.html", context, block="progress")


@router.post("/{run_id}/publish")
def publish_run(
    request: Request,
    visitor: SignedIn,
    program: LedProgram,
    line: Annotated[RunLine, Depends(led_run)],
    services: CurrentServices,
    session: Writing,
    form: SubmittedForm,
) -> Response:
    leave_out = form.get("leave_out") == "yes"
    try:
        done = publishing.publish(session, visitor, line.run, Moment.of(services), leave_out=leave_out)
    except publishing.StaleDraftError as stale:
        others = len(queries.draft_pairs(session, line.run.id)) > len(stale.obstacles)
        told = {"obstacles": obstacle_sentences(stale.obstacles.values()), "others_fit": others}
        return render(
            request, "matching/run.html", {**_run_context(program, line, session, services), **told}, status=409
        )
    return _back(services, program, line, _published(done, services))


def _published(done: publishing.Published, services: Services) -> str:
    if services.settings.publish_grace_seconds:
        sentence = ngettext(
            "Published: %(count)s proposal leaves in a moment.",
            "Published: %(count)s proposals leave in a moment.",
            done.proposals,
        )
    else:
        sentence = ngettext(
            "Published: %(count)s proposal is on its way to its two people.",
            "Published: %(count)s proposals are on their way to their people.",
            done.proposals,
        )
    return sentence % {"count": format_number(done.proposals)}


@router.post("/{run_id}/take-back")
def take_back_run(
    visitor: SignedIn,
    program: LedProgram,
    line: Annotated[RunLine, Depends(led_run)],
    services: CurrentServices,
    session: Writing,
) -> Response:
    take_back(session, visitor, line.run)
    return _back(services, program, line, _("Taken back. It is a draft again, and nobody was told anything."))


@router.post("/{run_id}/discard")
def discard_run(
    visitor: SignedIn,
    program: LedProgram,
    line: Annotated[RunLine, Depends(led_run)],
    services: CurrentServices,
    session: Writing,
) -> Response:
    service.discard_run(session, visitor, line.run)
    flash = Flash(_("Discarded. Nobody was told anything."), "info")
    return redirect(f"/lead/{program.slug}/runs", services.settings, flash)


def _back(services: Services, program: Program, line: RunLine, sentence: str) -> Response:
    return redirect(f"/lead/{program.slug}/runs/{line.run.id}", services.settings, Flash(sentence))
