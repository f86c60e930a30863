"""Match runs as JSON, for the leads of the program."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from services.api.edge import CurrentServices, Reading, SignedIn, Writing
from services.api.matching.drafts import queries as drafts
from services.api.matching.drafts.pages import PairQuery
from services.api.matching.revising.schemas import Revision
from services.api.matching.revising.service import add_late, revise
from services.api.matching.runs import publishing, queries, service
from services.api.matching.runs.pages import MOST_RUNS, LedProgram, NewRun, led_run
from services.api.matching.runs.publishing import Moment
from services.api.matching.runs.queries import RunLine
from services.api.matching.runs.taking_back import take_back
from services.api.matching.telling import tell_unmatched
from services.api.problems import PROBLEMS
from shared.contracts.run_report import RunReport
from shared.db.engine import ReadSession

router = APIRouter(prefix="/api/v1/programs/{slug}/runs", tags=["match runs"], responses=PROBLEMS)


class RunOut(BaseModel):
    """A match run; `progress` is the share of the whole that is done."""

    id: UUID
    cycle_id: UUID
    cycle: str
    policy_version: int
    state: str = Field(examples=["draft"])
    purpose: str = Field(examples=["match"], description="match, or additions to a published one")
    base_run_id: UUID | None = Field(description="The draft that this one revises, or the match that it adds to.")
    phase: str = Field(examples=["coverage"])
    progress: float = Field(ge=0, le=1)
    error: str | None
    requested_at: datetime
    finished_at: datetime | None
    published_at: datetime | None


class RunWithReport(RunOut):
    report: RunReport | None


class PairOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    mentee_id: UUID
    mentor_id: UUID
    mentee: str
    mentee_site: str
    mentor: str
    mentor_site: str
    kind: str
    score: float


class UnmatchedOut(BaseModel):
    mentee_id: UUID
    mentee: str
    site: str
    stage: str
    kind: str
    reasons: list[str]


class Page(BaseModel):
    """How many there are in all, and which page this is (of 50)."""

    count: int
    page: int


class PairPage(Page):
    pairs: list[PairOut]


class UnmatchedPage(Page):
    unmatched: list[UnmatchedOut]


class Publishing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    leave_out: bool = Field(default=False, description="Publish without the pairs that no longer fit.")


class PublishedOut(BaseModel):
    proposals: int
    left_out: int


def _run(line: RunLine) -> dict[str, Any]:
    run = line.run
    return {
        "id": run.id,
        "cycle_id": run.cycle_id,
        "cycle": line.cycle.name,
        "policy_version": line.policy_version,
        "state": run.state,
        "purpose": run.purpose,
        "base_run_id": run.base_run_id,
        "phase": line.phase,
        "progress": round(service.progress_of(line).share, 4),
        "error": line.error,
        "requested_at": run.requested_at,
        "finished_at": line.finished_at,
        "published_at": run.published_at,
    }


@router.get("", summary="The latest match runs")
def list_runs(program: LedProgram, session: Reading) -> list[RunOut]:
    return [RunOut(**_run(line)) for line in queries.run_lines(session, program.id, MOST_RUNS)]


@router.post("", status_code=201, summary="Ask for a draft")
def request_run(wanted: NewRun, visitor: SignedIn, program: LedProgram, session: Writing) -> RunOut:
    """`cycle_id` is told by `GET /programs/{slug}`, `policy_id` by its `/policies`. 409 while a run is under way."""
    run = service.request_run(session, visitor, program, wanted.cycle_id, wanted.policy_id)
    return RunOut(**_run(_line(session, program.id, run.id)))


def _line(session: ReadSession, program_id: UUID, run_id: UUID) -> RunLine:
    line = queries.run_line(session, program_id, run_id)
    assert line is not None  # noqa: S101 — just written
    return line


@router.get("/{run_id}", summary="A run with its progress and, once drafted, its report")
def show_run(session: Reading, line: Annotated[RunLine, Depends(led_run)]) -> RunWithReport:
    return RunWithReport(**_run(line), report=service.read_report(session, line.run.id))


@router.get("/{run_id}/pairs", summary="The pairs of a draft, filtered, a page at a time")
def list_pairs(
    session: Reading, line: Annotated[RunLine, Depends(led_run)], asked: Annotated[PairQuery, Query()]
) -> PairPage:
    wanted = asked.wanted()
    found = [PairOut.model_validate(pair) for pair in drafts.pair_lines(session, line.run.id, wanted)]
    return PairPage(count=drafts.count_pairs(session, line.run.id, wanted), page=asked.page, pairs=found)


@router.get("/{run_id}/unmatched", summary="The wishes that a draft leaves open, with reasons")
def list_unmatched(
    session: Reading,
    line: Annotated[RunLine, Depends(led_run)],
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> UnmatchedPage:
    lines = drafts.unmatched_lines(session, line.run.id, page)
    told = [
        UnmatchedOut(
            mentee_id=one.mentee_id, mentee=one.mentee, site=one.site, stage=one.stage, kind=one.kind,
            reasons=tell_unmatched(one.reasons, "en"),
        )
        for one in lines
    ]  # fmt: skip
    return UnmatchedPage(count=drafts.count_unmatched(session, line.run.id), page=page, unmatched=told)


@router.post("/{run_id}/publish", summary="Publish a draft: all of it in one transaction, or nothing")
def publish_run(
    how: Publishing,
    visitor: SignedIn,
    services: CurrentServices,
    session: Writing,
    line: Annotated[RunLine, Depends(led_run)],
) -> PublishedOut:
    """409 `stale_draft` (nothing published) if pairs no longer fit and may not be left out."""
    done = publishing.publish(session, visitor, line.run, Moment.of(services), leave_out=how.leave_out)
    return PublishedOut(proposals=done.proposals, left_out=done.left_out)


@router.post("/{run_id}/discard", summary="Discard a run that is not published")
def discard_run(
    visitor: SignedIn, program: LedProgram, session: Writing, line: Annotated[RunLine, Depends(led_run)]
) -> RunOut:
    service.discard_run(session, visitor, line.run)
    session.expire_all()
    return RunOut(**_run(_line(session, program.id, line.run.id)))


@router.post("/{run_id}/take-back", summary="Take back a published match before its first notice leaves")
def take_back_run(
    visitor: SignedIn, program: LedProgram, session: Writing, line: Annotated[RunLine, Depends(led_run)]
) -> RunOut:
    """published → draft. 409 `notices_left` once the first notice has left."""
    take_back(session, visitor, line.run)
    session.expire_all()
    return RunOut(**_run(_line(session, program.id, line.run.id)))


@router.post("/{run_id}/revise", status_code=201, summary="Match again with one decision about a pair more or less")
def revise_draft(
    revision: Revision, visitor: SignedIn, program: LedProgram, session: Writing,
    line: Annotated[RunLine, Depends(led_run)],
) -> RunOut:  # fmt: skip
    """A new run; the draft stays. 409 while another run of the cycle is under way."""
    run = revise(session, visitor, line.run, revision)
    return RunOut(**_run(_line(session, program.id, run.id)))


@router.post("/{run_id}/additions", status_code=201, summary="Match late arrivals beside a published match")
def request_additions(
    visitor: SignedIn, program: LedProgram, session: Writing, line: Annotated[RunLine, Depends(led_run)]
) -> RunOut:
    """A new run over what is free now; what is published, held or accepted stays."""
    run = add_late(session, visitor, line.run)
    return RunOut(**_run(_line(session, program.id, run.id)))
