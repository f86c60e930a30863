"""Survey comments as JSON, for the leads of the program; each look is noted."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from services.api.learning.comments.pages import comment_page
from services.api.learning.comments.service import CommentPage
from services.api.problems import PROBLEMS

router = APIRouter(prefix="/api/v1/programs/{slug}/survey-comments", tags=["learning"], responses=PROBLEMS)


class CommentOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    text: str = Field(description="Without names and contact details, as far as rules find them.")
    told_at: datetime = Field(description="When it came before the leads, together with those of enough others.")


class CommentsOut(BaseModel):
    side: str = Field(examples=["mentee"])
    count: int
    page: int
    comments: list[CommentOut]


@router.get("", summary="What people wrote in the survey, without names, what was told last first")
def list_comments(told: Annotated[CommentPage, Depends(comment_page)]) -> CommentsOut:
    """20 a page. A comment comes once eleven people of its side have written."""
    comments = [CommentOut.model_validate(one) for one in told.comments]
    return CommentsOut(side=told.side, count=told.counts[told.side], page=told.page, comments=comments)
