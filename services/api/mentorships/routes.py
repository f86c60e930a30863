"""A mentorship as JSON, for the two."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from services.api.edge import CurrentServices, Reading, SignedIn, Writing
from services.api.errors import NotFoundError
from services.api.matching.cards import Teller
from services.api.mentorships import service, surveys
from services.api.mentorships.pages import own_meeting, own_mentorship, seen_mentorship, surveyed_mentorship
from services.api.mentorships.schemas import (
    USUAL_LENGTH,
    Closing,
    MeetingView,
    MentorshipView,
    NewMeeting,
    PartnerView,
    SurveyAnswer,
)
from services.api.mentorships.showing import MentorshipPage, mentorship_page, role_in
from services.api.oversight.audit import record
from services.api.problems import PROBLEMS
from services.api.web.rendering import page_of
from shared.models.mentorships import Meeting, Mentorship

router = APIRouter(prefix="/api/v1/mentorships/{mentorship_id}", tags=["mentorships"], responses=PROBLEMS)


@router.get("", summary="My mentorship: how to reach each other, why, meetings, times that suit both")
def show_mentorship(
    request: Request,
    visitor: SignedIn,
    services: CurrentServices,
    session: Reading,
    mentorship: Annotated[Mentorship, Depends(seen_mentorship)],
) -> MentorshipView:
    """404 for everybody but the two, whatever their role."""
    teller = Teller(session, services.keyring, page_of(request).locale, services.clock.now())
    return _view(mentorship_page(teller, visitor, mentorship, USUAL_LENGTH))


def _view(page: MentorshipPage) -> MentorshipView:
    mentorship = page.mentorship
    if page.contact is None:
        raise NotFoundError
    return MentorshipView(
        id=mentorship.id,
        state=mentorship.state,
        kind=mentorship.kind,
        you_are=page.role,
        started_at=mentorship.started_at,
        ended_at=mentorship.ended_at,
        partner=PartnerView(
            name=page.partner.name,
            pronouns=page.partner.pronouns,
            email=page.contact.email if page.is_active else "",
            stage=page.partner.stage,
            institution=page.partner.institution,
            time_zone=page.contact.time_zone,
        ),
        reasons=page.told.reasons,
        meetings=[_meeting(meeting) for meeting in page.meetings],
        common_times=[time.starts_at for time in page.times],
    )


def _meeting(meeting: Meeting) -> MeetingView:
    return MeetingView(
        id=meeting.id, starts_at=meeting.starts_at, minutes=meeting.minutes, place=meeting.place, state=meeting.state
    )


@router.post("/meetings", status_code=201, summary="Meet at a time; both get a calendar invite")
def schedule_meeting(
    wanted: NewMeeting,
    visitor: SignedIn,
    services: CurrentServices,
    session: Writing,
    mentorship: Annotated[Mentorship, Depends(own_mentorship)],
) -> MeetingView:
    return _meeting(service.schedule_meeting(session, visitor, mentorship, wanted, services.clock.now()))


@router.post("/meetings/{meeting_id}/cancel", status_code=204, summary="Cancel a meeting that lies ahead")
def cancel_meeting(
    services: CurrentServices, session: Writing, meeting: Annotated[Meeting, Depends(own_meeting)]
) -> None:
    service.cancel_meeting(session, meeting, services.clock.now())


@router.post("/meetings/{meeting_id}/held", status_code=204, summary="Say that a meeting took place")
def mark_held(services: CurrentServices, session: Writing, meeting: Annotated[Meeting, Depends(own_meeting)]) -> None:
    service.mark_held(session, meeting, services.clock.now())


@router.post("/survey", status_code=204, summary="Say how the mentorship goes, once")
def answer_survey(
    answer: SurveyAnswer,
    visitor: SignedIn,
    services: CurrentServices,
    session: Writing,
    mentorship: Annotated[Mentorship, Depends(surveyed_mentorship)],
) -> None:
    """404 before week eight, 409 once you have answered."""
    surveys.answer_survey(session, mentorship, role_in(visitor, mentorship), answer, services.clock.now())


@router.post("/close", status_code=204, summary="End the mentorship, kindly; the mentee is looked after again")
def close_mentorship(
    closing: Closing,
    visitor: SignedIn,
    services: CurrentServices,
    session: Writing,
    mentorship: Annotated[Mentorship, Depends(own_mentorship)],
) -> None:
    service.close(session, visitor, mentorship, closing.reason, services.clock.now())
    record(session, visitor, "mentorship.closed", "mentorship", mentorship.id, mentorship.program_id)
