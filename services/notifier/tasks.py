"""What each event means in mails. A handler only plans: it queues mails in the transaction of the message."""

import json
from collections.abc import Callable, Iterable
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from services.notifier import queries
from services.notifier.messages import PlannedMail, Template
from shared.contracts import messages as facts
from shared.db.engine import WriteSession
from shared.models.base import Json
from shared.outbox.inbox import Inbox
from shared.outbox.writing import send

Plan = Iterable[PlannedMail]


def register(inbox: Inbox, domain: str) -> None:
    """Say which handler takes which message; `domain` is the right side of each Message-ID."""
    inbox.on(facts.LoginChallengeCreated, _planning(domain, plan_challenge, lambda m: m.challenge_id))
    inbox.on(facts.RegistrationConfirmed, _planning(domain, plan_welcome, lambda m: m.participant_id))
    inbox.on(facts.ProposalPublished, _planning(domain, plan_proposal, lambda m: m.proposal_id))
    inbox.on(facts.ProposalAccepted, _planning(domain, plan_acceptance, lambda m: m.mentorship_id))
    inbox.on(facts.ProposalDeclined, _planning(domain, plan_proposal_declined, lambda m: m.proposal_id))
    inbox.on(facts.RequestMade, _planning(domain, plan_request, lambda m: m.request_id))
    inbox.on(facts.RequestAccepted, _planning(domain, plan_acceptance, lambda m: m.mentorship_id))
    inbox.on(facts.RequestDeclined, _planning(domain, plan_request_declined, lambda m: m.request_id))
    inbox.on(facts.MentorshipClosed, _planning(domain, plan_closed, lambda m: m))
    inbox.on(facts.MeetingScheduled, _planning(domain, plan_meeting_scheduled, lambda m: m.meeting_id))
    inbox.on(facts.MeetingCanceled, _planning(domain, plan_meeting_canceled, lambda m: m.meeting_id))
    inbox.on(facts.SurveyOpened, _planning(domain, plan_survey, lambda m: m.survey_id))
    inbox.on(facts.SurveyLeftOpen, _planning(domain, plan_survey_reminder, lambda m: m.survey_id))


def _planning(
    domain: str, plan: Callable[[WriteSession, Any], Plan], subject: Callable[[Any], Any]
) -> Callable[[WriteSession, facts.Message], None]:
    def handle(session: WriteSession, message: facts.Message) -> None:
        for planned in plan(session, subject(message)):
            queue_mail(session, event_of(message, planned.about), planned, domain)

    return handle


def event_of(message: facts.Message, about: Json) -> UUID:
    """The same fact about the same state of things is one event, whatever message brought it and however often."""
    return uuid5(NAMESPACE_URL, f"{message.name()}:{message.model_dump_json()}:{json.dumps(about, sort_keys=True)}")


def queue_mail(session: WriteSession, event_id: UUID, planned: PlannedMail, domain: str) -> None:
    stable = uuid5(event_id, f"{planned.template}:{planned.recipient_id}")
    mail_id = queries.add_mail(session, event_id, planned, f"<{stable}@{domain}>")
    if mail_id:
        send(session, facts.MailQueued(mail_id=mail_id))


def plan_challenge(session: WriteSession, challenge_id: UUID) -> Plan:
    row = queries.read_view(session, "challenge_mail", challenge_id)
    if row:
        yield PlannedMail(Template(row["purpose"]), challenge_id, {"challenge": str(challenge_id)})


def plan_welcome(session: WriteSession, participant_id: UUID) -> Plan:
    row = queries.read_view(session, "participant_contact", participant_id)
    if row:
        template = Template.WELCOME_MENTEE if row["role"] == "mentee" else Template.WELCOME_MENTOR
        yield PlannedMail(template, row["account_id"], {"participant": str(participant_id)})


def plan_proposal(session: WriteSession, proposal_id: UUID) -> Plan:
    about: Json = {"proposal": str(proposal_id)}
    yield from _to(session, "proposal_card", proposal_id, "mentor_id", Template.PROPOSAL_TO_MENTOR, about)
    yield from _to(session, "proposal_card", proposal_id, "mentee_id", Template.PROPOSAL_TO_MENTEE, about)


def plan_proposal_declined(session: WriteSession, proposal_id: UUID) -> Plan:
    about: Json = {"proposal": str(proposal_id)}
    return _to(session, "proposal_card", proposal_id, "mentee_id", Template.DECLINED_TO_MENTEE, about)


def plan_request(session: WriteSession, request_id: UUID) -> Plan:
    about: Json = {"request": str(request_id)}
    return _to(session, "request_card", request_id, "mentor_id", Template.REQUEST_TO_MENTOR, about)


def plan_request_declined(session: WriteSession, request_id: UUID) -> Plan:
    about: Json = {"request": str(request_id)}
    return _to(session, "request_card", request_id, "mentee_id", Template.DECLINED_TO_MENTEE, about)


def plan_acceptance(session: WriteSession, mentorship_id: UUID) -> Plan:
    about: Json = {"mentorship": str(mentorship_id)}
    yield from _to(session, "mentorship_card", mentorship_id, "mentee_id", Template.ACCEPTED_TO_MENTEE, about)
    yield from _to(session, "mentorship_card", mentorship_id, "mentor_id", Template.ACCEPTED_TO_MENTOR, about)


def plan_closed(session: WriteSession, message: facts.MentorshipClosed) -> Plan:
    """To the one who did not end it."""
    about: Json = {"mentorship": str(message.mentorship_id)}
    for side, template in (("mentee_id", Template.CLOSED_TO_MENTEE), ("mentor_id", Template.CLOSED_TO_MENTOR)):
        planned = _to(session, "mentorship_card", message.mentorship_id, side, template, about)
        yield from (mail for mail in planned if mail.recipient_id != message.ended_by)


def plan_meeting_scheduled(session: WriteSession, meeting_id: UUID) -> Plan:
    return _to_both_of_meeting(session, meeting_id, Template.MEETING_SCHEDULED)


def plan_meeting_canceled(session: WriteSession, meeting_id: UUID) -> Plan:
    return _to_both_of_meeting(session, meeting_id, Template.MEETING_CANCELED)


def plan_survey(session: WriteSession, survey_id: UUID) -> Plan:
    return _to(session, "survey_card", survey_id, "asked_id", Template.SURVEY, {"survey": str(survey_id)})


def plan_survey_reminder(session: WriteSession, survey_id: UUID) -> Plan:
    return _to(session, "survey_card", survey_id, "asked_id", Template.SURVEY_REMINDER, {"survey": str(survey_id)})


def _to_both_of_meeting(session: WriteSession, meeting_id: UUID, template: Template) -> Plan:
    meeting = queries.read_view(session, "meeting_card", meeting_id)
    if meeting is None:
        return
    about = {"meeting": str(meeting_id), "sequence": meeting["sequence"]}
    for side in ("mentee_id", "mentor_id"):
        yield from _to(session, "mentorship_card", meeting["mentorship_id"], side, template, about)


def _to(  # noqa: PLR0913, PLR0917 — one sentence: of this view's row, that side gets this template about these ids
    session: WriteSession, view: str, key: UUID, side: str, template: Template, about: Json
) -> Plan:
    card = queries.read_view(session, view, key)
    contact = card and queries.read_view(session, "participant_contact", card[side])
    if contact:
        yield PlannedMail(template, contact["account_id"], about)
