"""Meetings of a pair."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from shared.models.mentorships import Meeting, Mentorship


def make_meeting(session: Session, mentorship: Mentorship, **fields: Any) -> Meeting:
    """Scheduled for the day after tomorrow, by video."""
    row = Meeting(
        **{
            "program_id": mentorship.program_id,
            "mentorship_id": mentorship.id,
            "starts_at": datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=2),
            "place": "https://video.example.org/room",
            **fields,
        }
    )
    session.add(row)
    session.flush()
    return row
