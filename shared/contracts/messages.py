"""Every message that services exchange: a name in the past tense, a version, ids. Never personal data.

A changed meaning is a new version beside the old one, until no old one can be in a queue.
"""

from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Queue:
    """The queues and who empties them."""

    API = "api"
    MATCHER = "matcher"
    MATCHER_RUNS = "matcher.runs"
    NOTIFIER = "notifier"

    ALL: ClassVar[tuple[str, ...]] = (API, MATCHER, MATCHER_RUNS, NOTIFIER)


class Message(BaseModel):
    """A fact that happened. `queues` says who wants to hear of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    version: ClassVar[int] = 1
    queues: ClassVar[tuple[str, ...]]

    @classmethod
    def name(cls) -> str:
        return cls.__name__


class ParticipantChanged(Message):
    """Somebody registered, or changed what they wrote or when they can meet."""

    queues = (Queue.MATCHER,)
    participant_id: UUID


class CycleFilled(Message):
    """Many participants arrived at once (an import, the demo): embed them all, with progress."""

    queues = (Queue.MATCHER_RUNS,)
    cycle_id: UUID


class MatchRunRequested(Message):
    queues = (Queue.MATCHER_RUNS,)
    run_id: UUID


class MatchRunDrafted(Message):
    queues = (Queue.API,)
    run_id: UUID


class MatchRunFailed(Message):
    queues = (Queue.API,)
    run_id: UUID


class WhatIfAnswered(Message):
    """The matcher has compared the match as it is with the match as it would be."""

    queues = (Queue.API,)
    run_id: UUID


class MatchRunPublished(Message):
    """The draft became proposals; suggestions must reckon with the slots they hold."""

    queues = (Queue.MATCHER_RUNS,)
    run_id: UUID


class LoginChallengeCreated(Message):
    queues = (Queue.NOTIFIER,)
    challenge_id: UUID


class RegistrationConfirmed(Message):
    queues = (Queue.NOTIFIER,)
    participant_id: UUID


class ProposalPublished(Message):
    queues = (Queue.NOTIFIER,)
    proposal_id: UUID


class ProposalAccepted(Message):
    """The mentor said yes; the mentorship opens to both."""

    queues = (Queue.NOTIFIER, Queue.MATCHER)
    proposal_id: UUID
    mentorship_id: UUID


class ProposalDeclined(Message):
    """The slot is free again; the mentee is told kindly what happens next."""

    queues = (Queue.NOTIFIER, Queue.MATCHER)
    proposal_id: UUID


class RequestMade(Message):
    queues = (Queue.NOTIFIER, Queue.MATCHER)
    request_id: UUID


class RequestAccepted(Message):
    queues = (Queue.NOTIFIER, Queue.MATCHER)
    request_id: UUID
    mentorship_id: UUID


class RequestDeclined(Message):
    queues = (Queue.NOTIFIER, Queue.MATCHER)
    request_id: UUID


class MentorshipClosed(Message):
    """One of the two ended their mentorship; the other hears of it kindly."""

    queues = (Queue.NOTIFIER,)
    mentorship_id: UUID
    ended_by: UUID


class MeetingScheduled(Message):
    """A meeting has a time; both get a calendar invite."""

    queues = (Queue.NOTIFIER,)
    meeting_id: UUID


class MeetingCanceled(Message):
    queues = (Queue.NOTIFIER,)
    meeting_id: UUID


class SurveyOpened(Message):
    """One side of a mentorship of eight weeks is asked how it goes."""

    queues = (Queue.NOTIFIER,)
    survey_id: UUID


class SurveyLeftOpen(Message):
    """A survey is without an answer after a while: it is asked for once more, and never again."""

    queues = (Queue.NOTIFIER,)
    survey_id: UUID


class OutcomeNoted(Message):
    """A mentorship met, ended, was asked how it goes or answered: the matcher notes what became of the pair."""

    queues = (Queue.MATCHER,)
    mentorship_id: UUID


class OutcomeModelRequested(Message):
    """A lead wants to know what the outcomes say about the weights."""

    queues = (Queue.MATCHER_RUNS,)
    model_id: UUID


class OutcomeModelReady(Message):
    queues = (Queue.API,)
    model_id: UUID


class OutcomeModelFailed(Message):
    queues = (Queue.API,)
    model_id: UUID


class MailQueued(Message):
    queues = (Queue.NOTIFIER,)
    mail_id: UUID


class HourPassed(Message):
    """An hour has begun: what is overdue now expires."""

    queues = (Queue.API,)
    hour_id: UUID


class CanarySent(Message):
    """Goes through every queue so that a silent one is noticed."""

    queues = Queue.ALL
    canary_id: UUID


REGISTRY: dict[tuple[str, int], type[Message]] = {
    (kind.name(), kind.version): kind for kind in Message.__subclasses__()
}


class UnknownMessageError(Exception):
    """A message whose name or version this release does not know."""


def parse_message(name: str, version: int, payload: dict[str, str]) -> Message:
    """The message that an envelope carries.

    Raises UnknownMessageError for a name or version nobody knows, ValidationError for a wrong payload.
    """
    kind = REGISTRY.get((name, version))
    if kind is None:
        raise UnknownMessageError(f"no contract {name} version {version}; was a newer release rolled back?")
    return kind.model_validate(payload)
