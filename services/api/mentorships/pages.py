"""The page of a mentorship, for the two: how to reach each other, why, when to meet, and how to part."""

import datetime as dt
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field, StringConstraints, model_validator
from starlette.responses import Response

from services.api.cookies import redirect
from services.api.edge import CurrentServices, Reading, SignedIn, Writing
from services.api.errors import InvalidError, NotFoundError
from services.api.forms import FormErrors, SubmittedForm, parse_form
from services.api.matching.cards import Teller
from services.api.matching.queries import people_of_account
from services.api.matching.telling import closure_choices
from services.api.mentorships import policy, queries, service, surveys
from services.api.mentorships.cards import mentorship_cards
from services.api.mentorships.schemas import LENGTHS, USUAL_LENGTH, Closing, NewMeeting, SurveyAnswer
from services.api.mentorships.showing import mentorship_page, role_in
from services.api.mentorships.times import instant_of
from services.api.oversight.audit import record
from services.api.policies import require
from services.api.services import Services
from services.api.visitor import Visitor
from services.api.web.rendering import Flash, page_of, render
from services.api.web.translations import gettext as _
from shared.db.engine import ReadSession
from shared.models.mentorships import Meeting, Mentorship
from shared.vocabulary.mentoring import Role

router = APIRouter()
Context = dict[str, Any]
EMPTY_FORM = {"starts_at": "", "day": "", "time": "", "place": "", "reason": "", "satisfaction": "", "comment": ""}


class MeetingForm(BaseModel):
    """One of the proposed times, or a day and a time of one's own by one's own clock."""

    starts_at: datetime | None = None
    day: dt.date | None = None
    time: dt.time | None = None
    minutes: Annotated[int, Field(ge=10, le=240)] = USUAL_LENGTH
    place: Annotated[str, StringConstraints(max_length=300)] = ""

    @model_validator(mode="after")
    def says_when(self) -> "MeetingForm":
        if self.starts_at is None and (self.day is None or self.time is None):
            raise ValueError(_("Choose one of the times, or enter a day and a time."))
        return self

    def instant(self, zone: ZoneInfo) -> datetime:
        """Raises InvalidError for a time that the clocks skip on that day. A day of one's own goes first."""
        if self.day is None or self.time is None:
            chosen = self.starts_at or datetime.now(UTC)
            return chosen if chosen.tzinfo else chosen.replace(tzinfo=UTC)
        found = instant_of(self.day, self.time.replace(second=0, microsecond=0), zone)
        if found is None:
            message = _("The clocks skip this time on that day (summer time begins). Choose another hour.")
            raise InvalidError({"time": message})
        return found


def seen_mentorship(mentorship_id: UUID, visitor: SignedIn, session: Reading) -> Mentorship:
    mentorship = queries.find_mentorship(session, mentorship_id)
    require(policy.may_see_mentorship(visitor, mentorship))
    assert mentorship is not None  # noqa: S101 — the policy has just said so
    return mentorship


def surveyed_mentorship(mentorship_id: UUID, visitor: SignedIn, session: Writing) -> Mentorship:
    """A mentorship to say something about, also when it has ended."""
    return seen_mentorship(mentorship_id, visitor, session)


def own_mentorship(mentorship_id: UUID, visitor: SignedIn, session: Writing) -> Mentorship:
    """A mentorship to act in."""
    mentorship = queries.find_mentorship(session, mentorship_id)
    require(policy.may_act_in_mentorship(visitor, mentorship))
    assert mentorship is not None  # noqa: S101 — the policy has just said so
    return mentorship


def own_meeting(meeting_id: UUID, mentorship_id: UUID, visitor: SignedIn, session: Writing) -> Meeting:
    mentorship = own_mentorship(mentorship_id, visitor, session)
    meeting = queries.find_meeting(session, mentorship.id, meeting_id)
    if meeting is None:
        raise NotFoundError
    return meeting


@router.get("/mentorships")
def list_mentorships(request: Request, visitor: SignedIn, services: CurrentServices, session: Reading) -> Response:
    """All of one's own, in both roles."""
    now = services.clock.now()
    cards = {role: _own_cards(session, visitor, role, now) for role in Role}
    return render(request, "mentorships/list.html", {"as_mentee": cards[Role.MENTEE], "as_mentor": cards[Role.MENTOR],
                                                     "now": now})  # fmt: skip


def _own_cards(session: ReadSession, visitor: Visitor, role: Role, now: datetime) -> list[Any]:
    assert visitor.account_id is not None  # noqa: S101 — logged in
    mine = people_of_account(session, visitor.account_id, role)
    return mentorship_cards(session, [person.participant_id for person in mine], role, now)


@router.get("/mentorships/{mentorship_id}")
def show_mentorship(
    request: Request,
    visitor: SignedIn,
    services: CurrentServices,
    session: Reading,
    mentorship: Annotated[Mentorship, Depends(seen_mentorship)],
    minutes: int = USUAL_LENGTH,
) -> Response:
    context = _context(request, services, session, visitor, mentorship, minutes)
    return render(request, "mentorships/mentorship.html", context)


def _context(
    request: Request, services: Services, session: ReadSession, visitor: Visitor, mentorship: Mentorship, minutes: int
) -> Context:
    teller = Teller(session, services.keyring, page_of(request).locale, services.clock.now())
    length = minutes if minutes in LENGTHS else USUAL_LENGTH
    return {
        "view": mentorship_page(teller, visitor, mentorship, length),
        "lengths": LENGTHS,
        "closures": closure_choices(),
        "form": EMPTY_FORM,
        "errors": {},
        "closing": False,
    }


@router.post("/mentorships/{mentorship_id}/meetings")
def schedule_meeting(
    request: Request,
    visitor: SignedIn,
    services: CurrentServices,
    session: Writing,
    form: SubmittedForm,
    mentorship: Annotated[Mentorship, Depends(own_mentorship)],
) -> Response:
    wanted, errors = parse_form(MeetingForm, form)
    try:
        if wanted:
            starts_at = wanted.instant(ZoneInfo(visitor.time_zone))
            meeting = NewMeeting(starts_at=starts_at, minutes=wanted.minutes, place=wanted.place)
            service.schedule_meeting(session, visitor, mentorship, meeting, services.clock.now())
            return _back(services, mentorship, _("It's a date. A calendar invite is on its way to both of you."))
    except InvalidError as error:
        errors = error.fields
    context = _context(request, services, session, visitor, mentorship, _length(form.get("minutes")))
    typed = {name: str(form.get(name, "")) for name in EMPTY_FORM}
    context |= {"form": typed, "errors": _when(errors)}
    return render(request, "mentorships/mentorship.html", context, status=422)


def _when(errors: FormErrors) -> FormErrors:
    """What the fields say together is about the time."""
    return {"starts_at" if name == "form" else name: sentence for name, sentence in errors.items()}


def _length(given: object) -> int:
    return int(given) if isinstance(given, str) and given.isdecimal() else USUAL_LENGTH


def _back(services: Services, mentorship: Mentorship, sentence: str) -> Response:
    return redirect(f"/mentorships/{mentorship.id}", services.settings, Flash(sentence))


@router.post("/mentorships/{mentorship_id}/meetings/{meeting_id}/cancel")
def cancel_meeting(
    mentorship_id: UUID,
    services: CurrentServices,
    session: Writing,
    meeting: Annotated[Meeting, Depends(own_meeting)],
) -> Response:
    service.cancel_meeting(session, meeting, services.clock.now())
    return redirect(
        f"/mentorships/{mentorship_id}", services.settings, Flash(_("Canceled. Both calendars are told."))
    )


@router.post("/mentorships/{mentorship_id}/meetings/{meeting_id}/held")
def mark_held(
    mentorship_id: UUID,
    services: CurrentServices,
    session: Writing,
    meeting: Annotated[Meeting, Depends(own_meeting)],
) -> Response:
    service.mark_held(session, meeting, services.clock.now())
    flash = Flash(_("Good to hear. Noted for both of you."))
    return redirect(f"/mentorships/{mentorship_id}", services.settings, flash)


@router.post("/mentorships/{mentorship_id}/survey")
def answer_survey(
    request: Request,
    visitor: SignedIn,
    services: CurrentServices,
    session: Writing,
    form: SubmittedForm,
    mentorship: Annotated[Mentorship, Depends(surveyed_mentorship)],
) -> Response:
    answer, errors = parse_form(SurveyAnswer, form)
    if answer is None:
        context = _context(request, services, session, visitor, mentorship, USUAL_LENGTH)
        typed = {name: str(form.get(name, "")) for name in EMPTY_FORM}
        return render(
            request, "mentorships/mentorship.html", {**context, "form": typed, "errors": errors}, status=422
        )
    surveys.answer_survey(session, mentorship, role_in(visitor, mentorship), answer, services.clock.now())
    return _back(services, mentorship, _("Thank you. That helps to make the next matches better."))


@router.post("/mentorships/{mentorship_id}/close")
def close_mentorship(
    request: Request,
    visitor: SignedIn,
    services: CurrentServices,
    session: Writing,
    form: SubmittedForm,
    mentorship: Annotated[Mentorship, Depends(own_mentorship)],
) -> Response:
    closing, errors = parse_form(Closing, form)
    if closing is None:
        context = _context(request, services, session, visitor, mentorship, USUAL_LENGTH)
        return render(
            request, "mentorships/mentorship.html", {**context, "errors": errors, "closing": True}, status=422
        )
    service.close(session, visitor, mentorship, closing.reason, services.clock.now())
    record(session, visitor, "mentorship.closed", "mentorship", mentorship.id, mentorship.program_id)
    return _back(services, mentorship, _("This mentorship has ended. Thank you for the time you gave each other."))
