"""The first look at a whole cycle: everybody's texts embedded with progress, then everybody's suggestions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.matcher import queries
from services.matcher.interests.embedding import embed_texts
from services.matcher.interests.model import EmbeddingModel
from services.matcher.interests.reading import passages_of
from services.matcher.loading import Cycle, load_cycle
from services.matcher.policy import Policy
from services.matcher.scoring.people import Mentee
from services.matcher.suggestions import SuggestionDesk
from services.matcher.vectors import StoredVectors
from shared.contracts.messages import CycleFilled, MatchRunPublished
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.outbox.inbox import Delivery

REPORT_EVERY = 64
LISTS_AT_ONCE = 50


@dataclass(frozen=True)
class CycleFiller:
    """Embeds a cycle; what a killed worker had done stays done."""

    model: EmbeddingModel
    desk: SuggestionDesk

    def fill(self, delivery: Delivery, message: CycleFilled) -> None:
        """Handle CycleFilled."""
        self._renew(delivery, message.cycle_id)

    def after_publication(self, delivery: Delivery, message: MatchRunPublished) -> None:
        """Handle MatchRunPublished: whoever still waits gets a list that reckons with the slots now held."""
        with delivery.database.reading(SYSTEM) as session:
            run = queries.read_run(session, message.run_id)
        if run is not None:
            self._renew(delivery, run["cycle_id"])

    def _renew(self, delivery: Delivery, cycle_id: UUID) -> None:
        with delivery.database.reading(SYSTEM) as session:
            row = queries.read_cycle(session, cycle_id)
            cycle = load_cycle(session, cycle_id, Policy.model_validate((row and row["policy"]) or {}))
        self._embed(delivery.database, cycle)
        for some in _chunks([m for m in cycle.mentees if m.slots]):
            with delivery.database.writing(SYSTEM) as session:
                self.desk.suggest_all(session, some, cycle_id)
        with delivery.database.writing(SYSTEM) as session:
            delivery.finish(session)

    def _embed(self, database: Database, cycle: Cycle) -> None:
        passages = passages_of([p.statements for p in (*cycle.mentees, *cycle.mentors)])
        vectors = StoredVectors(database, self.model.name)
        vectors.fetch(passages)

        def report(done: int, total: int) -> None:
            if done % REPORT_EVERY == 0 or done == total:
                _note(database, cycle.cycle_id, total, done)

        embed_texts(passages, self.model, vectors, report)
        vectors.flush()


def _note(database: Database, cycle_id: UUID, texts: int, embedded: int) -> None:
    with database.writing(SYSTEM) as session:
        queries.note_cycle_progress(session, cycle_id, texts, embedded)


def _chunks(mentees: Sequence[Mentee]) -> Iterator[Sequence[Mentee]]:
    for at in range(0, len(mentees), LISTS_AT_ONCE):
        yield mentees[at : at + LISTS_AT_ONCE]
