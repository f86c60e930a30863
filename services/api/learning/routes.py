"""Outcome models as JSON, for the leads of the program."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from services.api.edge import Reading, SignedIn, Writing
from services.api.learning import queries, service
from services.api.learning.pages import Decision, LearningProgram, deciding, seen_model
from services.api.learning.queries import ModelLine
from services.api.learning.service import Case
from services.api.problems import PROBLEMS
from shared.contracts.model_card import ModelCard
from shared.db.engine import ReadSession

router = APIRouter(prefix="/api/v1/programs/{slug}/models", tags=["learning"], responses=PROBLEMS)


class ModelOut(BaseModel):
    """A model of outcomes; `progress` is the share of the learning that is done."""

    id: UUID
    version: int
    state: str = Field(examples=["ready"])
    phase: str = Field(examples=["fitting"])
    progress: float = Field(ge=0, le=1)
    policy_version: int = Field(description="The hand-set policy that the weights are pulled towards.")
    adopted_version: int | None = Field(description="The version of the policy that adopting made.")
    verdict: str | None = Field(examples=["no_signal"])
    error: str | None
    requested_at: datetime
    decided_at: datetime | None


class ModelWithCard(ModelOut):
    card: ModelCard | None


def _told(line: ModelLine) -> dict[str, Any]:
    card, model = line.card or {}, line.model
    return {
        "id": model.id, "version": model.version, "state": model.state, "phase": line.phase,
        "progress": line.progress, "policy_version": line.policy_version, "adopted_version": line.adopted_version,
        "verdict": card.get("verdict"), "error": line.error, "requested_at": model.requested_at,
        "decided_at": model.decided_at,
    }  # fmt: skip


def _again(session: ReadSession, line: ModelLine) -> ModelOut:
    session.expire_all()
    found = queries.model_line(session, line.model.program_id, line.model.id)
    assert found is not None  # noqa: S101 — just written
    return ModelOut(**_told(found))


@router.get("", summary="The program's outcome models, the newest first")
def list_models(program: LearningProgram, session: Reading) -> list[ModelOut]:
    return [ModelOut(**_told(line)) for line in queries.model_lines(session, program.id)]


@router.post("", status_code=201, summary="Learn from outcomes")
def request_model(visitor: SignedIn, program: LearningProgram, session: Writing) -> ModelOut:
    """409 while another model is being learned."""
    model = service.request_model(session, visitor, program)
    line = queries.model_line(session, program.id, model.id)
    assert line is not None  # noqa: S101 — just written
    return ModelOut(**_told(line))


@router.get("/{model_id}", summary="A model with its card")
def show_model(line: Annotated[ModelLine, Depends(seen_model)]) -> ModelWithCard:
    return ModelWithCard(**_told(line), card=service.card_of(line))


@router.post("/{model_id}/adopt", summary="Make a version of the policy with the model's weights")
def adopt_model(why: Decision, case: Annotated[Case, Depends(deciding)]) -> ModelOut:
    """409 for a model that is decided on, or that leaves the weights as they are."""
    service.adopt(case, why.reason)
    return _again(case.session, case.line)


@router.post("/{model_id}/refuse", summary="Leave the weights as they are")
def refuse_model(why: Decision, case: Annotated[Case, Depends(deciding)]) -> ModelOut:
    service.refuse(case, why.reason)
    return _again(case.session, case.line)
