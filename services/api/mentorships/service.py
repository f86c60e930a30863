"""Meetings of a pair, and the kind end of a mentorship."""

from datetime import datetime, timedelta

from services.api.errors import ConflictError, InvalidError
from services.api.matching.queries import weekly_hours
from services.api.mentorships import queries
from services.api.mentorships.schemas import ClosureReason, NewMeeting
from services.api.mentorships.times import Window, meeting_times
from services.api.visitor import Visitor
from services.api.web.translations import gettext as _
from shared.contracts.messages import (
    MeetingCanceled,
    MeetingScheduled,
    MentorshipClosed,
    Message,
    OutcomeNoted,
    ParticipantChanged,
)
from shared.db.engine import ReadSession, WriteSession
from shared.models.mentorships import Meeting, MeetingState, Mentorship
from shared.outbox.writing import send, send_all

SOONEST = timedelta(hours=12)
LOOK_AHEAD = timedelta(days=14)
FURTHEST = timedelta(days=365)
MOST_TIMES = 12


def proposed_times(session: ReadSession, mentorship: Mentorship, minutes: int, now: datetime) -> list[datetime]:
    """Starts in the next two weeks that suit both, from their weekly hours by their own clocks, and are still free."""
    grids = weekly_hours(session, (mentorship.mentee_id, mentorship.mentor_id))
    mentee, mentor = grids[mentorship.mentee_id], grids[mentorship.mentor_id]
    taken = _fixed(session, mentorship)
    return meeting_times(mentee, mentor, Window(now + SOONEST, now + LOOK_AHEAD), minutes, taken)[:MOST_TIMES]


def _fixed(session: ReadSession, mentorship: Mentorship) -> list[Window]:
    """When these two meet already."""
    return [
        Window(meeting.starts_at, meeting.starts_at + timedelta(minutes=meeting.minutes))
        for meeting in queries.meetings_of(session, mentorship.id)
        if meeting.state == MeetingState.SCHEDULED
    ]


def schedule_meeting(
    session: WriteSession, visitor: Visitor, mentorship: Mentorship, wanted: NewMeeting, now: datetime
) -> Meeting:
    """A meeting has a time; both get a calendar invite. Raises InvalidError for a time nobody can keep."""
    if not now < wanted.starts_at <= now + FURTHEST:
        raise InvalidError({"starts_at": _("Choose a time that lies ahead, within a year.")})
    queries.lock_mentorship(session, mentorship.id)
    _require_free_time(session, mentorship, wanted)
    meeting = Meeting(
        program_id=mentorship.program_id,
        mentorship_id=mentorship.id,
        starts_at=wanted.starts_at,
        minutes=wanted.minutes,
        place=wanted.place,
        arranged_by=visitor.account_id,
    )
    queries.add_meeting(session, meeting)
    send(session, MeetingScheduled(meeting_id=meeting.id))
    return meeting


def _require_free_time(session: WriteSession, mentorship: Mentorship, wanted: NewMeeting) -> None:
    meant = Window(wanted.starts_at, wanted.starts_at + timedelta(minutes=wanted.minutes))
    if any(meant.meets(fixed) for fixed in _fixed(session, mentorship)):
        raise InvalidError({"starts_at": _("You two already meet at that time.")})


def cancel_meeting(session: WriteSession, meeting: Meeting, now: datetime) -> None:
    """scheduled → canceled; both calendars are told. Raises ConflictError for a meeting that is over."""
    if meeting.starts_at <= now:
        raise ConflictError(_("This meeting has begun already; say whether it took place."), code="meeting_begun")
    if not queries.move_meeting(session, meeting.id, MeetingState.CANCELED):
        raise ConflictError(_("This meeting was canceled already."), code="not_scheduled")
    send(session, MeetingCanceled(meeting_id=meeting.id))


def mark_held(session: WriteSession, meeting: Meeting, now: datetime) -> None:
    """scheduled → held, once it has begun. Raises ConflictError before, or if it was canceled."""
    if meeting.starts_at > now:
        raise ConflictError(_("This meeting still lies ahead."), code="meeting_ahead")
    if not queries.move_meeting(session, meeting.id, MeetingState.HELD):
        raise ConflictError(_("This meeting was canceled or noted already."), code="not_scheduled")
    send(session, OutcomeNoted(mentorship_id=meeting.mentorship_id))


def close(
    session: WriteSession, visitor: Visitor, mentorship: Mentorship, reason: ClosureReason, now: datetime
) -> None:
    """active → completed | closed: meetings ahead are canceled, both sides' slots are free, the other person gets a
    kind mail without the reason, the mentee is looked after again (suggestions at once, and the next match). Raises
    ConflictError if it had ended already."""
    assert visitor.account_id is not None  # noqa: S101 — one of the two
    if not queries.end_mentorship(session, mentorship, reason.ends_as, now, reason):
        raise ConflictError(_("This mentorship has ended already."), code="already_ended")
    canceled = queries.cancel_coming_meetings(session, mentorship.id, now)
    messages: list[Message] = [MeetingCanceled(meeting_id=meeting) for meeting in canceled]
    messages.append(MentorshipClosed(mentorship_id=mentorship.id, ended_by=visitor.account_id))
    messages.append(OutcomeNoted(mentorship_id=mentorship.id))
    messages += [ParticipantChanged(participant_id=p) for p in (mentorship.mentee_id, mentorship.mentor_id)]
    send_all(session, messages)
