"""What somebody sees who registered a second time: both sets of answers are there, and they choose."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.api.cookies import redirect
from services.api.edge import CurrentServices, Reading, SignedIn, Writing
from services.api.enrollment import again, showing
from services.api.forms import SubmittedForm
from services.api.services import Services
from services.api.visitor import Visitor
from services.api.web.rendering import Flash, render
from services.api.web.translations import gettext as _
from shared.db.engine import ReadSession

router = APIRouter()


@router.get(again.AGAIN)
def show_again(request: Request, visitor: SignedIn, services: CurrentServices, session: Reading) -> Response:
    return _show(request, visitor, services, session, {})


@router.post(again.AGAIN)
def choose(
    request: Request, visitor: SignedIn, services: CurrentServices, session: Writing, form: SubmittedForm
) -> Response:
    waiting = again.waiting_for(session, services, visitor)
    choice = form.get("choice")
    if waiting is None:
        return redirect("/home")
    if choice not in {"new", "old"}:
        return _show(request, visitor, services, session, {"choice": _("Choose which answers the match goes by.")})
    path = f"/profile/{waiting.participants[0].id}"
    if choice == "new":
        again.take_over(session, services, visitor, waiting)
        return redirect(path, services.settings, Flash(_("Your new answers are your profile now.")))
    again.leave_out(session, waiting)
    return redirect(path, services.settings, Flash(_("Your profile stays as it was."), "info"))


def _show(
    request: Request, visitor: Visitor, services: Services, session: ReadSession, errors: dict[str, str]
) -> Response:
    waiting = again.waiting_for(session, services, visitor)
    if waiting is None:
        return redirect("/home")
    context = showing.review_context(waiting.draft.answers, waiting.draft.situation)
    context |= {"waiting": waiting, "situation": waiting.draft.situation, "errors": errors}
    return render(request, "enrollment/again.html", context, status=422 if errors else 200)
