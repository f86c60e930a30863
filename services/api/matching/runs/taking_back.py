"""A published match is taken back whole, as long as its first notice has not left."""

from services.api.errors import ConflictError
from services.api.matching.runs import queries
from services.api.oversight.audit import record
from services.api.visitor import Visitor
from services.api.web.translations import gettext as _
from shared.contracts.messages import MatchRunPublished, Message, ProposalPublished
from shared.db.engine import WriteSession
from shared.models.matching import MatchRun, RunState
from shared.outbox.writing import withdraw


def take_back(session: WriteSession, visitor: Visitor, run: MatchRun) -> int:
    """published → draft, if nobody has been told; how many proposals that undid.

    1. the run is locked, and must be published; 2. every notice is withdrawn from the outbox: a notice that the relay
    has taken is waited for and then missing; 3. every proposal is deleted, unless it was answered; 4. if all of both
    were there, run and audit line are written with it. Else ConflictError, and nothing is changed.
    """
    locked = queries.lock_run(session, run.id)
    if locked.state != RunState.PUBLISHED:
        raise ConflictError(_("Only a published match can be taken back."), code="not_published")
    proposals = queries.proposals_of_run(session, run.id)
    notices: list[Message] = [ProposalPublished(proposal_id=proposal) for proposal in proposals]
    notices.append(MatchRunPublished(run_id=run.id))
    if withdraw(session, notices) < len(notices) or queries.delete_open_proposals(session, run.id) < len(proposals):
        raise ConflictError(
            _("The first notice has left, so this match can no longer be taken back."),
            _("Proposals can still be declined one by one, and a new run matches who is left."),
            code="notices_left",
        )
    queries.move_run(
        session, run.id, RunState.DRAFT, start=RunState.PUBLISHED,
        published_by=None, published_at=None, notices_at=None,
    )  # fmt: skip
    record(session, visitor, "match_run.taken_back", "match_run", run.id, run.program_id, proposals=len(proposals))
    return len(proposals)
