"""Asking what would be: the question becomes a run of the matcher, its answer stays with it."""

from services.api.errors import ConflictError, InvalidError
from services.api.matching.runs import queries as runs
from services.api.matching.what_ifs import queries
from services.api.oversight.audit import record
from services.api.visitor import Visitor
from services.api.web.translations import gettext as _
from shared.contracts.messages import MatchRunRequested
from shared.contracts.what_if import WhatIfAnswer, WhatIfQuestion
from shared.db.engine import ReadSession, WriteSession
from shared.models.matching import MatchRun, RunPurpose, RunState
from shared.models.programs import Cycle, Program
from shared.outbox.writing import send


def ask(session: WriteSession, visitor: Visitor, program: Program, cycle: Cycle, question: WhatIfQuestion) -> MatchRun:
    """Ask the matcher. Raises InvalidError for a question that changes nothing, ConflictError beside another run."""
    if question.changes_nothing:
        raise InvalidError({"form": _("Change at least one thing: mentors, places, or a rule.")})
    policies = runs.policies(session, program.id)
    if not policies:
        raise ConflictError(_("This program has no policy yet."), code="no_policy")
    runs.lock_cycle(session, cycle.id)
    if runs.run_under_way(session, cycle.id):
        message = _("A match run of this cycle is under way.")
        raise ConflictError(message, _("Wait until it is done, then ask again."), code="run_under_way")
    asked = MatchRun(
        program_id=program.id, cycle_id=cycle.id, policy_id=policies[0].id, purpose=RunPurpose.WHAT_IF,
        asked=question.model_dump(mode="json"), requested_by=visitor.account_id,
    )  # fmt: skip
    run = runs.add_run(session, asked)
    send(session, MatchRunRequested(run_id=run.id))
    record(session, visitor, "what_if.asked", "match_run", run.id, program.id, **asked.asked)
    return run


def answer_of(session: ReadSession, run: MatchRun) -> WhatIfAnswer | None:
    """The answer of a question; None while there is none."""
    stored = queries.answer_of(session, run.id) if run.state == RunState.ANSWERED else None
    return WhatIfAnswer.model_validate(stored) if stored else None


def answered(session: ReadSession, program: Program, limit: int) -> list[tuple[MatchRun, WhatIfAnswer | None]]:
    """The latest questions with their answers, as far as there are any."""
    return [
        (run, WhatIfAnswer.model_validate(stored) if stored and run.state == RunState.ANSWERED else None)
        for run, stored in queries.what_if_runs(session, program.id, limit)
    ]
