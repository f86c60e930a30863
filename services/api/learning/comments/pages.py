"""The page of survey comments, for the program's leads; each look is noted."""

from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from services.api.dashboards.suppression import SMALLEST
from services.api.edge import SignedIn, Writing
from services.api.learning.comments import service
from services.api.learning.comments.service import CommentPage
from services.api.learning.pages import LearningProgram
from services.api.web.rendering import render
from shared.vocabulary.mentoring import Role

router = APIRouter(prefix="/lead/{slug}/learning/comments")


def comment_page(
    visitor: SignedIn,
    program: LearningProgram,
    session: Writing,
    side: Annotated[Role, Query(description="Who wrote: mentees or mentors.")] = Role.MENTEE,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> CommentPage:
    return service.read_comments(session, visitor, program.id, side, page)


@router.get("")
def show_comments(
    request: Request, program: LearningProgram, told: Annotated[CommentPage, Depends(comment_page)]
) -> Response:
    together = [(moment, list(comments)) for moment, comments in groupby(told.comments, lambda one: one.told_at)]
    context = {"program": program, "told": told, "together": together, "least": SMALLEST}
    return render(request, "learning/comments.html", context)
