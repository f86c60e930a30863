"""How far match runs explore: read from the newest policy, changed by a new version of it."""

from dataclasses import dataclass
from uuid import UUID

from services.api.errors import ConflictError, InvalidError
from services.api.learning import queries
from services.api.matching.runs.queries import open_cycles, who_is_in
from services.api.oversight.audit import record
from services.api.visitor import Visitor
from services.api.web.translations import gettext as _
from shared.contracts.exploration import MOST_EXPLORED_PAIRS, USUAL_DRAWS, ExplorationSetting
from shared.db.engine import ReadSession, WriteSession
from shared.models.base import Json
from shared.models.programs import Policy, Program


@dataclass(frozen=True)
class Standing:
    """What holds now. A policy of leximin cannot explore; `too_large` names the open cycles that would fail."""

    version: int
    epsilon: float
    draws: int
    coverage: str
    floor: object
    too_large: tuple[str, ...]


def standing_of(session: ReadSession, program_id: UUID) -> Standing | None:
    """None for a program without a policy."""
    newest = queries.newest_policy(session, program_id)
    if newest is None:
        return None
    explores, solves = (newest.document.get(part, {}) for part in ("exploration", "assignment"))
    return Standing(
        version=newest.version,
        epsilon=float(explores.get("epsilon", 0.0)),
        draws=int(explores.get("draws", USUAL_DRAWS)),
        coverage=solves.get("coverage", "first"),
        floor=solves.get("floor", "max"),
        too_large=_too_large(session, program_id),
    )


def _too_large(session: ReadSession, program_id: UUID) -> tuple[str, ...]:
    counted = [(cycle.name, who_is_in(session, cycle.id)) for cycle in open_cycles(session, program_id)]
    return tuple(name for name, who in counted if who.slots_wanted * who.mentors > MOST_EXPLORED_PAIRS)


def explore(session: WriteSession, visitor: Visitor, program: Program, wanted: ExplorationSetting) -> Policy | None:
    """A new version of the policy, equal to the newest in everything else; None if it says so already.

    Raises ConflictError without a policy, InvalidError for one that makes leximin matches.
    """
    queries.lock_program(session, program.id)
    newest, was = queries.newest_policy(session, program.id), standing_of(session, program.id)
    if newest is None or was is None:
        raise ConflictError(_("This program has no policy yet."), code="no_policy")
    if wanted.epsilon and was.floor == "leximin":
        message = _("This policy goes on raising the next weakest match (leximin), which leaves nothing to explore.")
        raise InvalidError({"epsilon": message})
    if (was.epsilon, was.draws) == (wanted.epsilon, wanted.draws):
        return None
    policy = queries.add_policy(session, _next_version(newest, wanted, visitor))
    detail = {"version": policy.version, **wanted.model_dump(), "was": was.epsilon}
    record(session, visitor, "policy.exploration_set", "policy", policy.id, program.id, **detail)
    return policy


def _next_version(newest: Policy, wanted: ExplorationSetting, visitor: Visitor) -> Policy:
    version = newest.version + 1
    document: Json = {**newest.document, "version": version, "exploration": wanted.model_dump()}
    note = f"Explores, up to {wanted.epsilon:g} a pair" if wanted.epsilon else "Explores no more"
    return Policy(
        program_id=newest.program_id, version=version, document=document, created_by=visitor.account_id, note=note
    )
