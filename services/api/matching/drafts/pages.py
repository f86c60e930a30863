"""A draft under the lead's eyes: its pairs with explanations, the open wishes with reasons, the certificate."""

from math import ceil
from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from services.api.edge import Reading, SignedIn, Writing
from services.api.errors import NotFoundError
from services.api.matching.drafts import queries
from services.api.matching.drafts.figures import reason_label
from services.api.matching.drafts.queries import PAGE_SIZE, PairFilter
from services.api.matching.queries import people
from services.api.matching.revising.pages import others_context
from services.api.matching.revising.queries import rules_of
from services.api.matching.runs.pages import LedProgram, led_run
from services.api.matching.runs.queries import RunLine, certificate_of, filled_in_report, unmatched_in_report
from services.api.matching.telling import kind_label, run_state_label, stage_label, tell, tell_unmatched
from services.api.oversight.audit import record
from services.api.web.rendering import page_of, render
from shared.db.engine import ReadSession
from shared.explanations.words import Reader
from shared.vocabulary.mentoring import Kind

router = APIRouter(prefix="/lead/{slug}/runs/{run_id}")
KINDS = tuple(Kind)


class PairQuery(BaseModel):
    """The lead's filter, from the address."""

    name: str = ""
    kind: Literal["", "any", "near_peer", "faculty", "specialty", "reverse"] = ""
    site: Literal["", "same", "other"] = ""
    sort: Literal["best", "weakest", "mentee", "mentor"] = "best"
    page: Annotated[int, Query(ge=1, le=100_000)] = 1

    def wanted(self) -> PairFilter:
        return PairFilter(self.name.strip()[:80], self.kind, self.site, self.sort, self.page)

    def address(self, **changes: str) -> str:
        """The query of this filter with some of it changed; from the first page on."""
        values = {**self.model_dump(exclude={"page"}), **changes}
        return urlencode({key: value for key, value in values.items() if value})


@router.get("/pairs")
def list_pairs(
    request: Request,
    program: LedProgram,
    session: Reading,
    line: Annotated[RunLine, Depends(led_run)],
    asked: Annotated[PairQuery, Query()],
) -> Response:
    wanted = asked.wanted()
    count = _pair_count(session, line, wanted)
    context = {
        "program": program,
        "line": line,
        "run": line.run,
        "pairs": queries.pair_lines(session, line.run.id, wanted),
        "rules": rules_of(session, line.run.id),
        "count": count,
        "pages": ceil(count / PAGE_SIZE),
        "asked": asked,
        "kinds": [(str(kind), kind_label(kind)) for kind in KINDS],
        "kind_label": kind_label,
        "run_state_label": run_state_label,
    }
    return render(request, "matching/pairs.html", context)


def _pair_count(session: ReadSession, line: RunLine, wanted: PairFilter) -> int:
    """Without a filter the report knows it; counting a nation's pairs takes longer than showing a page of them."""
    known = filled_in_report(session, line.run.id) if wanted.is_plain else None
    return queries.count_pairs(session, line.run.id, wanted) if known is None else known


@router.get("/pairs/{mentee_id}/{mentor_id}")
def show_pair(
    mentee_id: UUID,
    mentor_id: UUID,
    request: Request,
    visitor: SignedIn,
    program: LedProgram,
    line: Annotated[RunLine, Depends(led_run)],
    session: Writing,
    part: Literal["", "explanation"] = "",
    named: Annotated[str, Query(alias="mentor")] = "",
) -> Response:
    """The explanation of one pair; the look is noted where both people can read it."""
    pair = queries.find_pair(session, line.run.id, (mentee_id, mentor_id))
    who = people(session, (mentee_id, mentor_id))
    if pair is None or len(who) < 2:
        raise NotFoundError
    for person in (mentee_id, mentor_id):
        record(session, visitor, "pair.viewed", "participant", person, program.id, run_id=str(line.run.id))
    context = {
        "program": program,
        "line": line,
        "run": line.run,
        "pair": pair,
        "mentee": who[mentee_id],
        "mentor": who[mentor_id],
        "told": tell(pair.explanation, Reader.LEAD, page_of(request).locale),
        "rule": rules_of(session, line.run.id).get((mentee_id, mentor_id), ""),
        "kind_label": kind_label,
        **others_context(session, line.run, pair.alternatives, named),
    }
    return render(request, "matching/pair.html", context, block=part or None)


@router.get("/unmatched")
def list_unmatched(
    request: Request,
    program: LedProgram,
    line: Annotated[RunLine, Depends(led_run)],
    session: Reading,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    reason: str = "",
) -> Response:
    language, counted = page_of(request).locale, unmatched_in_report(session, line.run.id)
    count = queries.count_unmatched(session, line.run.id, reason)
    lines = queries.unmatched_lines(session, line.run.id, page, reason)
    context = {
        "program": program,
        "line": line,
        "run": line.run,
        "lines": [(one, tell_unmatched(one.reasons, language)) for one in lines],
        "count": count,
        "page_number": page,
        "pages": ceil(count / PAGE_SIZE),
        "reason": reason,
        "reasons": [(code, reason_label(code), number) for code, number in counted.items()],
        "kind_label": kind_label,
        "stage_label": stage_label,
        "run_state_label": run_state_label,
    }
    return render(request, "matching/unmatched.html", context)


@router.get("/certificate")
def download_certificate(line: Annotated[RunLine, Depends(led_run)], session: Reading) -> Response:
    """The proof of the optimum, for `belay verify` on any machine."""
    certificate = certificate_of(session, line.run.id)
    if certificate is None:
        raise NotFoundError
    name = f'attachment; filename="certificate-{line.run.id}.npz"'
    return Response(certificate, media_type="application/octet-stream", headers={"Content-Disposition": name})
