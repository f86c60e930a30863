"""The survey of week eight: both sides of a mentorship are asked how it goes, and reminded once."""

from datetime import datetime, timedelta

from services.api.errors import ConflictError, NotFoundError
from services.api.mentorships import queries
from services.api.mentorships.schemas import SurveyAnswer
from services.api.web.translations import gettext as _
from shared.contracts.messages import OutcomeNoted, SurveyLeftOpen, SurveyOpened
from shared.db.engine import WriteSession
from shared.models.mentorships import Mentorship
from shared.outbox.writing import send, send_all
from shared.vocabulary.mentoring import Role

SURVEY_AFTER = timedelta(weeks=8)
REMINDED_AFTER = timedelta(days=7)
NOT_REMINDED_AFTER = timedelta(days=21)  # a reminder that comes later (a system that stood still) helps nobody


def invite_to_surveys(session: WriteSession, now: datetime) -> int:
    """Open the survey of every active mentorship that is eight weeks old, and ask by mail; of how many mentorships."""
    opened = queries.invite_to_surveys(session, now - SURVEY_AFTER, now)
    mentorships = {mentorship for _survey, mentorship in opened}
    send_all(session, [SurveyOpened(survey_id=survey) for survey, _mentorship in opened])
    send_all(session, [OutcomeNoted(mentorship_id=mentorship) for mentorship in sorted(mentorships)])
    return len(mentorships)


def remind_of_surveys(session: WriteSession, now: datetime) -> int:
    """Ask once more, by mail, whoever has not answered within a week; how many."""
    left_open = queries.remind_of_surveys(session, now - NOT_REMINDED_AFTER, now - REMINDED_AFTER, now)
    send_all(session, [SurveyLeftOpen(survey_id=survey) for survey in left_open])
    return len(left_open)


def answer_survey(
    session: WriteSession, mentorship: Mentorship, side: Role, answer: SurveyAnswer, now: datetime
) -> None:
    """Keep one side's answer. NotFoundError: they were not asked. ConflictError: they have answered already."""
    survey = queries.survey_of(session, mentorship.id, side)
    if survey is None:
        raise NotFoundError
    given = {"satisfaction": answer.satisfaction, "comment": answer.comment, "answered_at": now}
    if not queries.answer_survey(session, survey, **given):
        raise ConflictError(_("You have answered this already. Thank you."), code="answered")
    send(session, OutcomeNoted(mentorship_id=mentorship.id))
