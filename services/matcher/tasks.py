"""What each event means to the matcher."""

from dataclasses import dataclass
from uuid import UUID

from services.matcher import queries
from services.matcher.filling import CycleFiller
from services.matcher.interests.model import EmbeddingModel
from services.matcher.outcomes.keeping import keep_asked
from services.matcher.outcomes.modeling import OutcomeLearner
from services.matcher.outcomes.queries import note_outcome
from services.matcher.policy import Policy
from services.matcher.runs import MatchRunner
from services.matcher.suggestions import SuggestionDesk
from shared.contracts import messages as facts
from shared.db.engine import Database, WriteSession
from shared.outbox.inbox import Inbox


@dataclass(frozen=True)
class Handlers:
    """The matcher's reactions; a mentee whose offers or texts changed gets a new list at once."""

    desk: SuggestionDesk

    def participant_changed(self, session: WriteSession, message: facts.ParticipantChanged) -> None:
        self.desk.suggest(session, message.participant_id)

    def proposal_answered(
        self, session: WriteSession, message: facts.ProposalAccepted | facts.ProposalDeclined
    ) -> None:
        self._offer_changed(session, "proposal", message)

    def request_changed(
        self, session: WriteSession, message: facts.RequestMade | facts.RequestAccepted | facts.RequestDeclined
    ) -> None:
        self._offer_changed(session, "request", message)

    @staticmethod
    def outcome_noted(session: WriteSession, message: facts.OutcomeNoted) -> None:
        note_outcome(session, message.mentorship_id)

    def _offer_changed(self, session: WriteSession, source: str, message: facts.Message) -> None:
        if isinstance(message, facts.ProposalAccepted | facts.RequestAccepted):
            note_outcome(session, message.mentorship_id)
        pair = queries.read_pair(session, source, getattr(message, f"{source}_id"))
        if pair is None:
            return
        if isinstance(message, facts.RequestMade):
            _keep_why(session, pair["mentee_id"], pair["mentor_id"])
        self.desk.suggest(session, pair["mentee_id"])


def _keep_why(session: WriteSession, mentee_id: UUID, mentor_id: UUID) -> None:
    """Why the pair stood on the mentee's list, before the list changes."""
    mentee = queries.read_participant(session, mentee_id)
    cycle = mentee and queries.read_cycle(session, mentee["cycle_id"])
    if cycle:
        keep_asked(session, mentee_id, mentor_id, Policy.model_validate(cycle["policy"] or {}))


def make_inbox(database: Database, model: EmbeddingModel, desk: SuggestionDesk) -> Inbox:
    """Every handler of the matcher."""
    inbox, handlers = Inbox(database), Handlers(desk)
    inbox.on(facts.ParticipantChanged, handlers.participant_changed)
    inbox.on(facts.ProposalAccepted, handlers.proposal_answered)
    inbox.on(facts.ProposalDeclined, handlers.proposal_answered)
    inbox.on(facts.RequestMade, handlers.request_changed)
    inbox.on(facts.RequestAccepted, handlers.request_changed)
    inbox.on(facts.RequestDeclined, handlers.request_changed)
    inbox.on(facts.OutcomeNoted, handlers.outcome_noted)
    filler = CycleFiller(model, desk)
    inbox.on_long(facts.MatchRunRequested, MatchRunner(model).handle)
    inbox.on_long(facts.MatchRunPublished, filler.after_publication)
    inbox.on_long(facts.CycleFilled, filler.fill)
    inbox.on_long(facts.OutcomeModelRequested, OutcomeLearner(model).handle)
    return inbox
