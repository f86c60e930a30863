"""A fairness report for each draft: made once, when the draft arrives, and kept as it was."""

from datetime import datetime
from uuid import UUID

import structlog

from services.api.matching.equity import queries
from services.api.matching.equity.grouping import Named, named_groupings, plain_groupings
from services.api.matching.equity.measuring import Mentor, Run, measure
from services.api.matching.equity.report import EquityReport
from services.api.services import Services
from shared.contracts.messages import MatchRunDrafted
from shared.db.engine import ReadSession, WriteSession
from shared.models.matching import MatchRun
from shared.security.keyring import Keyring, KeyringError

log = structlog.get_logger()


def note_drafted(session: WriteSession, services: Services, message: MatchRunDrafted) -> None:
    """The matcher has finished a draft: store its fairness report."""
    run = session.get(MatchRun, message.run_id)
    if run is not None and queries.find_report(session, run.id) is None:
        report = make_report(session, services.keyring, run, services.clock.now())
        if report is not None:
            queries.add_report(session, run.id, run.program_id, report.model_dump(mode="json"))


def make_report(session: WriteSession, keyring: Keyring, run: MatchRun, now: datetime) -> EquityReport | None:
    """The report of a run; None for one without standings. Answers that now may count are marked."""
    found = _read_run(session, run.id)
    if not found.mentees:
        return None
    present = [one for one in queries.people(session, run.cycle_id) if one.id in {*found.mentees, *found.mentors}]
    dimensions = queries.dimensions(session, run.program_id)
    answers = queries.reported_answers(session, run.cycle_id)
    try:
        named = named_groupings(present, dimensions, answers, keyring)
    except KeyringError:  # a draft must not wait for a key that is missing
        log.exception("no groups by dimension in the fairness report", run_id=str(run.id))
        named = Named([], [])
    queries.count_from_now(session, named.newly_counted, now)
    return measure(found, [*named.groupings, *plain_groupings(present)])


def _read_run(session: ReadSession, run_id: UUID) -> Run:
    loads = [Mentor(UUID(one["mentor_id"]), one["slots"], one["filled"]) for one in queries.loads(session, run_id)]
    return Run({one.id: one for one in queries.standings(session, run_id)}, {one.id: one for one in loads})


def read_report(session: ReadSession, run_id: UUID) -> EquityReport | None:
    """The stored report of a run; None for runs that have none."""
    stored = queries.find_report(session, run_id)
    return EquityReport.model_validate(stored) if stored else None
