"""A model from its message to its card: read outcomes, bring features, fit, judge, and store one card."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

import structlog
from sqlalchemy.exc import OperationalError

from services.matcher.interests.model import EmbeddingModel
from services.matcher.interests.reading import InterestReader, passages_of
from services.matcher.interests.records import Interests
from services.matcher.learning.card import make_card
from services.matcher.learning.learning import Stage, learn
from services.matcher.loading import Cycle
from services.matcher.outcomes import queries
from services.matcher.outcomes.gathering import observe, past_pairs, source_of
from services.matcher.policy import Policy
from services.matcher.queries import now
from services.matcher.vectors import StoredVectors
from shared.contracts.messages import OutcomeModelFailed, OutcomeModelReady, OutcomeModelRequested
from shared.contracts.model_card import LearningPhase, ModelCard
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.outbox.inbox import Delivery, NotYetError
from shared.outbox.writing import send

LEASE = timedelta(minutes=2)

# The share of the whole that is done when a phase begins.
BEGUN = {
    LearningPhase.READING: 0.0,
    LearningPhase.FEATURES: 0.1,
    LearningPhase.FITTING: 0.6,
    LearningPhase.JUDGING: 0.7,
    LearningPhase.INTERVALS: 0.8,
}

log = structlog.get_logger()


class ModelLostError(Exception):
    """Another worker has taken the model up: stop, and change nothing."""


@dataclass(frozen=True)
class Hold:
    """One worker's hold on a model; it beats whenever the model moves on."""

    database: Database
    model_id: UUID
    worker: str = field(default_factory=lambda: uuid4().hex)

    def claim(self) -> bool:
        with self.database.writing(SYSTEM) as session:
            return queries.claim_model(session, self.model_id, self.worker, LEASE.total_seconds())

    def note(self, phase: LearningPhase, share: float = 0.0) -> None:
        """Say where the model is. Raises ModelLostError."""
        reached = BEGUN[phase] + share * (BEGUN[LearningPhase.FITTING] - BEGUN[LearningPhase.FEATURES])
        with self.database.writing(SYSTEM) as session:
            if not queries.move_model(session, self.model_id, self.worker, phase=phase, progress=round(reached, 3)):
                raise ModelLostError


@dataclass(frozen=True)
class OutcomeLearner:
    """Works on models with the embedding model that the scores are made with."""

    embedding: EmbeddingModel

    def handle(self, delivery: Delivery, message: OutcomeModelRequested) -> None:
        """Handle OutcomeModelRequested: the model ends with a card or fails with a sentence."""
        hold = Hold(delivery.database, message.model_id)
        if not hold.claim():
            _leave(delivery, message.model_id)
            return
        try:
            self._conclude(delivery, hold, self._card(hold))
        except ModelLostError:
            _leave(delivery, message.model_id)
        except OperationalError:
            raise  # the database went away: the message comes again
        except Exception as error:
            log.exception("learning failed", model_id=str(message.model_id))
            _fail(delivery, hold, error)

    def _card(self, hold: Hold) -> ModelCard:
        hold.note(LearningPhase.READING)
        with hold.database.writing(SYSTEM) as session:
            model = queries.read_model(session, hold.model_id)
            if model is None:
                raise ModelLostError
            queries.note_outcomes_of(session, model["program_id"])
        policy = Policy.model_validate(model["policy"])
        hold.note(LearningPhase.FEATURES)
        with hold.database.reading(SYSTEM) as session:
            pairs = past_pairs(session, model["program_id"], policy, self._reader(hold))
            seen = observe(pairs, policy, now(session))
        learned = learn(seen, lambda stage: hold.note(PHASES[stage]))
        return make_card(seen, learned, source_of(pairs, policy, model))

    def _reader(self, hold: Hold) -> Callable[[Cycle], Interests]:
        vectors = StoredVectors(hold.database, self.embedding.name)

        def report(done: int, total: int) -> None:
            if done % 64 == 0:
                hold.note(LearningPhase.FEATURES, done / max(total, 1))

        def read(cycle: Cycle) -> Interests:
            sides = [[person.statements for person in side] for side in (cycle.mentees, cycle.mentors)]
            vectors.fetch(passages_of([*sides[0], *sides[1]]))
            interests = InterestReader(self.embedding, vectors, report).read(*sides)
            vectors.flush()
            return interests

        return read

    @staticmethod
    def _conclude(delivery: Delivery, hold: Hold, card: ModelCard) -> None:
        with delivery.database.writing(SYSTEM) as session:
            done = {"phase": LearningPhase.DONE, "progress": 1.0, "card": card.model_dump(mode="json")}
            if not queries.move_model(session, hold.model_id, hold.worker, finished_at=now(session), **done):
                raise ModelLostError
            send(session, OutcomeModelReady(model_id=hold.model_id))
            delivery.finish(session)


PHASES = {
    Stage.FITTING: LearningPhase.FITTING,
    Stage.JUDGING: LearningPhase.JUDGING,
    Stage.INTERVALS: LearningPhase.INTERVALS,
}


def _leave(delivery: Delivery, model_id: UUID) -> None:
    """The model is done (then so is the message), or in other hands (then the message comes again)."""
    with delivery.database.writing(SYSTEM) as session:
        if queries.read_model(session, model_id) is not None and not queries.is_model_finished(session, model_id):
            raise NotYetError(LEASE / 4)
        delivery.finish(session)


def _fail(delivery: Delivery, hold: Hold, error: Exception) -> None:
    with delivery.database.writing(SYSTEM) as session:
        told = {"phase": LearningPhase.FAILED, "error": f"{error}" or type(error).__name__}
        if queries.move_model(session, hold.model_id, hold.worker, finished_at=now(session), **told):
            send(session, OutcomeModelFailed(model_id=hold.model_id))
        delivery.finish(session)
