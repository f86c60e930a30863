"""The versions of a program's policy as JSON: what a match run can be asked for with."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.api.edge import Reading
from services.api.matching.runs import queries
from services.api.matching.runs.pages import LedProgram
from services.api.problems import PROBLEMS

router = APIRouter(prefix="/api/v1/programs/{slug}/policies", tags=["match runs"], responses=PROBLEMS)


class PolicyOut(BaseModel):
    """A version of the weights and rules; it never changes."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(description="`policy_id` of a new run.")
    version: int
    note: str
    created_at: datetime


@router.get("", summary="The versions of the policy, the newest first")
def list_policies(program: LedProgram, session: Reading) -> list[PolicyOut]:
    return [PolicyOut.model_validate(policy) for policy in queries.policies(session, program.id)]
