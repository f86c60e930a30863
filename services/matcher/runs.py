"""A match run of the platform: read the blind views, embed, score, solve, certify, explain, and store one draft."""

from dataclasses import dataclass
from uuid import UUID

import numpy as np
import structlog
from sqlalchemy.exc import OperationalError

from services.matcher import queries
from services.matcher.assignment.problem import Problem, Rules
from services.matcher.assignment.solution import Phase, RunCancelled, Solution
from services.matcher.assignment.solve import solve
from services.matcher.drafting import Draft, draft_of
from services.matcher.interests.model import EmbeddingModel
from services.matcher.interests.reading import InterestReader, passages_of
from services.matcher.interests.records import Interests
from services.matcher.ledger import LEASE, RunLedger, RunLostError
from services.matcher.loading import Cycle, load_cycle
from services.matcher.policy import Policy
from services.matcher.scoring.national import NationalScores
from services.matcher.vectors import StoredVectors
from shared.contracts.messages import MatchRunDrafted, MatchRunFailed, MatchRunRequested
from shared.contracts.run_report import RunPhase
from shared.db.actor import SYSTEM
from shared.outbox.inbox import Delivery, NotYetError
from shared.outbox.writing import send

PHASES = {
    Phase.SCREENING: RunPhase.SCORING,
    Phase.COVERAGE: RunPhase.COVERAGE,
    Phase.FLOOR: RunPhase.FLOOR,
    Phase.SOLVING: RunPhase.TOTAL,
    Phase.PRICING: RunPhase.TOTAL,
    Phase.TIES: RunPhase.TOTAL,
}

# A run that takes its worker down each time (out of memory, say) must not do so for ever.
MOST_ATTEMPTS = 3


class RunGivenUpError(Exception):
    """Several workers died in the middle of this run."""

    def __str__(self) -> str:
        return (
            f"The matcher's worker died {MOST_ATTEMPTS} times in the middle of this run. Nothing was changed. Ask the"
            " operator to look at the log of matcher-runs (often memory ran out), then start a new run."
        )


log = structlog.get_logger()


@dataclass(frozen=True)
class MatchRunner:
    """Works on match runs with one embedding model."""

    model: EmbeddingModel

    def handle(self, delivery: Delivery, message: MatchRunRequested) -> None:
        """Handle MatchRunRequested: the run ends as a draft or fails with a sentence; never half of either.

        A worker that dies leaves what it embedded; the message comes again and the next worker starts over from
        there once the heartbeat has gone stale.
        """
        ledger = RunLedger(delivery.database, message.run_id)
        if not ledger.claim():
            _leave(delivery, message.run_id)
            return
        try:
            with ledger.kept_alive():
                self._conclude(delivery, ledger, self._work(ledger))
        except (RunLostError, RunCancelled):
            _leave(delivery, message.run_id)
        except OperationalError:
            raise  # the database went away: the message comes again
        except Exception as error:
            log.exception("match run failed", run_id=str(message.run_id))
            _fail(delivery, ledger, error)

    def _work(self, ledger: RunLedger) -> Draft:
        if ledger.attempts > MOST_ATTEMPTS:
            raise RunGivenUpError
        ledger.note(RunPhase.READING)
        policy, cycle = _read(ledger)
        interests = self._interests(ledger, cycle)
        ledger.note(RunPhase.SCORING)
        scores = NationalScores(cycle.mentees, cycle.mentors, policy, interests)
        problem = pose_problem(ledger.run_id, cycle, scores, policy)
        solution = self._solve(ledger, problem, policy)
        return draft_of(ledger, cycle, scores, problem, solution, self.model.name)

    def _interests(self, ledger: RunLedger, cycle: Cycle) -> Interests:
        ledger.note(RunPhase.EMBEDDING)
        vectors = StoredVectors(ledger.database, self.model.name)
        mentees, mentors = ([p.statements for p in side] for side in (cycle.mentees, cycle.mentors))
        vectors.fetch(passages_of([*mentees, *mentors]))

        def report(done: int, total: int) -> None:
            ledger.note(RunPhase.EMBEDDING, done / max(total, 1))

        interests = InterestReader(self.model, vectors, report).read(mentees, mentors)
        vectors.flush()
        return interests

    @staticmethod
    def _solve(ledger: RunLedger, problem: Problem, policy: Policy) -> Solution:
        def report(phase: Phase, done: float) -> None:
            ledger.note(PHASES[phase], done)

        rules = Rules(**policy.assignment.model_dump())
        return solve(problem, rules, report, ledger.is_lost)

    @staticmethod
    def _conclude(delivery: Delivery, ledger: RunLedger, draft: Draft) -> None:
        with delivery.database.writing(SYSTEM) as session:
            outcome = {"phase": RunPhase.DONE, "report": draft.report(ledger), "certificate": draft.certificate}
            if not queries.finish_run(session, ledger.run_id, ledger.worker, outcome):
                raise RunLostError
            queries.replace_draft(session, ledger.run_id, draft.pairs, draft.unmatched)
            queries.replace_standings(session, ledger.run_id, draft.standings)
            queries.replace_prices(session, draft.cycle_id, draft.prices)
            send(session, MatchRunDrafted(run_id=ledger.run_id))
            delivery.finish(session)


def pose_problem(run_id: UUID, cycle: Cycle, scores: NationalScores, policy: Policy) -> Problem:
    """The assignment problem of a cycle: a row per open slot, ties broken by a key of this run's own."""
    serve_first = policy.tiers.unmatched_before
    return Problem(
        source=scores,
        owner=scores.owner,
        capacity=np.array([m.max_mentees for m in cycle.mentors], np.int32),
        minimum=np.array([m.min_mentees for m in cycle.mentors], np.int32),
        tier=np.array([cycle.mentees[n].tier if serve_first else 0 for n in scores.owner], np.int16),
        tie_key=run_id.bytes,
        row_ids=tuple(f"{cycle.mentees[n].id}/{k}" for n, k in zip(scores.owner, _slot_numbers(scores), strict=True)),
        mentor_ids=tuple(m.id for m in cycle.mentors),
    )


def _slot_numbers(scores: NationalScores) -> list[int]:
    """The number of each row's slot among its mentee's slots."""
    firsts = np.searchsorted(scores.owner, scores.owner)
    return [int(n) for n in np.arange(scores.rows) - firsts]


def _read(ledger: RunLedger) -> tuple[Policy, Cycle]:
    with ledger.database.reading(SYSTEM) as session:
        run = queries.read_run(session, ledger.run_id)
        if run is None:
            raise RunLostError
        policy = Policy.model_validate(run["policy"])
        return policy, load_cycle(session, run["cycle_id"], policy)


def _leave(delivery: Delivery, run_id: UUID) -> None:
    """The run is over (then so is the message), or in other hands (then the message comes again, should they fail)."""
    with delivery.database.writing(SYSTEM) as session:
        run = queries.read_run(session, run_id)
        over = run is None or run["state"] != "requested" or queries.is_finished(session, run_id)
        if not over:
            raise NotYetError(LEASE / 4)
        delivery.finish(session)


def _fail(delivery: Delivery, ledger: RunLedger, error: Exception) -> None:
    with delivery.database.writing(SYSTEM) as session:
        outcome = {"phase": RunPhase.FAILED, "error": f"{error}" or type(error).__name__}
        if queries.finish_run(session, ledger.run_id, ledger.worker, outcome):
            send(session, MatchRunFailed(run_id=ledger.run_id))
        delivery.finish(session)
