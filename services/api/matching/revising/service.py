"""A lead changes a draft: each decision makes a further run with it, so that nothing is lost and the cost is seen."""

from collections.abc import Callable
from uuid import UUID

from services.api.errors import ConflictError, InvalidError
from services.api.matching.revising import queries
from services.api.matching.revising.queries import Rules
from services.api.matching.revising.schemas import Revision
from services.api.matching.runs.queries import add_run
from services.api.matching.runs.service import require_no_run_under_way
from services.api.oversight.audit import record
from services.api.visitor import Visitor
from services.api.web.translations import gettext as _
from shared.contracts.messages import MatchRunRequested
from shared.db.engine import ReadSession, WriteSession
from shared.models.matching import MatchRun, PairRule, RunPurpose, RunState
from shared.outbox.writing import send


def revise(session: WriteSession, visitor: Visitor, draft: MatchRun, revision: Revision) -> MatchRun:
    """Ask for the draft again, with one decision more or less. The draft itself stays.

    Raises InvalidError for people who do not take part, ConflictError for a run that is no draft.
    """
    if draft.state != RunState.DRAFT:
        raise ConflictError(_("Only a draft can be changed."), code="not_a_draft")
    _require_people(session, draft.cycle_id, revision)
    rules = revised(queries.rules_of(session, draft.id), revision)
    run = _ask(session, visitor, draft, RunPurpose(draft.purpose))
    queries.add_rules(session, run, rules)
    record(
        session, visitor, "match_run.revised", "match_run", run.id, run.program_id,
        base_run_id=str(draft.id), **revision.model_dump(mode="json"),
    )  # fmt: skip
    return run


def add_late(session: WriteSession, visitor: Visitor, published: MatchRun) -> MatchRun:
    """Ask for additions to a published match: whoever came late or is free again, beside all that is held."""
    if published.state != RunState.PUBLISHED:
        raise ConflictError(_("Additions belong to a published match."), code="not_published")
    run = _ask(session, visitor, published, RunPurpose.ADDITIONS)
    queries.add_rules(session, run, _kept_apart(queries.rules_of(session, published.id)))
    record(
        session, visitor, "match_run.additions_requested", "match_run", run.id, run.program_id,
        base_run_id=str(published.id),
    )  # fmt: skip
    return run


def revised(rules: Rules, revision: Revision) -> Rules:
    """The decisions after one more. Whoever moves is kept apart from the mentor left behind."""
    known = dict(rules)
    changes: dict[str, Callable[[], Rules]] = {
        "pin": lambda: {**known, _pair(revision): PairRule.PIN},
        "forbid": lambda: {**known, _pair(revision): PairRule.FORBID},
        "release": lambda: {pair: rule for pair, rule in known.items() if pair != _pair(revision)},
        "move": lambda: _moved(known, revision),
    }
    return changes[revision.change]()


def _moved(known: Rules, revision: Revision) -> Rules:
    left = {_pair(revision): PairRule.FORBID} if revision.mentor_id else {}
    assert revision.to_id is not None  # noqa: S101 — `_require_people` has looked
    return {**known, **left, (revision.mentee_id, revision.to_id): PairRule.PIN}


def _pair(revision: Revision) -> queries.Pair:
    assert revision.mentor_id is not None  # noqa: S101 — `_require_people` has looked
    return revision.mentee_id, revision.mentor_id


def _kept_apart(rules: Rules) -> Rules:
    return {pair: rule for pair, rule in rules.items() if rule is PairRule.FORBID}


def _require_people(session: ReadSession, cycle_id: UUID, revision: Revision) -> None:
    mentors = {"mentor_id": revision.mentor_id, "to_id": revision.to_id}
    needed = "to_id" if revision.change == "move" else "mentor_id"
    if mentors[needed] is None or revision.mentor_id == revision.to_id:
        raise InvalidError({needed: _("Choose another mentor.")})
    if revision.change == "release":
        return
    people = [person for person in (revision.mentee_id, *mentors.values()) if person]
    roles = queries.roles_in_cycle(session, cycle_id, people)
    if roles.get(revision.mentee_id) != "mentee":
        raise InvalidError({"mentee_id": _("This mentee does not take part in the cycle.")})
    for field, mentor in mentors.items():
        if mentor and roles.get(mentor) != "mentor" and (field == needed):
            raise InvalidError({field: _("This mentor does not take part in the cycle.")})


def _ask(session: WriteSession, visitor: Visitor, base: MatchRun, purpose: RunPurpose) -> MatchRun:
    require_no_run_under_way(session, base.cycle_id)
    asked = MatchRun(
        program_id=base.program_id, cycle_id=base.cycle_id, policy_id=base.policy_id, purpose=purpose,
        base_run_id=base.id, requested_by=visitor.account_id,
    )  # fmt: skip
    run = add_run(session, asked)
    send(session, MatchRunRequested(run_id=run.id))
    return run
