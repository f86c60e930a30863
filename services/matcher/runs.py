"""A match run of the platform: read the blind views, embed, score, solve, certify, explain, and store one draft.

A what-if runs the same way, but solves twice and stores an answer.
"""

from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy.exc import OperationalError

from services.matcher import queries
from services.matcher.assignment.problem import Problem, Rules
from services.matcher.assignment.solution import Phase, RunCancelled, Solution
from services.matcher.assignment.solve import solve
from services.matcher.drafting import Draft, Solved, draft_of
from services.matcher.exploring import Explored, explore
from services.matcher.interests.model import EmbeddingModel
from services.matcher.interests.records import Interests
from services.matcher.ledger import LEASE, RunLedger, RunLostError
from services.matcher.order_scores import read_interests, score_order
from services.matcher.orders import Order, read_order
from services.matcher.outcomes.queries import replace_scored_pairs
from services.matcher.posing import pose_problem
from services.matcher.what_ifs import answer, changed_problem, changed_rules
from shared.contracts.messages import MatchRunDrafted, MatchRunFailed, MatchRunRequested, WhatIfAnswered
from shared.contracts.run_report import RunPhase
from shared.contracts.what_if import WhatIfAnswer, WhatIfQuestion
from shared.db.actor import SYSTEM
from shared.db.engine import WriteSession
from shared.models.base import Json
from shared.models.matching import RunPurpose
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

# How far a second solution is, by its phase: the bar of a what-if moves on.
REACHED = {phase: n / len(Phase) for n, phase in enumerate(Phase)}

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

    def _work(self, ledger: RunLedger) -> Draft | WhatIfAnswer:
        if ledger.attempts > MOST_ATTEMPTS:
            raise RunGivenUpError
        ledger.note(RunPhase.READING)
        order = _read(ledger)
        interests = self._interests(ledger, order)
        ledger.note(RunPhase.SCORING)
        scores = score_order(order, interests)
        problem = pose_problem(order.cycle, scores, order.decisions)
        solution = _solve(ledger, problem, order.rules)
        if order.is_what_if:
            return _compare(ledger, order, problem, solution)
        solved = Solved(scores, problem, solution, _explore(ledger, order, problem, solution))
        return draft_of(ledger, order, solved, self.model.name)

    def _interests(self, ledger: RunLedger, order: Order) -> Interests:
        def report(done: int, total: int) -> None:
            ledger.note(RunPhase.EMBEDDING, done / max(total, 1))

        ledger.note(RunPhase.EMBEDDING)
        return read_interests(ledger.database, self.model, order, report)

    @staticmethod
    def _conclude(delivery: Delivery, ledger: RunLedger, made: Draft | WhatIfAnswer) -> None:
        with delivery.database.writing(SYSTEM) as session:
            if isinstance(made, Draft):
                _conclude_draft(session, ledger, made)
            else:
                _conclude_answer(session, ledger, made)
            delivery.finish(session)


def _solve(ledger: RunLedger, problem: Problem, rules: Rules) -> Solution:
    def report(phase: Phase, done: float) -> None:
        ledger.note(PHASES[phase], done)

    return solve(problem, rules, report, ledger.is_lost)


def _explore(ledger: RunLedger, order: Order, problem: Problem, optimum: Solution) -> Explored | None:
    """Where the policy asks for it, a match near the optimum; additions to a published match never explore."""
    asked = order.policy.exploration
    if not asked.epsilon or order.purpose is not RunPurpose.MATCH:
        return None
    return explore(problem, optimum, asked.epsilon, asked.draws, lambda done: ledger.note(RunPhase.TOTAL, done))


def _compare(ledger: RunLedger, order: Order, problem: Problem, before: Solution) -> WhatIfAnswer:
    """Solve once more, with what the question changes."""

    def report(phase: Phase, done: float) -> None:
        ledger.note(RunPhase.COMPARING, REACHED[phase] + done / len(Phase))

    question = WhatIfQuestion.model_validate(order.asked)
    ledger.note(RunPhase.COMPARING)
    changed = changed_problem(problem, order.cycle.mentors, question)
    after = solve(changed, changed_rules(order.rules, question), report, ledger.is_lost)
    return answer(order.cycle, problem, before, after, sum(ledger.finish_phases().values()))


def _conclude_draft(session: WriteSession, ledger: RunLedger, draft: Draft) -> None:
    _finish(session, ledger, {
        "report": draft.report(ledger), "certificate": draft.certificate, "interest_scale": draft.interest_scale,
    })  # fmt: skip
    queries.replace_draft(session, ledger.run_id, draft.pairs, draft.unmatched)
    queries.replace_standings(session, ledger.run_id, draft.standings)
    replace_scored_pairs(session, ledger.run_id, draft.scored)
    queries.replace_prices(session, draft.cycle_id, draft.prices)
    send(session, MatchRunDrafted(run_id=ledger.run_id))


def _conclude_answer(session: WriteSession, ledger: RunLedger, found: WhatIfAnswer) -> None:
    _finish(session, ledger, {"report": found.model_dump(mode="json")})
    send(session, WhatIfAnswered(run_id=ledger.run_id))


def _finish(session: WriteSession, ledger: RunLedger, outcome: Json) -> None:
    if not queries.finish_run(session, ledger.run_id, ledger.worker, {"phase": RunPhase.DONE, **outcome}):
        raise RunLostError


def _read(ledger: RunLedger) -> Order:
    with ledger.database.reading(SYSTEM) as session:
        order = read_order(session, ledger.run_id)
        if order is None:
            raise RunLostError
        return order


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
