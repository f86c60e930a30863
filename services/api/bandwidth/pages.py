"""A mentor's bandwidth as a year strip, and everybody's week as a grid to paint."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from services.api.accounts.time_zones import time_zone_options
from services.api.bandwidth import policy, queries, service, showing
from services.api.bandwidth.schemas import AvailabilityForm, LeastForm, PeriodForm
from services.api.cookies import redirect
from services.api.edge import CurrentServices, Reading, SignedIn, Writing
from services.api.forms import FormErrors, SubmittedForm, parse_form
from services.api.policies import require
from services.api.services import Services
from services.api.visitor import Visitor
from services.api.web.rendering import Flash, render
from services.api.web.translations import gettext as _
from shared.bandwidth import HOURS_PER_MENTORSHIP
from shared.db.engine import ReadSession
from shared.models.bandwidth import BandwidthPeriod

router = APIRouter()
HOME = "/mentor/bandwidth"
Raw = dict[str, Any]


@router.get(HOME)
def show_own(request: Request, visitor: SignedIn, session: Reading, services: CurrentServices) -> Response:
    require(policy.may_see_bandwidth_page(visitor))
    return _show(request, visitor, session, services, _seats(session, visitor)[0][0])


@router.get("/mentor/bandwidth/{participant_id}")
def show_one(
    request: Request, participant_id: UUID, visitor: SignedIn, session: Reading, services: CurrentServices
) -> Response:
    require(policy.may_state_bandwidth(visitor, participant_id))
    return _show(request, visitor, session, services, participant_id)


@router.post("/mentor/bandwidth/{participant_id}/periods")
def add_period(
    request: Request,
    participant_id: UUID,
    form: SubmittedForm,
    visitor: SignedIn,
    session: Writing,
    services: CurrentServices,
) -> Response:
    require(policy.may_state_bandwidth(visitor, participant_id))
    parsed, errors = _read_period(form)
    if parsed is None:
        return _show(request, visitor, session, services, participant_id, form=dict(form), errors=errors)
    service.add_period(session, visitor, participant_id, parsed)
    return _back(services, participant_id, _("Saved. The match reckons with it from now on."))


@router.get("/mentor/bandwidth/periods/{period_id}")
def edit_period(request: Request, period_id: UUID, visitor: SignedIn, session: Reading) -> Response:
    period = service.find_period(session, visitor, period_id)
    return _edit(request, period, _form_of(period), {})


@router.post("/mentor/bandwidth/periods/{period_id}")
def change_period(
    request: Request,
    period_id: UUID,
    form: SubmittedForm,
    visitor: SignedIn,
    session: Writing,
    services: CurrentServices,
) -> Response:
    period = service.find_period(session, visitor, period_id)
    parsed, errors = _read_period(form)
    if parsed is None:
        return _edit(request, period, dict(form), errors)
    service.change_period(session, visitor, period_id, parsed)
    return _back(services, period.participant_id, _("Saved. The match reckons with it from now on."))


@router.post("/mentor/bandwidth/periods/{period_id}/removal")
def remove_period(period_id: UUID, visitor: SignedIn, session: Writing, services: CurrentServices) -> Response:
    period = service.remove_period(session, visitor, period_id)
    return _back(services, period.participant_id, _("The period is gone."))


@router.post("/mentor/bandwidth/{participant_id}/least")
def set_least(
    request: Request,
    participant_id: UUID,
    form: SubmittedForm,
    visitor: SignedIn,
    session: Writing,
    services: CurrentServices,
) -> Response:
    require(policy.may_state_bandwidth(visitor, participant_id))
    parsed, errors = parse_form(LeastForm, form)
    if parsed is None:
        return _show(request, visitor, session, services, participant_id, form=dict(form), errors=errors)
    service.set_least(session, visitor, participant_id, parsed.min_mentees)
    return _back(services, participant_id, _("Saved."))


@router.post("/mentor/bandwidth/{participant_id}/pause")
def pause(participant_id: UUID, visitor: SignedIn, session: Writing, services: CurrentServices) -> Response:
    service.pause(session, visitor, participant_id)
    return _back(services, participant_id, _("You are paused. Your mentorships go on; nobody new is proposed to you."))


@router.post("/mentor/bandwidth/{participant_id}/return")
def resume(participant_id: UUID, visitor: SignedIn, session: Writing, services: CurrentServices) -> Response:
    service.resume(session, visitor, participant_id)
    return _back(services, participant_id, _("Good to have you back."))


@router.get("/availability")
def show_week(request: Request, visitor: SignedIn, session: Reading) -> Response:
    week = service.read_week(session, visitor)
    return _show_week(request, {"hours": week.hours, "time_zone": week.time_zone}, {})


@router.post("/availability")
def save_week(
    request: Request, form: SubmittedForm, visitor: SignedIn, session: Writing, services: CurrentServices
) -> Response:
    require(policy.may_state_availability(visitor))
    parsed, errors = parse_form(AvailabilityForm, form)
    if parsed is None:
        kept = {"hours": form.getlist("hours"), "time_zone": form.get("time_zone", "")}
        return _show_week(request, kept, errors)
    service.save_week(session, visitor, parsed)
    return redirect("/availability", services.settings, _saved(parsed))


def _read_period(form: FormData) -> tuple[PeriodForm | None, FormErrors]:
    """What is missing is said so that the list at the top of the page makes sense by itself."""
    parsed, errors = parse_form(PeriodForm, form)
    sentences = {
        "starts_on": _("Enter the first day."),
        "ends_on": _("Enter the last day."),
        "hours_per_month": _("Enter the hours a month."),
        "mentee_slots": _("Enter how many mentees at most."),
    }
    return parsed, errors | {name: sentences[name] for name in errors if name in sentences and not form.get(name)}


def _saved(week: AvailabilityForm) -> Flash:
    """An empty week is kept, for somebody may not know theirs yet; the page says what it means."""
    if not week.hours:
        return Flash(_("Your week is saved, without an hour in it."), "warning")
    return Flash(_("Your week is saved."))


def _seats(session: ReadSession, visitor: Visitor) -> list[tuple[UUID, str, str]]:
    return queries.program_names(session, [one.participant_id for one in visitor.participates("mentor")])


def _show(
    request: Request,
    visitor: Visitor,
    session: ReadSession,
    services: Services,
    participant_id: UUID,
    form: Raw | None = None,
    errors: FormErrors | None = None,
) -> Response:
    today = services.clock.now().date()
    found = service.overview(session, participant_id, today)
    seats = _seats(session, visitor)
    context = {
        "found": found,
        "figure": showing.strip_figure(found),
        "tabs_of": [(str(one), f"{program} · {cycle}", f"{HOME}/{one}") for one, program, cycle in seats],
        "occasions": showing.occasions(),
        "label": showing.occasion_label,
        "form": form or {"starts_on": today.isoformat(), "ends_on": found.seat.cycle.ends_on.isoformat()},
        "errors": errors or {},
        "today": today,
        "cost": HOURS_PER_MENTORSHIP,
    }
    return render(request, "bandwidth/bandwidth.html", context, status=422 if errors else 200)


def _form_of(period: BandwidthPeriod) -> Raw:
    return {
        "occasion": period.occasion,
        "starts_on": period.starts_on.isoformat(),
        "ends_on": period.ends_on.isoformat(),
        "hours_per_month": f"{period.hours_per_month.normalize():f}",
        "mentee_slots": period.mentee_slots,
    }


def _edit(request: Request, period: BandwidthPeriod, form: Raw, errors: FormErrors) -> Response:
    context = {"period": period, "form": form, "errors": errors, "occasions": showing.occasions()}
    return render(request, "bandwidth/period.html", context, status=422 if errors else 200)


def _show_week(request: Request, form: Raw, errors: FormErrors) -> Response:
    context = {"form": form, "errors": errors, "zones": time_zone_options(form["time_zone"])}
    return render(request, "bandwidth/availability.html", context, status=422 if errors else 200)


def _back(services: Services, participant_id: UUID, said: str) -> Response:
    return redirect(f"{HOME}/{participant_id}", services.settings, Flash(said))
