"""Asking for match runs, and what the matcher answers."""

from dataclasses import dataclass
from uuid import UUID

from services.api.errors import ConflictError, InvalidError
from services.api.matching.runs import queries
from services.api.oversight.audit import record
from services.api.visitor import Visitor
from services.api.web.translations import gettext as _
from shared.contracts.messages import MatchRunDrafted, MatchRunFailed, MatchRunRequested, WhatIfAnswered
from shared.contracts.run_report import COMPARING_PHASES, WORKING_PHASES, RunPhase, RunReport
from shared.db.engine import ReadSession, WriteSession
from shared.models.matching import MatchRun, RunPurpose, RunState
from shared.models.programs import Program
from shared.outbox.writing import send

# How the time of a run is spread over its phases on a first run; the bar only has to move honestly.
PHASE_WEIGHTS: dict[RunPhase, float] = {
    RunPhase.WAITING: 0,
    RunPhase.READING: 3,
    RunPhase.EMBEDDING: 35,
    RunPhase.SCORING: 12,
    RunPhase.COVERAGE: 10,
    RunPhase.FLOOR: 15,
    RunPhase.TOTAL: 15,
    RunPhase.CERTIFYING: 4,
    RunPhase.EXPLAINING: 6,
    RunPhase.COMPARING: 40,
}


KEPT_REPORTS = 20
_REPORTS: dict[UUID, RunReport] = {}


@dataclass(frozen=True)
class Progress:
    """Where a run is: the phase, its own share done, and the share of the whole."""

    phase: RunPhase
    phase_share: float
    phases: tuple[RunPhase, ...] = WORKING_PHASES

    @property
    def share(self) -> float:
        if self.phase is RunPhase.DONE:
            return 1.0
        reached = self.phases[: self.phases.index(self.phase)] if self.phase in self.phases else ()
        done = sum(PHASE_WEIGHTS[phase] for phase in reached)
        done += PHASE_WEIGHTS.get(self.phase, 0) * min(1.0, max(0.0, self.phase_share))
        return done / sum(PHASE_WEIGHTS[phase] for phase in self.phases)

    def state_of(self, phase: RunPhase) -> str:
        """done, current or ahead: for the list of phases."""
        if self.phase not in self.phases:
            return "done" if self.phase is RunPhase.DONE else "ahead"
        here, there = self.phases.index(self.phase), self.phases.index(phase)
        return "done" if there < here else "current" if there == here else "ahead"


def progress_of(line: queries.RunLine) -> Progress:
    """What the matcher has noted; a phase this release does not know counts as the waiting room."""
    known = line.phase in {str(phase) for phase in RunPhase}
    phases = COMPARING_PHASES if line.run.purpose == RunPurpose.WHAT_IF else WORKING_PHASES
    return Progress(RunPhase(line.phase) if known else RunPhase.WAITING, line.progress, phases)


class RunUnderWayError(ConflictError):
    """One run of a cycle at a time; `run` is the one that is there."""

    def __init__(self, run: MatchRun) -> None:
        message, advice = _("A match run of this cycle is under way."), _("Wait for its draft, or discard it first.")
        super().__init__(message, advice, code="run_under_way")
        self.run = run


def require_no_run_under_way(session: WriteSession, cycle_id: UUID) -> None:
    """Until the transaction ends, nobody else asks for a run of this cycle."""
    queries.lock_cycle(session, cycle_id)
    if under_way := queries.find_run(session, queries.run_under_way(session, cycle_id)):
        raise RunUnderWayError(under_way)


def request_run(session: WriteSession, visitor: Visitor, program: Program, cycle_id: UUID, policy_id: UUID) -> MatchRun:
    """Ask the matcher for a draft. InvalidError: a foreign cycle or policy. ConflictError: a second run."""
    if cycle_id not in {cycle.id for cycle in queries.open_cycles(session, program.id)}:
        raise InvalidError({"cycle_id": _("Choose a cycle of this program that is open.")})
    if policy_id not in {policy.id for policy in queries.policies(session, program.id)}:
        raise InvalidError({"policy_id": _("Choose a version of this program's policy.")})
    require_no_run_under_way(session, cycle_id)
    asked = MatchRun(program_id=program.id, cycle_id=cycle_id, policy_id=policy_id, requested_by=visitor.account_id)
    run = queries.add_run(session, asked)
    send(session, MatchRunRequested(run_id=run.id))
    record(session, visitor, "match_run.requested", "match_run", run.id, program.id, policy_id=str(policy_id))
    return run


def discard_run(session: WriteSession, visitor: Visitor, run: MatchRun) -> None:
    """requested | draft | failed → discarded. Raises ConflictError for a published run."""
    if not queries.move_run(session, run.id, RunState.DISCARDED):
        raise ConflictError(_("A published run cannot be discarded."), code="not_discardable")
    record(session, visitor, "match_run.discarded", "match_run", run.id, run.program_id, was=run.state)


def read_report(session: ReadSession, run_id: UUID) -> RunReport | None:
    """The numbers of a draft, checked against the contract; None while there are none.

    A report never changes, and a nation's is large: the last few are kept. Callers have asked the policy already.
    """
    known = _REPORTS.get(run_id)
    if known is None:
        report = queries.report_of(session, run_id)
        known = RunReport.model_validate(report) if report and "score_histogram" in report else None
        if known is not None:
            _REPORTS[run_id] = known
            for oldest in list(_REPORTS)[:-KEPT_REPORTS]:
                _REPORTS.pop(oldest, None)
    return known


def note_drafted(session: WriteSession, message: MatchRunDrafted) -> None:
    """The matcher has finished: requested → draft. A run discarded meanwhile stays discarded."""
    queries.move_run(session, message.run_id, RunState.DRAFT, start=RunState.REQUESTED)


def note_answered(session: WriteSession, message: WhatIfAnswered) -> None:
    """A what-if has its answer: requested → answered."""
    queries.move_run(session, message.run_id, RunState.ANSWERED)


def note_failed(session: WriteSession, message: MatchRunFailed) -> None:
    """The matcher has given up: requested → failed; its reason stands in the run's result."""
    queries.move_run(session, message.run_id, RunState.FAILED)
