"""How far match runs explore, as JSON, for the leads of the program."""

from fastapi import APIRouter
from pydantic import Field

from services.api.edge import Reading, SignedIn, Writing
from services.api.errors import NotFoundError
from services.api.learning.exploring import service
from services.api.learning.pages import LearningProgram
from services.api.problems import PROBLEMS
from shared.contracts.exploration import ExplorationSetting
from shared.db.engine import ReadSession
from shared.models.programs import Program

router = APIRouter(prefix="/api/v1/programs/{slug}/exploration", tags=["learning"], responses=PROBLEMS)


class ExplorationOut(ExplorationSetting):
    """How far runs explore. A policy that came as a file may explore further than can be set here."""

    epsilon: float
    draws: int
    policy_version: int = Field(description="The newest version of the policy, which says so.")


def _told(session: ReadSession, program: Program) -> ExplorationOut:
    standing = service.standing_of(session, program.id)
    if standing is None:
        raise NotFoundError
    return ExplorationOut(epsilon=standing.epsilon, draws=standing.draws, policy_version=standing.version)


@router.get("", summary="How far match runs explore")
def show_exploration(program: LearningProgram, session: Reading) -> ExplorationOut:
    return _told(session, program)


@router.put("", summary="Set how far match runs explore, by a new version of the policy")
def set_exploration(
    wanted: ExplorationSetting, visitor: SignedIn, program: LearningProgram, session: Writing
) -> ExplorationOut:
    """The same setting again makes no new version. 409 without a policy."""
    service.explore(session, visitor, program, wanted)
    return _told(session, program)
