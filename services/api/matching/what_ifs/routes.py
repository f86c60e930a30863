"""What-ifs as JSON, for the leads of the program."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from services.api.edge import Reading, SignedIn, Writing
from services.api.errors import ConflictError
from services.api.matching.runs.pages import LedProgram
from services.api.matching.runs.queries import RunLine, open_cycles
from services.api.matching.runs.service import progress_of
from services.api.matching.what_ifs import service
from services.api.matching.what_ifs.pages import led_question
from services.api.problems import PROBLEMS
from services.api.web.translations import gettext as _
from shared.contracts.what_if import WhatIfAnswer, WhatIfQuestion

router = APIRouter(prefix="/api/v1/programs/{slug}/what-ifs", tags=["match runs"], responses=PROBLEMS)


class AskedOut(BaseModel):
    id: UUID


class WhatIfOut(BaseModel):
    """A question and, once worked out, its answer: both matches are proven optimal."""

    id: UUID
    state: str = Field(examples=["answered"])
    progress: float = Field(ge=0, le=1)
    asked_at: datetime
    question: WhatIfQuestion
    answer: WhatIfAnswer | None
    error: str | None


@router.post("", status_code=201, summary="Ask what more mentors, more places or another rule would do")
def ask(question: WhatIfQuestion, visitor: SignedIn, program: LedProgram, session: Writing) -> AskedOut:
    """409 while a match run of the cycle is under way, or without an open cycle."""
    cycles = open_cycles(session, program.id)
    if not cycles:
        raise ConflictError(_("No cycle is open."), code="no_open_cycle")
    return AskedOut(id=service.ask(session, visitor, program, cycles[0], question).id)


@router.get("/{run_id}", summary="A question with its progress and, in the end, its answer")
def show(_program: LedProgram, session: Reading, line: Annotated[RunLine, Depends(led_question)]) -> WhatIfOut:
    return WhatIfOut(
        id=line.run.id,
        state=line.run.state,
        progress=round(progress_of(line).share, 4),
        asked_at=line.run.requested_at,
        question=WhatIfQuestion.model_validate(line.run.asked),
        answer=service.answer_of(session, line.run),
        error=line.error,
    )
