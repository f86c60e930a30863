"""Where a lead sets how far match runs explore, reading first what that does to people and what it buys."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.api.cookies import redirect
from services.api.edge import CurrentServices, Reading, SignedIn, Writing
from services.api.errors import InvalidError
from services.api.forms import FormErrors, SubmittedForm, parse_form
from services.api.learning.exploring import service
from services.api.learning.exploring.service import Standing
from services.api.learning.pages import LearningProgram
from services.api.web.rendering import Flash, render
from services.api.web.translations import format_number
from services.api.web.translations import gettext as _
from shared.contracts.exploration import MOST_EPSILON, ExplorationSetting
from shared.models.programs import Policy, Program

router = APIRouter(prefix="/lead/{slug}/learning/exploration")

OFFERED = (0.0, 0.005, 0.01, 0.02, MOST_EPSILON)


@router.get("")
def show_exploration(request: Request, program: LearningProgram, session: Reading) -> Response:
    standing = service.standing_of(session, program.id)
    typed = {"epsilon": f"{standing.epsilon:g}", "draws": standing.draws} if standing else {}
    return _show(request, program, standing, {}, typed)


@router.post("")
def set_exploration(
    request: Request,
    visitor: SignedIn,
    program: LearningProgram,
    services: CurrentServices,
    session: Writing,
    form: SubmittedForm,
) -> Response:
    wanted, errors = parse_form(ExplorationSetting, form)
    if wanted is not None:
        try:
            policy = service.explore(session, visitor, program, wanted)
            return redirect(f"/lead/{program.slug}/learning", services.settings, _told(policy))
        except InvalidError as error:
            errors = error.fields
    return _show(request, program, service.standing_of(session, program.id), errors, dict(form))


def _told(policy: Policy | None) -> Flash:
    if policy is None:
        return Flash(_("That is how it was already; the policy stays as it is."), "info")
    told = {"version": policy.version}
    return Flash(_("Saved as version %(version)s of the policy. The next match run uses it if you choose it.") % told)


def _show(
    request: Request, program: Program, standing: Standing | None, errors: FormErrors, typed: dict[str, Any]
) -> Response:
    context = {
        "program": program,
        "standing": standing,
        "choices": _choices(standing.epsilon if standing else 0.0),
        "errors": errors,
        "form": {"epsilon": "0", "draws": "", **typed},
    }
    return render(request, "learning/exploration.html", context, status=422 if errors else 200)


def _choices(now: float) -> list[tuple[str, str, str]]:
    """What is offered, and what holds now if that came from elsewhere."""
    names = (_("Not at all"), _("A little"), _("Some"), _("More"), _("As much as is allowed"))
    offered = dict(zip(OFFERED, names, strict=True))
    if now not in offered:
        offered[now] = _("As it is now")
    return [(f"{epsilon:g}", name, _price(epsilon)) for epsilon, name in sorted(offered.items())]


def _price(epsilon: float) -> str:
    if not epsilon:
        return _("Every run makes the best match there is. What the weights dislike is never tried.")
    return _("Pairs score at most %(epsilon)s less on average than in the best match.") % {
        "epsilon": format_number(epsilon, 3)
    }
